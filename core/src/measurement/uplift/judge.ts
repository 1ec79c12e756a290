/**
 * From a randomised trial to advice: mail whom the model picks, mail all, or mail nobody. It must not see a pattern in noise:
 * the advice to target needs a ranking that is better than chance by a wide margin, whichever of the models was tried.
 */
import type { Random } from '../../ports.ts';
import { normalTail } from '../statistics/normal.ts';
import { qini, rank, upliftAt, upliftAuc, type Ranking } from './curves.ts';
import { LEARNERS, learnUplift, type Learner, type Trial } from './learners.ts';
import { differenceOf } from './table.ts';

export type Recommendation = 'target-by-uplift' | 'mail-all' | 'mail-nobody';

export interface LearnerFigures {
  qini: number;
  upliftAuc: number;
  /** Difference of the arms' rates among the best 30 % */
  upliftAt30: number;
  /** 95 % of the Qini coefficient over bootstrap samples of the people it was judged on */
  interval: [number, number];
  standardError: number;
  /** Chance of such a Qini coefficient from a ranking at random, one-sided */
  pValue: number;
  /** Mean predicted uplift */
  meanUplift: number;
}

export interface UpliftReport {
  ate: { estimate: number; standardError: number; pValue: number };
  people: { treated: number; control: number; judged: number };
  models: Record<Learner, LearnerFigures>;
  recommendation: Recommendation;
  /** Which ranking, where one is recommended */
  model: Learner | null;
  reason: string;
  warnings: string[];
}

export interface JudgeOptions {
  /** Outcome of the average effect: an amount or 0 and 1 */
  value: Float64Array;
  /** Rows that train, where the split is given; otherwise five-fold cross-fitting over all */
  trains?: ((row: number) => boolean) | undefined;
  /** L2 penalty of every regression */
  l2: number;
  random: Random;
  warnings: string[];
}

const SAMPLES = 400;
const FOLDS = 5;
/** Chance of advising to target where people do not differ, over all models tried. */
const FALSE_PATTERN = 0.01;
/** Outcomes an arm below which nothing is learned of who differs. */
const ENOUGH_OUTCOMES = 50;

export function judgeTrial(trial: Trial, options: JudgeOptions): UpliftReport {
  const { splits, judged } = splitsOf(trial, options);
  const ate = differenceOf(options.value, trial.treated);
  const treated = Uint8Array.from(judged, (row) => trial.treated[row]!);
  const outcome = Float64Array.from(judged, (row) => trial.outcome[row]!);
  const models = Object.fromEntries(
    LEARNERS.map((learner) => {
      const scores = new Float64Array(trial.features.rows);
      for (const { train, apply } of splits) {
        const uplift = learnUplift(learner, trial, train, apply, options.l2);
        for (const [i, row] of apply.entries()) scores[row] = uplift[i]!;
      }
      const own = Float64Array.from(judged, (row) => scores[row]!);
      return [learner, figuresOf(own, treated, outcome, options.random.fork(learner))];
    }),
  ) as Record<Learner, LearnerFigures>;
  const mailed = trial.treated.reduce((sum, one) => sum + one, 0);
  return {
    ate,
    people: { treated: mailed, control: trial.treated.length - mailed, judged: judged.length },
    models,
    ...advise(ate, models, trial),
    warnings: options.warnings,
  };
}

interface Split {
  train: Int32Array;
  apply: Int32Array;
}

function splitsOf({ features }: Trial, { trains, random }: JudgeOptions): { splits: Split[]; judged: Int32Array } {
  const rows = Int32Array.from({ length: features.rows }, (_, row) => row);
  if (trains) {
    const apply = rows.filter((row) => !trains(row));
    return { splits: [{ train: rows.filter(trains), apply }], judged: apply };
  }
  const stream = random.fork('folds');
  const fold = Uint8Array.from(rows, () => Math.floor(stream.next() * FOLDS));
  const splits = Array.from({ length: FOLDS }, (_, one) => ({
    train: rows.filter((row) => fold[row] !== one),
    apply: rows.filter((row) => fold[row] === one),
  }));
  return { splits, judged: rows };
}

function figuresOf(scores: Float64Array, treated: Uint8Array, outcome: Float64Array, random: Random): LearnerFigures {
  const ranking = rank(scores, treated, outcome);
  const own = qini(ranking);
  const samples = bootstrap(ranking, random.fork('bootstrap'));
  const chance = standardDeviation(shuffles(scores, treated, outcome, random.fork('chance')));
  return {
    qini: own,
    upliftAuc: upliftAuc(ranking),
    upliftAt30: upliftAt(ranking, 0.3),
    interval: [quantile(samples, 0.025), quantile(samples, 0.975)],
    standardError: standardDeviation(samples),
    pValue: chance > 0 ? normalTail(own / chance) : 1,
    meanUplift: scores.reduce((sum, score) => sum + score, 0) / scores.length,
  };
}

/** Qini coefficients of samples with replacement, sorted. */
function bootstrap(ranking: Ranking, random: Random): Float64Array {
  const people = ranking.outcome.length;
  const counts = new Uint32Array(people);
  return Float64Array.from({ length: SAMPLES }, () => {
    counts.fill(0);
    for (let i = 0; i < people; i++) counts[Math.floor(random.next() * people)]! += 1;
    return qini(ranking, counts);
  }).sort();
}

/** Qini coefficients of the same scores dealt out at random. */
function shuffles(scores: Float64Array, treated: Uint8Array, outcome: Float64Array, random: Random): Float64Array {
  const order = Int32Array.from(scores, (_, i) => i);
  const base = rank(scores, treated, outcome);
  const dealt: Ranking = { treated: base.treated.slice(), outcome: base.outcome.slice(), last: base.last };
  return Float64Array.from({ length: SAMPLES }, () => {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random.next() * (i + 1));
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    for (let at = 0; at < order.length; at++) {
      dealt.treated[at] = treated[order[at]!]!;
      dealt.outcome[at] = outcome[order[at]!]!;
    }
    return qini(dealt);
  });
}

function advise(
  ate: { estimate: number; standardError: number; pValue: number },
  models: Record<Learner, LearnerFigures>,
  { treated, outcome }: Trial,
): { recommendation: Recommendation; model: Learner | null; reason: string } {
  const best = LEARNERS.reduce((one, other) => (models[other].pValue < models[one].pValue ? other : one));
  const { pValue, qini: coefficient } = models[best];
  const outcomes = [0, 0];
  for (const [i, one] of outcome.entries()) outcomes[treated[i]!]! += one;
  const enough = Math.min(...outcomes) >= ENOUGH_OUTCOMES;
  const corrected = Math.min(1, pValue * LEARNERS.length);
  const seen = `Qini ${coefficient.toFixed(4)} of ${best}, p ${corrected.toPrecision(2)} after trying ${String(LEARNERS.length)} models`;
  if (enough && corrected < FALSE_PATTERN)
    return { recommendation: 'target-by-uplift', model: best, reason: `People differ in what the mail does: ${seen}.` };
  const flat = enough
    ? `No ranking is surely better than chance (${seen})`
    : `Fewer than ${String(ENOUGH_OUTCOMES)} outcomes in an arm: too few to tell people apart`;
  if (ate.pValue < 0.05 && ate.estimate > 0)
    return { recommendation: 'mail-all', model: null, reason: `${flat}; on average the mail helps.` };
  const average = ate.pValue < 0.05 ? 'on average the mail does harm' : 'that the mail helps on average is not shown';
  return { recommendation: 'mail-nobody', model: null, reason: `${flat}; ${average}.` };
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function quantile(sorted: Float64Array, p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!;
}
