/**
 * How well each model foretells what it has not seen, beside two plain rules that cost nothing: fitted up to one day, judged
 * on what the same people did up to another. Pure.
 */
import { calibrationGroups, type CalibrationGroup } from './calibration.ts';
import { heldOutLogLikelihood, modelNamed } from './choose.ts';
import { correlation, fitPurchaseModel, type PurchaseModel } from './models/index.ts';
import { unevenForecast, wholeForecast } from './seasonality.ts';
import { calibrate, type Calibration, type Purchase } from './purchases.ts';

export interface Judgement {
  predicted: number;
  /** Null where nothing differs between people */
  correlation: number | null;
  mae: number;
  rmse: number;
}

export interface ModelJudgement extends Judgement {
  meanAlive: number;
  /** ln of the density of the holdout given the calibration, a customer */
  heldOutLogLikelihood: number;
  converged: boolean;
  warnings: string[];
  parameters: Record<string, number>;
  calibration: CalibrationGroup[];
}

export interface Evaluation {
  customers: number;
  /** Purchase days in the holdout */
  actual: number;
  models: Record<string, ModelJudgement>;
  baselines: Record<'last-purchase-age' | 'own-mean-interval', Judgement>;
  /** The likeliest of the sound models; null: none is, and `reason` says why the plain rule would score */
  best: string | null;
  reason: string | null;
}

export function evaluateModels(
  purchases: Iterable<Purchase>,
  options: { calibrationEnd: number; holdoutEnd: number; names: readonly PurchaseModel['name'][] },
): Evaluation {
  const split = calibrate(purchases, { ...options, unitDays: 7 });
  const weeks = (options.holdoutEnd - options.calibrationEnd) / 7;
  const models = Object.fromEntries(options.names.map((name) => [name, judgeModel(modelNamed(name), split, weeks)]));
  const sound = Object.entries(models).filter(
    // A season is worth a word and no ground to give up the best there is.
    ([, { warnings }]) => warnings.every((warning) => warning.startsWith('seasonality')),
  );
  const best = sound.toSorted(([, one], [, other]) => other.heldOutLogLikelihood - one.heldOutLogLikelihood)[0]?.[0];
  return {
    customers: split.customers.length,
    actual: sumOf(split.later),
    models,
    baselines: {
      'last-purchase-age': judge(lastPurchaseAge(split, weeks), split.later),
      'own-mean-interval': judge(ownMeanInterval(split, weeks), split.later),
    },
    best: best ?? null,
    reason:
      best === undefined
        ? `no model describes this log: ${Object.entries(models)
            .map(([name, { warnings }]) => `${name} ${warnings[0] ?? ''}`)
            .join('; ')}`
        : null,
  };
}

function judgeModel(model: PurchaseModel, split: Calibration, weeks: number): ModelJudgement {
  const { x, tx, T } = split.histories;
  const fit = fitPurchaseModel(model, split.histories);
  const alive = x.map((repeats, i) => model.alive(fit.vector, repeats, tx[i]!, T[i]!));
  const predicted = x.map((repeats, i) => alive[i]! * model.ordersIfAlive(fit.vector, repeats, T[i]!, weeks));
  const back = x.map((repeats, i) => alive[i]! * model.returnIfAlive(fit.vector, repeats, T[i]!, weeks));
  const objections = [
    wholeForecast(sumOf(predicted), sumOf(split.later), weeks),
    unevenForecast(model, fit.vector, split.histories, split.stretches),
  ].filter((warning) => warning !== undefined);
  return {
    ...judge(predicted, split.later),
    meanAlive: sumOf(alive) / Math.max(alive.length, 1),
    heldOutLogLikelihood: heldOutLogLikelihood(model, fit.vector, split.histories, split.whole),
    converged: fit.converged,
    warnings: [...fit.warnings, ...objections],
    parameters: fit.parameters,
    calibration: calibrationGroups(predicted, back, split.later),
  };
}

function judge(predicted: Float64Array, actual: Float64Array): Judgement {
  const people = Math.max(actual.length, 1);
  let [absolute, squared] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    const error = predicted[i]! - actual[i]!;
    absolute += Math.abs(error);
    squared += error * error;
  }
  const together = correlation(predicted, actual);
  return {
    predicted: sumOf(predicted),
    correlation: Math.abs(together) < 1e-9 ? null : together,
    mae: absolute / people,
    rmse: Math.sqrt(squared / people),
  };
}

/** Silent for so long means gone: the merchants' rule of thumb. */
const HIATUS_WEEKS = 90 / 7;

/**
 * The hiatus heuristic: whoever bought in the last 90 days goes on at the mean pace of such people, nobody else comes back.
 * Wübben & von Wangenheim (2008), Instant Customer Base Analysis: Managerial Heuristics Often "Get It Right", Journal of
 * Marketing 72(3), 82–93.
 */
function lastPurchaseAge({ histories }: Calibration, weeks: number): Float64Array {
  const { x, tx, T } = histories;
  const recent = (i: number): boolean => T[i]! - tx[i]! <= HIATUS_WEEKS;
  let [repeats, time] = [0, 0];
  for (let i = 0; i < x.length; i++)
    if (recent(i)) {
      repeats += x[i]!;
      time += T[i]!;
    }
  const pace = time > 0 ? repeats / time : 0;
  return x.map((_, i) => (recent(i) ? pace * weeks : 0));
}

/** Whoever is not silent for twice the own mean interval goes on at it; one-time buyers have the middle interval of the rest. */
function ownMeanInterval({ histories }: Calibration, weeks: number): Float64Array {
  const { x, tx, T } = histories;
  const intervals: number[] = [];
  for (let i = 0; i < x.length; i++) if (x[i]! > 0 && tx[i]! > 0) intervals.push(tx[i]! / x[i]!);
  intervals.sort((one, other) => one - other);
  const middle = intervals[Math.floor(intervals.length / 2)] ?? Number.POSITIVE_INFINITY;
  return x.map((repeats, i) => {
    const interval = repeats > 0 && tx[i]! > 0 ? tx[i]! / repeats : middle;
    return T[i]! - tx[i]! <= 2 * interval ? weeks / interval : 0;
  });
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
