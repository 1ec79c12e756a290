/**
 * Engagement propensity: how likely a person opens, clicks or orders on the next mail, from what he did with the last ones and
 * how long he has been silent. Regularised logistic regression (logistic.ts), then calibrated on people it has not seen:
 * Platt (1999), Probabilistic Outputs for Support Vector Machines; quality by Brier score and by expected calibration error.
 */
import { fitLogistic, logisticChance, type Logistic, type LogisticData } from './logistic.ts';

export interface Engagement {
  model: Logistic;
  /** logit of the calibrated chance = shift + slope × logit of the model's */
  calibration: { shift: number; slope: number };
  /** On the people held out */
  quality: Quality;
  warnings: string[];
}

export interface Quality {
  people: number;
  /** Mean squared error of the chance */
  brier: number;
  /** The same of giving everybody the mean */
  brierOfMean: number;
  logLoss: number;
  /** Mean distance between chance and share in ten equal groups */
  calibrationError: number;
  groups: { people: number; chance: number; share: number }[];
}

/** Fewer positive outcomes than this a feature and slopes are noise (Peduzzi et al. 1996). */
const EVENTS_PER_FEATURE = 10;
const FOLDS = 4;
const GROUPS = 10;

/** Fits on three quarters, calibrates on the fourth in turn (so that every person is once unseen), and fits again on all. */
export function fitEngagement(data: LogisticData, options: { penalty?: number } = {}): Engagement {
  const rows = data.outcome.length;
  const k = data.names.length;
  const unseen = new Float64Array(rows);
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitLogistic(
      subset(data, (r) => r % FOLDS !== fold),
      options,
    );
    for (let r = fold; r < rows; r += FOLDS)
      unseen[r] = logisticChance(model, data.features.subarray(r * k, r * k + k));
  }
  const logits = unseen.map(logit);
  const platt = fitLogistic({ features: logits, names: ['logit'], outcome: data.outcome }, { penalty: 0 });
  const usable = platt.converged && platt.coefficients[1]! > 0;
  const calibration = usable
    ? { shift: platt.coefficients[0]!, slope: platt.coefficients[1]! }
    : { shift: 0, slope: 1 };
  const model = fitLogistic(data, options);
  const events = data.outcome.reduce((sum, y) => sum + y, 0);
  const needed = EVENTS_PER_FEATURE * k;
  const rarer = Math.min(events, rows - events);
  return {
    model,
    calibration,
    quality: qualityOf(
      unseen.map((chance) => calibrated(calibration, chance)),
      data.outcome,
    ),
    warnings: [
      ...(rarer < needed
        ? [`too_few_events: ${String(rarer)} of the rarer outcome, ${String(needed)} are needed`]
        : []),
      ...(model.converged ? [] : ['not_converged: the outcomes are separated by the features']),
      ...(usable ? [] : ['no_signal: on unseen people the model orders them no better than chance']),
    ],
  };
}

/** The calibrated chance of one person. */
export function engagementChance(engagement: Engagement, features: ArrayLike<number>): number {
  return calibrated(engagement.calibration, logisticChance(engagement.model, features));
}

export function qualityOf(chances: Float64Array, outcome: Uint8Array): Quality {
  const people = outcome.length;
  let [brier, logLoss, events] = [0, 0, 0];
  for (let i = 0; i < people; i++) {
    const [p, y] = [chances[i]!, outcome[i]!];
    brier += (p - y) ** 2 / people;
    logLoss -= Math.log(Math.max(1e-15, y === 1 ? p : 1 - p)) / people;
    events += y;
  }
  const mean = events / people;
  const order = Array.from(chances.keys()).toSorted((one, other) => chances[one]! - chances[other]! || one - other);
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const members = order.slice(Math.floor((group * people) / GROUPS), Math.floor(((group + 1) * people) / GROUPS));
    const average = (of: (i: number) => number): number =>
      members.reduce((sum, i) => sum + of(i), 0) / Math.max(1, members.length);
    return { people: members.length, chance: average((i) => chances[i]!), share: average((i) => outcome[i]!) };
  });
  return {
    people,
    brier,
    brierOfMean: mean * (1 - mean),
    logLoss,
    calibrationError: groups.reduce(
      (sum, group) => sum + (group.people / people) * Math.abs(group.chance - group.share),
      0,
    ),
    groups,
  };
}

function calibrated({ shift, slope }: { shift: number; slope: number }, chance: number): number {
  return 1 / (1 + Math.exp(-(shift + slope * logit(chance))));
}

function logit(chance: number): number {
  const p = Math.min(1 - 1e-12, Math.max(1e-12, chance));
  return Math.log(p / (1 - p));
}

function subset(data: LogisticData, keep: (row: number) => boolean): LogisticData {
  const k = data.names.length;
  const rows = Array.from(data.outcome.keys()).filter(keep);
  const features = new Float64Array(rows.length * k);
  rows.forEach((row, i) => {
    features.set(data.features.subarray(row * k, row * k + k), i * k);
  });
  return { names: data.names, features, outcome: Uint8Array.from(rows, (row) => data.outcome[row]!) };
}
