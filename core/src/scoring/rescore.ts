/**
 * One person's score once more, from what a run left on record: the method, the models' parameters and the day. The same
 * code makes the row as when the whole store was scored, so it comes out the same to the last digit that is stored. Pure.
 */
import { CANDIDATES } from './choose.ts';
import { GAMMA_GAMMA_PARAMETERS } from './models/index.ts';
import type { StageReturns } from './rhythm.ts';
import type { PersonTotals, ScoringPlan } from './score-people.ts';
import { SCORE_COLUMNS, textScorer } from './score-text.ts';

/** What score_runs and models say of a run, and what its store was like then. */
export interface RecordedRun {
  /** score_runs.method */
  method: string;
  /** models.parameters, by name; null: the run had no such model */
  purchase: Record<string, number> | null;
  spend: Record<string, number> | null;
  chart: Record<string, number> | null;
  /** models.holdout of the control chart */
  returns: StageReturns | null;
  /** Mean value of a purchase day in the store, minor units: counts only where there is no model of spend */
  storeMean: number;
  /** Customers who bought again: counts only where there is no control chart */
  repeaters: number;
  /** Local day of the run, days since 1970-01-01 */
  today: number;
}

/** A row of scores as it would be stored: column → value; null: none. */
export type ScoreRow = Record<Exclude<(typeof SCORE_COLUMNS)[number], 'customer_id' | 'reasons'>, string | null> & {
  /** JSON */
  reasons: string;
};

/** Undefined where the record does not suffice: a method or a parameter that is not known here. */
export function rescore(run: RecordedRun, totals: PersonTotals): ScoreRow | undefined {
  const plan = planOf(run);
  if (!plan) return undefined;
  const { purchaseDays, firstDay, lastDay, revenue, repeatRevenue } = totals;
  const line = ['', purchaseDays, firstDay, lastDay, revenue, repeatRevenue].join('\t');
  const { bytes } = textScorer(plan)(Buffer.from(`${line}\n`));
  const values = new TextDecoder().decode(bytes).trimEnd().split('\t');
  const entries = SCORE_COLUMNS.map((name, i) => [name, values[i] === '\\N' ? null : (values[i] ?? null)]);
  const { customer_id: _none, ...row } = Object.fromEntries(entries) as ScoreRow & { customer_id: string };
  return row;
}

function planOf(run: RecordedRun): ScoringPlan | undefined {
  const model = CANDIDATES.find(({ name }) => name === run.method);
  if (!model && run.method !== 'rhythm') return undefined;
  const vectors = {
    model: vectorOf(model ? run.purchase : null, model?.parameterNames ?? []),
    spend: vectorOf(run.spend, GAMMA_GAMMA_PARAMETERS),
    chart: vectorOf(run.chart, GAMMA_GAMMA_PARAMETERS),
  };
  if ((model && !vectors.model) || Object.values(vectors).some((vector) => vector?.some(Number.isNaN)))
    return undefined;
  return {
    ...vectors,
    method: model?.name ?? 'rhythm',
    returns: run.returns ?? undefined,
    storeMean: run.storeMean,
    repeaters: run.repeaters,
    today: run.today,
  };
}

function vectorOf(parameters: Record<string, number> | null, names: readonly string[]): Float64Array | undefined {
  return parameters ? Float64Array.from(names, (name) => parameters[name] ?? Number.NaN) : undefined;
}
