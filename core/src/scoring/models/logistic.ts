/**
 * Logistic regression with an L2 penalty, by Newton's method on standardised features (iteratively reweighted least squares;
 * Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed. 2009, section 4.4.1 and equation 4.31). The
 * base of engagement propensity and of fatigue.
 */
import { cholesky, invert, solve } from './matrix.ts';

export interface LogisticData {
  /** Row by row, rows × k, without a column of ones */
  readonly features: Float64Array;
  readonly names: readonly string[];
  /** 0 or 1 */
  readonly outcome: Uint8Array;
}

export interface Logistic {
  /** In the units of the features as given, the intercept first */
  coefficients: Float64Array;
  standardErrors: Float64Array;
  names: readonly string[];
  /** Of the rows fitted, without the penalty */
  logLikelihood: number;
  converged: boolean;
}

export interface LogisticOptions {
  /** Added to minus the log-likelihood: penalty/2 × Σ of squared standardised slopes. Default 1. */
  penalty?: number;
}

const MOST_STEPS = 100;

/** Fits by maximum penalised likelihood. Features that never change get 0. */
export function fitLogistic(data: LogisticData, options: LogisticOptions = {}): Logistic {
  const k = data.names.length;
  const rows = data.outcome.length;
  const penalty = options.penalty ?? 1;
  const { means, scales } = standards(data, k, rows);
  const d = k + 1;
  let beta: Float64Array = new Float64Array(d);
  let state = derivatives(data, { means, scales, beta, penalty });
  let converged = false;
  for (let step = 0; step < MOST_STEPS; step++) {
    const factor = cholesky(state.hessian, d);
    if (!factor) break;
    const move = solve(factor, state.gradient, d);
    let promise = 0;
    for (let i = 0; i < d; i++) promise += (move[i]! * state.gradient[i]!) / 2;
    if (promise < 1e-9) {
      converged = true;
      break;
    }
    // Newton may overshoot where outcomes are nearly separated: halve until the objective rises.
    let length = 1;
    let next = state;
    let tried = beta;
    do {
      tried = beta.map((value, i) => value + length * move[i]!);
      next = derivatives(data, { means, scales, beta: tried, penalty });
      length /= 2;
    } while (!(next.objective >= state.objective) && length > 1e-6);
    beta = tried;
    state = next;
  }
  return {
    ...unscale(beta, state.hessian, { means, scales, d }),
    names: data.names,
    logLikelihood: state.likelihood,
    converged,
  };
}

/** Chance of the outcome for one row of features. */
export function logisticChance(model: Logistic, features: ArrayLike<number>): number {
  let logit = model.coefficients[0]!;
  for (let i = 0; i < model.names.length; i++) logit += model.coefficients[i + 1]! * features[i]!;
  return 1 / (1 + Math.exp(-logit));
}

interface State {
  objective: number;
  likelihood: number;
  gradient: Float64Array;
  /** Of minus the objective: positive definite */
  hessian: Float64Array;
}

function derivatives(
  data: LogisticData,
  at: { means: Float64Array; scales: Float64Array; beta: Float64Array; penalty: number },
): State {
  const { means, scales, beta, penalty } = at;
  const k = means.length;
  const d = k + 1;
  const gradient = new Float64Array(d);
  const hessian = new Float64Array(d * d);
  const row = new Float64Array(d);
  row[0] = 1;
  let likelihood = 0;
  for (let r = 0; r < data.outcome.length; r++) {
    let logit = beta[0]!;
    for (let i = 0; i < k; i++) {
      row[i + 1] = (data.features[r * k + i]! - means[i]!) * scales[i]!;
      logit += beta[i + 1]! * row[i + 1]!;
    }
    const y = data.outcome[r]!;
    const small = Math.exp(-Math.abs(logit));
    likelihood += y * logit - Math.max(logit, 0) - Math.log1p(small);
    const p = (logit > 0 ? 1 : small) / (1 + small);
    const weight = p * (1 - p);
    for (let i = 0; i < d; i++) {
      gradient[i]! += (y - p) * row[i]!;
      for (let j = 0; j <= i; j++) hessian[i * d + j]! += weight * row[i]! * row[j]!;
    }
  }
  let objective = likelihood;
  for (let i = 1; i < d; i++) {
    objective -= (penalty / 2) * beta[i]! * beta[i]!;
    gradient[i]! -= penalty * beta[i]!;
    hessian[i * d + i]! += penalty;
  }
  for (let i = 0; i < d; i++) {
    // A feature that never changes has no curvature but the penalty's; without one it must stay at 0.
    if (hessian[i * d + i] === 0) hessian[i * d + i] = 1;
    for (let j = i + 1; j < d; j++) hessian[i * d + j] = hessian[j * d + i]!;
  }
  return { objective, likelihood, gradient, hessian };
}

function standards(data: LogisticData, k: number, rows: number): { means: Float64Array; scales: Float64Array } {
  const means = new Float64Array(k);
  const scales = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    let [sum, squares] = [0, 0];
    for (let r = 0; r < rows; r++) sum += data.features[r * k + i]!;
    means[i] = sum / Math.max(rows, 1);
    for (let r = 0; r < rows; r++) squares += (data.features[r * k + i]! - means[i]!) ** 2;
    const deviation = Math.sqrt(squares / Math.max(rows, 1));
    scales[i] = deviation > 1e-12 ? 1 / deviation : 0;
  }
  return { means, scales };
}

function unscale(
  beta: Float64Array,
  hessian: Float64Array,
  { means, scales, d }: { means: Float64Array; scales: Float64Array; d: number },
): { coefficients: Float64Array; standardErrors: Float64Array } {
  const coefficients = new Float64Array(d);
  let intercept = beta[0]!;
  for (let i = 1; i < d; i++) {
    const slope = beta[i]! * scales[i - 1]!;
    coefficients[i] = slope;
    intercept -= slope * means[i - 1]!;
  }
  coefficients[0] = intercept;
  const factor = cholesky(hessian, d);
  const covariance = factor ? invert(factor, d) : new Float64Array(d * d).fill(Number.NaN);
  const standardErrors = new Float64Array(d);
  for (let i = 1; i < d; i++) standardErrors[i] = Math.sqrt(covariance[i * d + i]!) * scales[i - 1]!;
  // The intercept as given is a sum over all standardised parameters.
  const direction = Float64Array.from({ length: d }, (_, i) => (i === 0 ? 1 : -scales[i - 1]! * means[i - 1]!));
  let variance = 0;
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) variance += direction[i]! * covariance[i * d + j]! * direction[j]!;
  standardErrors[0] = Math.sqrt(variance);
  return { coefficients, standardErrors };
}
