/**
 * Three ways to learn whom a mail moves, each on logistic regression: how much likelier the outcome is with the mail than
 * without, per person. Pure; trained on some rows and applied to others, so that nobody is judged by a model that saw him.
 */
import { fitLogistic, predictLogistic, type Features } from './logistic.ts';

export const LEARNERS = ['s-learner', 't-learner', 'class-transformation'] as const;
export type Learner = (typeof LEARNERS)[number];

/** People of a randomised trial, by row. */
export interface Trial {
  features: Features;
  /** 1 = was mailed */
  treated: Uint8Array;
  /** 0 or 1 */
  outcome: Float64Array;
}

/** Trains on some rows and gives the uplift of others, in their order. `l2`: see logistic.ts. */
export function learnUplift(
  learner: Learner,
  trial: Trial,
  train: Int32Array,
  apply: Int32Array,
  l2: number,
): Float64Array {
  return { 's-learner': single, 't-learner': two, 'class-transformation': transformed }[learner](
    trial,
    train,
    apply,
    l2,
  );
}

/** One model with the mail as a feature (Lo, SIGKDD Explorations 4, 2002): a shift, the same for all on the logit. */
function single({ features, treated, outcome }: Trial, train: Int32Array, apply: Int32Array, l2: number): Float64Array {
  const with1 = widened(features, (row) => treated[row]!);
  const model = fitLogistic(with1, outcome, { l2, rows: train });
  const [mailed, silent] = [widened(features, () => 1), widened(features, () => 0)];
  return Float64Array.from(apply, (row) => predictLogistic(model, mailed, row) - predictLogistic(model, silent, row));
}

function widened({ rows, columns, values }: Features, last: (row: number) => number): Features {
  const wide = new Float64Array(rows * (columns + 1));
  for (let row = 0; row < rows; row++) {
    wide.set(values.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
    wide[row * (columns + 1) + columns] = last(row);
  }
  return { rows, columns: columns + 1, values: wide };
}

/** A model for each arm (Radcliffe and Surry 1999; "T-learner", Künzel et al., PNAS 116, 2019). */
function two({ features, treated, outcome }: Trial, train: Int32Array, apply: Int32Array, l2: number): Float64Array {
  const mailed = fitLogistic(features, outcome, { l2, rows: train.filter((row) => treated[row] === 1) });
  const silent = fitLogistic(features, outcome, { l2, rows: train.filter((row) => treated[row] === 0) });
  return Float64Array.from(
    apply,
    (row) => predictLogistic(mailed, features, row) - predictLogistic(silent, features, row),
  );
}

/**
 * One model for "mailed and did it, or not mailed and did not" (Jaskowski and Jaroszewicz, ICML workshop 2012): uplift is
 * 2·P - 1. Arms of other sizes than halves are weighted to halves, on which the identity rests.
 */
function transformed(
  { features, treated, outcome }: Trial,
  train: Int32Array,
  apply: Int32Array,
  l2: number,
): Float64Array {
  const share = train.reduce((sum, row) => sum + treated[row]!, 0) / train.length;
  const target = new Float64Array(features.rows);
  const weights = new Float64Array(features.rows);
  for (const row of train) {
    target[row] = outcome[row] === treated[row] ? 1 : 0;
    weights[row] = 0.5 / (treated[row] === 1 ? share : 1 - share);
  }
  const model = fitLogistic(features, target, { l2, rows: train, weights });
  return Float64Array.from(apply, (row) => 2 * predictLogistic(model, features, row) - 1);
}
