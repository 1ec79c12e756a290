/**
 * Uplift of a store's own people, learned from its past campaigns: everyone whom a draw mailed or held back, what was known of
 * them then, and whether they ordered. Gives the advice of `judgeTrial` and, where it is to target, a model that is plain data
 * and can be applied to people of today. Pure.
 */
import { seededRandom } from '../../random.ts';
import { judgeTrial, type Recommendation } from './judge.ts';
import { fitLogistic, type Features } from './logistic.ts';
import { LEARNERS, type Learner } from './learners.ts';

/** People of randomised campaigns, one row each; features as they were at the draw. */
export interface PastCampaigns {
  /** Row by row, rows × names */
  features: Float64Array;
  names: readonly string[];
  /** 1: mailed, 0: held back */
  treated: Uint8Array;
  /** 1: ordered within the campaign's window */
  ordered: Uint8Array;
}

/** Coefficients on standardised features: data, so that it can go to another thread and onto record. */
export interface UpliftModel {
  learner: Learner;
  names: readonly string[];
  means: Float64Array;
  scales: Float64Array;
  /** The regression with the mail: of the mailed (T), of all with the mail as last feature (S), of the transformed class */
  first: Float64Array;
  /** Of those held back (T only) */
  second: Float64Array | null;
}

export interface PeopleUplift {
  people: { treated: number; control: number };
  ate: { estimate: number; standardError: number; pValue: number };
  recommendation: Recommendation;
  /** Only where the recommendation is to target */
  model: UpliftModel | null;
  qini: { estimate: number; low: number; high: number } | null;
  reason: string;
}

/** What of a past campaign is too little to learn from. */
const NEEDED_PEOPLE = 1000;
const L2 = 1;

/** Learns from past campaigns; a sentence where there are too few people. */
export function learnPeopleUplift(past: PastCampaigns): PeopleUplift | { missing: string } {
  const rows = past.treated.length;
  const mailed = past.treated.reduce((sum, one) => sum + one, 0);
  const fewest = Math.min(mailed, rows - mailed);
  if (fewest < NEEDED_PEOPLE / 2)
    return {
      missing: `too_few_people: ${String(fewest)} in the smaller group of past campaigns, ${String(NEEDED_PEOPLE / 2)} are needed`,
    };
  const { means, scales } = standards(past, rows);
  const trial = {
    features: standardise(past.features, { means, scales }),
    treated: past.treated,
    outcome: Float64Array.from(past.ordered),
  };
  const report = judgeTrial(trial, {
    value: trial.outcome,
    l2: L2,
    random: seededRandom('uplift of people'),
    warnings: [],
  });
  const figures = report.model === null ? undefined : report.models[report.model];
  return {
    people: { treated: mailed, control: rows - mailed },
    ate: report.ate,
    recommendation: report.recommendation,
    model: report.model === null ? null : { ...train(report.model, trial), names: past.names, means, scales },
    qini: figures ? { estimate: figures.qini, low: figures.interval[0], high: figures.interval[1] } : null,
    reason: report.reason,
  };
}

/** Change in the chance to order that a mail makes, for each row of features as in PastCampaigns. */
export function peopleUplift(model: UpliftModel, features: Float64Array): Float64Array {
  const own = standardise(features, model);
  const chance = (beta: Float64Array, row: number, extra = 0): number => {
    let sum = beta[0]! + extra;
    for (let j = 0; j < own.columns; j++) sum += beta[j + 1]! * own.values[row * own.columns + j]!;
    return 1 / (1 + Math.exp(-sum));
  };
  return Float64Array.from({ length: own.rows }, (_, row) => {
    switch (model.learner) {
      case 's-learner':
        return chance(model.first, row, model.first.at(-1)) - chance(model.first, row);
      case 't-learner':
        return chance(model.first, row) - chance(model.second ?? model.first, row);
      case 'class-transformation':
        return 2 * chance(model.first, row) - 1;
    }
  });
}

interface StandardTrial {
  features: Features;
  treated: Uint8Array;
  outcome: Float64Array;
}

function train(
  learner: Learner,
  { features, treated, outcome }: StandardTrial,
): Pick<UpliftModel, 'learner' | 'first' | 'second'> {
  if (!LEARNERS.includes(learner)) throw new RangeError(`no learner ${learner}`);
  const all = Int32Array.from({ length: features.rows }, (_, row) => row);
  if (learner === 't-learner') {
    const of = (arm: 0 | 1): Float64Array =>
      fitLogistic(features, outcome, { l2: L2, rows: all.filter((row) => treated[row] === arm) }).coefficients;
    return { learner, first: of(1), second: of(0) };
  }
  if (learner === 's-learner') {
    const wide = new Float64Array(features.rows * (features.columns + 1));
    for (let row = 0; row < features.rows; row++) {
      wide.set(
        features.values.subarray(row * features.columns, (row + 1) * features.columns),
        row * (features.columns + 1),
      );
      wide[row * (features.columns + 1) + features.columns] = treated[row]!;
    }
    const widened = { rows: features.rows, columns: features.columns + 1, values: wide };
    return { learner, first: fitLogistic(widened, outcome, { l2: L2 }).coefficients, second: null };
  }
  const share = treated.reduce((sum, one) => sum + one, 0) / treated.length;
  const target = outcome.map((one, row) => (one === treated[row] ? 1 : 0));
  const weights = Float64Array.from(treated, (one) => 0.5 / (one === 1 ? share : 1 - share));
  return { learner, first: fitLogistic(features, target, { l2: L2, weights }).coefficients, second: null };
}

function standards({ features, names }: PastCampaigns, rows: number): { means: Float64Array; scales: Float64Array } {
  const k = names.length;
  const means = new Float64Array(k);
  const scales = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < rows; row++) sum += features[row * k + j]!;
    means[j] = sum / rows;
    for (let row = 0; row < rows; row++) squares += (features[row * k + j]! - means[j]!) ** 2;
    const deviation = Math.sqrt(squares / rows);
    // A feature that never changes says nothing.
    scales[j] = deviation > 1e-12 ? 1 / deviation : 0;
  }
  return { means, scales };
}

function standardise(
  features: Float64Array,
  { means, scales }: { means: Float64Array; scales: Float64Array },
): Features {
  const k = means.length;
  return {
    rows: features.length / k,
    columns: k,
    values: features.map((value, i) => (value - means[i % k]!) * scales[i % k]!),
  };
}
