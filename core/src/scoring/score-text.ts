/**
 * The bytes between: rows of customer totals as COPY gives them → rows of scores as COPY takes them (text format, see
 * https://www.postgresql.org/docs/current/sql-copy.html). Both sides stay bytes, so the main thread only passes them on.
 */
import { scorer, type PersonScore, type ScoringPlan } from './score-people.ts';

/** Columns that come in, in order. */
export const TOTALS_COLUMNS = [
  'customer_id',
  'purchase_days',
  'first_day',
  'last_day',
  'revenue',
  'repeat_revenue',
] as const;

/** Columns that go out, in order; store and version are added by the INSERT. */
export const SCORE_COLUMNS = [
  'customer_id',
  'state',
  'p_alive',
  'p_return_90',
  'expected_orders_90',
  'expected_orders_365',
  'expected_value_90',
  'expected_value_365',
  'value_at_risk',
  'usual_interval_days',
  'days_since_last',
  'next_order_at',
  'next_order_low',
  'next_order_high',
  'life_stage',
  'reasons',
] as const;

export interface ScoredChunk {
  bytes: Uint8Array;
  rows: number;
  notEnough: number;
}

const decoder = new TextDecoder();

/** A function that turns whole lines of totals into whole lines of scores. */
export function textScorer(plan: ScoringPlan): (lines: Uint8Array) => ScoredChunk {
  const score = scorer(plan);
  const day = dayNames(plan.today);
  return (lines) => {
    const text = decoder.decode(lines);
    let out = '';
    let rows = 0;
    let notEnough = 0;
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      const [id, days, first, last, revenue, repeat] = text.slice(at, end < 0 ? text.length : end).split('\t');
      const person = score({
        purchaseDays: Number(days),
        firstDay: Number(first),
        lastDay: Number(last),
        revenue: Number(revenue),
        repeatRevenue: Number(repeat),
      });
      out += `${id!}\t${line(person, day)}\n`;
      rows++;
      if (person.state === 'not_enough_data') notEnough++;
      at = end < 0 ? text.length : end + 1;
    }
    return { bytes: Buffer.from(out, 'latin1'), rows, notEnough };
  };
}

function line(person: PersonScore, day: (ahead: number) => string): string {
  const { next } = person;
  const dates = next ? `${day(next.middle)}\t${day(next.low)}\t${day(next.high)}` : '\\N\t\\N\t\\N';
  return (
    `${person.state}\t${share(person.alive)}\t${share(person.return90)}\t${share(person.orders90)}\t${share(person.orders365)}\t` +
    `${whole(person.value90)}\t${whole(person.value365)}\t${whole(person.atRisk)}\t${tenth(person.usual)}\t${String(person.silent)}\t` +
    `${dates}\t${person.stage}\t${JSON.stringify(person.reasons)}`
  );
}

/** Four decimals: more would be a promise. */
function share(value: number | undefined): string {
  return value === undefined ? '\\N' : String(Math.round(value * 10_000) / 10_000);
}

function tenth(value: number | undefined): string {
  return value === undefined ? '\\N' : String(Math.round(value * 10) / 10);
}

function whole(value: number | undefined): string {
  return value === undefined ? '\\N' : String(value);
}

/** Noon UTC of a day ahead, which is that same day in nearly every zone; each text made once. */
function dayNames(today: number): (ahead: number) => string {
  const names: string[] = [];
  // Beyond ten years a date is no date.
  return (ahead) => (names[Math.min(ahead, 3650)] ??= `${isoDay(today + Math.min(ahead, 3650))} 12:00Z`);
}

export function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
