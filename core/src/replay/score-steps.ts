/** The first steps: what was known of the person, what the models made of it, and in which life stage that put her. Pure. */
import { formatMoney } from '../money.ts';
import {
  LIFE_STAGES,
  lifeStageName,
  localDay,
  reasons,
  reasonSentence,
  rescore,
  type LifeStage,
  type ScoreRow,
} from '../scoring/index.ts';
import type { Dossier } from './dossier.ts';
import { ordersKnown, totalsOf, yearBefore, type Totals } from './history.ts';
import { instant, stepOf, TOLERANCE_WORDS, type Step, type Value } from './step.ts';

export interface Scored {
  steps: Step[];
  /** As of the scoring; undefined: no sale known then */
  totals: Totals | undefined;
  /** What the models give for these totals; undefined: it cannot be made again */
  row: ScoreRow | undefined;
}

const HISTORY = 'An import since then changed the history, or what is stored was changed.';

export function scoreSteps(dossier: Dossier): Scored {
  const { run, store } = dossier;
  const totals = run && totalsOf(ordersKnown(dossier, run.asOf), store.timeZone);
  const row = run && totals && rescore({ ...run, ...planOf(dossier, run.asOf) }, totals);
  return { steps: [dataStep(dossier), scoreStep(dossier, totals, row), lifeStep(dossier, row)], totals, row };
}

function planOf({ store, storeThen }: Dossier, asOf: Date): { storeMean: number; repeaters: number; today: number } {
  const { mean, repeaters } = storeThen ?? { mean: 0, repeaters: 0 };
  return { storeMean: mean, repeaters, today: localDay(asOf, store.timeZone) };
}

function dataStep(dossier: Dossier): Step {
  const { campaign, holdout, store } = dossier;
  const at = holdout?.decidedAt ?? campaign.plannedAt;
  const known = ordersKnown(dossier, at);
  const totals = totalsOf(known, store.timeZone);
  const year = yearBefore(known, at);
  const money = (minor: number): string => formatMoney(minor, store.currency, 'en');
  return stepOf(
    'data',
    [
      totals
        ? `As of ${dayOf(at, store.timeZone)}: bought on ${count(totals.purchaseDays, 'day', 'days')}, first ${dayOf(totals.firstAt, store.timeZone)}, last ${dayOf(totals.lastAt, store.timeZone)}, ${money(totals.revenue)} in all.`
        : `As of ${dayOf(at, store.timeZone)}: no purchase was known.`,
      `In the year before: ${count(year.preOrders, 'order', 'orders')}, ${money(year.preRevenue)}.`,
    ],
    holdout
      ? {
          stored: { preOrders: holdout.preOrders, preRevenue: holdout.preRevenue },
          recomputed: year,
          differs: `The orders known today do not give the figures kept with the draw. ${HISTORY}`,
        }
      : {
          // Who is in no draw has nothing kept beside it; the day of the last purchase stands in the score.
          stored: { daysSinceLast: (dossier.score?.['days_since_last'] ?? null) as Value },
          recomputed: { daysSinceLast: silenceOf(dossier) },
          differs: `The orders known today do not give the silence kept with the score. ${HISTORY}`,
        },
  );
}

function silenceOf(dossier: Dossier): number | null {
  const { run, store } = dossier;
  const totals = run && totalsOf(ordersKnown(dossier, run.asOf), store.timeZone);
  return run && totals ? Math.max(0, localDay(run.asOf, store.timeZone) - totals.lastDay) : null;
}

const NUMBERS = [
  'p_alive',
  'p_return_90',
  'expected_orders_90',
  'expected_orders_365',
  'expected_value_90',
  'expected_value_365',
  'value_at_risk',
  'usual_interval_days',
  'days_since_last',
] as const;
const DATES = ['next_order_at', 'next_order_low', 'next_order_high'] as const;

function scoreStep(dossier: Dossier, totals: Totals | undefined, row: ScoreRow | undefined): Step {
  const { run, score, campaign, store } = dossier;
  if (!run)
    return stepOf('score', [`Score version ${String(campaign.scoreVersion)}.`], {
      stored: null,
      recomputed: null,
      cannot: 'The record of that scoring is gone.',
    });
  const what = [
    `Score version ${String(run.version)}, made ${timeOf(run.asOf, store.timeZone)} with ${methodOf(run.method)}${run.reason === null ? '' : ` (${run.reason})`}.`,
    TOLERANCE_WORDS,
  ];
  const recorded = { version: run.version, method: run.method };
  const recomputed = row && {
    ...recorded,
    state: row.state,
    ...Object.fromEntries(NUMBERS.map((name) => [name, row[name] === null ? null : Number(row[name])])),
    ...Object.fromEntries(DATES.map((name) => [name, row[name] === null ? null : instant(new Date(row[name]))])),
  };
  const stored = score && {
    ...recorded,
    state: score['state'] as string,
    ...Object.fromEntries(NUMBERS.map((name) => [name, score[name] as number | null])),
    ...Object.fromEntries(DATES.map((name) => [name, instant(score[name] as Date | null)])),
  };
  if (!totals && !stored)
    return stepOf('score', [...what, 'Nobody without a purchase is scored.'], {
      stored: { scored: false },
      recomputed: { scored: false },
    });
  return stepOf('score', what, {
    stored: stored ?? null,
    recomputed: recomputed ?? null,
    cannot: cannotScore(stored !== undefined, totals, row),
    differs: `The models of that day, on the orders known today up to then, give other numbers. ${HISTORY}`,
  });
}

function cannotScore(stored: boolean, totals: Totals | undefined, row: ScoreRow | undefined): string | undefined {
  if (!stored) return 'The score of that version is no longer kept: there is nothing to compare with.';
  if (!totals) return `There is a score, but no purchase up to then is known today. ${HISTORY}`;
  if (!row) return 'The models of that day are no longer on record, so that the score cannot be made again.';
  return undefined;
}

function lifeStep({ score, store }: Dossier, row: ScoreRow | undefined): Step {
  const given = score ?? (row && { life_stage: row.life_stage, reasons: JSON.parse(row.reasons) as unknown });
  const told = reasons.safeParse(given?.['reasons']);
  const stage = LIFE_STAGES.find((one) => one === given?.['life_stage']);
  return stepOf(
    'life_stage',
    [
      stage ? `Life stage: ${lifeStageName(stage, 'en')}.` : 'No life stage.',
      ...(told.success ? told.data.map((one) => reasonSentence(one, 'en', store.currency)) : []),
    ],
    {
      stored: score
        ? { lifeStage: score['life_stage'] as LifeStage, reasons: score['reasons'] as Value }
        : row
          ? null
          : { lifeStage: null },
      recomputed: row
        ? { lifeStage: row.life_stage, reasons: JSON.parse(row.reasons) as Value }
        : score
          ? null
          : { lifeStage: null },
      cannot:
        (score && row) || (!score && !row)
          ? undefined
          : score
            ? 'The score cannot be made again, and so neither can the stage.'
            : 'The score of that version is no longer kept: there is nothing to compare with.',
    },
  );
}

const METHODS: Record<string, string> = {
  'bg-nbd': 'the BG/NBD model',
  'mbg-nbd': 'the MBG/NBD model',
  'pareto-nbd': 'the Pareto/NBD model',
  rhythm: 'the plain rhythm rule',
};

function methodOf(method: string): string {
  return METHODS[method] ?? method;
}

export function count(value: number, one: string, many: string): string {
  return `${String(value)} ${value === 1 ? one : many}`;
}

/** "3 Mar 2026" in a zone. */
export function dayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone }).format(at);
}

/** "3 Mar 2026, 10:42" in a zone. */
export function timeOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
}
