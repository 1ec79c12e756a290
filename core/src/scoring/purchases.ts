/**
 * A log of purchases as the models want it: one row a person with repeats, time of the last and time watched, up to a day.
 * Purchases of one day are one. Pure; for the operator's commands, the store's own tables have SQL for this.
 */
import type { Histories } from './models/index.ts';
import { STRETCH_DAYS } from './seasonality.ts';

export interface Purchase {
  customer: string;
  /** Days since 1970-01-01 */
  day: number;
  amount: number;
}

export interface Calibration {
  /** In order of first appearance in the log */
  customers: string[];
  /** Time in units */
  histories: Histories;
  /** Mean amount of a repeat purchase day; 0 where there is none */
  means: Float64Array;
  /** Purchase days after the calibration's end, up to the holdout's */
  later: Float64Array;
  /** The same people at the end of the holdout */
  whole: Histories;
  /** Purchase days of all of them in each whole stretch of four weeks of the holdout */
  stretches: Float64Array;
}

/**
 * Splits a log at the end of a day (`calibrationEnd`, inclusive). People whose first purchase is later are left out. Without
 * `holdoutEnd` nothing after the calibration counts.
 */
export function calibrate(
  purchases: Iterable<Purchase>,
  options: { calibrationEnd: number; holdoutEnd?: number; unitDays: number },
): Calibration {
  const { calibrationEnd, unitDays } = options;
  const holdoutEnd = options.holdoutEnd ?? calibrationEnd;
  const people = new Map<string, Map<number, number>>();
  for (const { customer, day, amount } of purchases) {
    if (day > holdoutEnd) continue;
    let days = people.get(customer);
    if (!days) people.set(customer, (days = new Map<number, number>()));
    days.set(day, (days.get(day) ?? 0) + amount);
  }
  const stretches = new Float64Array(Math.floor((holdoutEnd - calibrationEnd) / STRETCH_DAYS));
  const rows = [...people].flatMap(([customer, byDay]) => {
    const days = [...byDay.keys()].toSorted((one, other) => one - other);
    const first = days[0]!;
    const before = days.filter((day) => day <= calibrationEnd);
    if (before.length === 0) return [];
    for (const day of days.slice(before.length)) {
      const stretch = Math.floor((day - calibrationEnd - 1) / STRETCH_DAYS);
      if (stretch < stretches.length) stretches[stretch]!++;
    }
    const repeats = before.slice(1);
    const value = repeats.reduce((sum, day) => sum + (byDay.get(day) ?? 0), 0);
    return [
      {
        customer,
        x: repeats.length,
        tx: (before.at(-1)! - first) / unitDays,
        T: (calibrationEnd - first) / unitDays,
        mean: repeats.length > 0 ? value / repeats.length : 0,
        later: days.length - before.length,
        end: (days.at(-1)! - first) / unitDays,
        span: (holdoutEnd - first) / unitDays,
      },
    ];
  });
  const column = (of: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, of);
  return {
    customers: rows.map((row) => row.customer),
    histories: { x: column((row) => row.x), tx: column((row) => row.tx), T: column((row) => row.T) },
    means: column((row) => row.mean),
    later: column((row) => row.later),
    whole: { x: column((row) => row.x + row.later), tx: column((row) => row.end), T: column((row) => row.span) },
    stretches,
  };
}

/**
 * The same log as chances by the calendar (BG/BB): x units with a purchase after the first unit, the last of them, and the
 * number of whole units that have passed.
 */
export function calibrateChances(
  purchases: Iterable<Purchase>,
  options: { calibrationEnd: number; unitDays: number },
): Histories {
  const units = new Map<string, Set<number>>();
  for (const { customer, day } of purchases) {
    if (day > options.calibrationEnd) continue;
    const known = units.get(customer) ?? new Set();
    known.add(Math.floor((day - options.calibrationEnd) / options.unitDays));
    units.set(customer, known);
  }
  const rows = [...units.values()].map((known) => {
    const first = Math.min(...known);
    const last = Math.max(...known);
    return { x: known.size - 1, tx: last - first, T: -first };
  });
  return {
    x: Float64Array.from(rows, (row) => row.x),
    tx: Float64Array.from(rows, (row) => row.tx),
    T: Float64Array.from(rows, (row) => row.T),
  };
}
