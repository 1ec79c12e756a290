/**
 * Logistic regression by Newton's method (iteratively reweighted least squares; Nelder and Wedderburn, JRSS A 135, 1972),
 * plain or with an L2 penalty on everything but the intercept. Pure mathematics on typed arrays; knows no uplift.
 */

/** Rows of features, one after the other. */
export interface Features {
  rows: number;
  columns: number;
  values: Float64Array;
}

export interface Logistic {
  /** The intercept, then one for each column */
  coefficients: Float64Array;
  converged: boolean;
}

export interface LogisticOptions {
  /** Penalty: half of it times the sum of squared coefficients is added to the negative log-likelihood. 0 = none */
  l2: number;
  /** Rows that count, in any order; all where it is missing */
  rows?: Int32Array | undefined;
  /** How often each row counts (by its place in the features) */
  weights?: Float64Array | undefined;
}

const STEPS = 50;
/** What keeps the step defined where columns say the same or the outcome is separated. */
const RIDGE = 1e-9;

/** Fits y (0 or 1, by row) to the features. */
export function fitLogistic(features: Features, y: Float64Array, options: LogisticOptions): Logistic {
  const size = features.columns + 1;
  const rows = options.rows ?? Int32Array.from({ length: features.rows }, (_, i) => i);
  let beta = new Float64Array(size);
  let fit = evaluate(features, y, rows, options, beta);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, hessian } = derivatives(features, y, rows, options, beta);
    const direction = solve(hessian, gradient);
    // Halving the step until the likelihood rises: Newton may overshoot where the outcome is rare.
    let scale = 1;
    let next = moved(beta, direction, scale);
    let value = evaluate(features, y, rows, options, next);
    while (value < fit - 1e-12 * Math.abs(fit) && scale > 1e-6) {
      scale /= 2;
      next = moved(beta, direction, scale);
      value = evaluate(features, y, rows, options, next);
    }
    const change = direction.reduce((most, one) => Math.max(most, Math.abs(one * scale)), 0);
    const largest = next.reduce((most, one) => Math.max(most, Math.abs(one)), 1);
    beta = next;
    fit = value;
    if (change < 1e-9 * largest) return { coefficients: beta, converged: true };
  }
  return { coefficients: beta, converged: false };
}

/** P(y = 1) of one row; `extra` is added to the linear part. */
export function predictLogistic(model: Logistic, features: Features, row: number): number {
  return 1 / (1 + Math.exp(-linear(model.coefficients, features, row)));
}

function linear(beta: Float64Array, { values, columns }: Features, row: number): number {
  let sum = beta[0]!;
  for (let j = 0, at = row * columns; j < columns; j++) sum += beta[j + 1]! * values[at + j]!;
  return sum;
}

/** Penalised log-likelihood. */
function evaluate(
  features: Features,
  y: Float64Array,
  rows: Int32Array,
  { l2, weights }: LogisticOptions,
  beta: Float64Array,
): number {
  let sum = 0;
  for (const row of rows) {
    const z = linear(beta, features, row);
    // log(1 + e^z) without overflow
    const soft = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    sum += (weights ? weights[row]! : 1) * (y[row]! * z - soft);
  }
  for (let j = 1; j < beta.length; j++) sum -= 0.5 * l2 * beta[j]! ** 2;
  return sum;
}

function derivatives(
  features: Features,
  y: Float64Array,
  rows: Int32Array,
  { l2, weights }: LogisticOptions,
  beta: Float64Array,
): { gradient: Float64Array; hessian: Float64Array[] } {
  const size = beta.length;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  const x = new Float64Array(size);
  x[0] = 1;
  for (const row of rows) {
    const weight = weights ? weights[row]! : 1;
    const p = 1 / (1 + Math.exp(-linear(beta, features, row)));
    const residual = weight * (y[row]! - p);
    const curvature = weight * p * (1 - p);
    for (let j = 1; j < size; j++) x[j] = features.values[row * features.columns + j - 1]!;
    for (let j = 0; j < size; j++) {
      gradient[j]! += residual * x[j]!;
      const line = hessian[j]!;
      const scaled = curvature * x[j]!;
      for (let k = 0; k <= j; k++) line[k]! += scaled * x[k]!;
    }
  }
  for (let j = 0; j < size; j++) {
    if (j > 0) gradient[j]! -= l2 * beta[j]!;
    hessian[j]![j]! += (j > 0 ? l2 : 0) + RIDGE * Math.max(1, rows.length);
  }
  return { gradient, hessian };
}

function moved(beta: Float64Array, direction: Float64Array, scale: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(beta, (value, j) => value + scale * direction[j]!);
}

/** Cholesky solution of a symmetric positive definite system given by its lower half, which is overwritten. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = matrix[j]![k]!;
      for (let m = 0; m < k; m++) sum -= matrix[j]![m]! * matrix[k]![m]!;
      matrix[j]![k] = j === k ? Math.sqrt(Math.max(sum, 1e-300)) : sum / matrix[k]![k]!;
    }
  }
  const solution = Float64Array.from(right);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) solution[j]! -= matrix[j]![k]! * solution[k]!;
    solution[j]! /= matrix[j]![j]!;
  }
  for (let j = size - 1; j >= 0; j--) {
    for (let k = j + 1; k < size; k++) solution[j]! -= matrix[k]![j]! * solution[k]!;
    solution[j]! /= matrix[j]![j]!;
  }
  return solution;
}
