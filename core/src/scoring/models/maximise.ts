/**
 * Maximum of a log-likelihood over positive parameters: Newton's method on their logarithms with Levenberg damping
 * (Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, sections 3.4 and 10.3). The models give exact gradients and
 * Hessians, so a handful of evaluations is enough and the standard errors come with the last one.
 */
import { addDiagonal, cholesky, invert, solve } from './matrix.ts';

/** First and second derivatives by the parameters themselves (not their logarithms), filled by the objective. */
export interface Derivatives {
  readonly gradient: Float64Array;
  /** Row by row, k × k, symmetric */
  readonly hessian: Float64Array;
}

/** Value at these parameters; fills the derivatives. Not finite: outside what can be computed. */
export type Objective = (parameters: Float64Array, derivatives: Derivatives) => number;

export interface Maximum {
  parameters: Float64Array;
  value: number;
  /** Square roots of the diagonal of the inverse of the negative Hessian; NaN where the Hessian says nothing */
  standardErrors: Float64Array;
  /** The gradient vanished at a point where the surface bends down in every direction, inside the bounds */
  converged: boolean;
  evaluations: number;
}

export interface MaximiseOptions {
  /** Most evaluations of the objective. Default 200. */
  evaluations?: number;
  /** What half a Newton step may still promise when we stop, in units of the value. Default 1e-7. */
  tolerance?: number;
  /** The start is close to the maximum: full Newton steps from the first on. */
  near?: boolean;
}

/** Parameters are looked for between these; one that ends at an edge is a warning of its own. */
export const LOWEST = 1e-7;
export const HIGHEST = 1e7;
/** No step changes a parameter by more than this factor (e^2). */
const LONGEST_STEP = 2;
/** So many steps in a row that gain less than so many tolerances: Newton's method near a real maximum needs two or three. */
const MOST_IDLE = 5;
const RIDGE = 1000;

export function maximise(objective: Objective, start: readonly number[], options: MaximiseOptions = {}): Maximum {
  const tolerance = options.tolerance ?? 1e-7;
  const limit = options.evaluations ?? 200;
  const k = start.length;
  let here = evaluate(objective, Float64Array.from(start, Math.log));
  let evaluations = 1;
  let damping = options.near === true ? 0 : 1e-2;
  let converged = false;
  let idle = 0;
  while (evaluations < limit && Number.isFinite(here.value)) {
    const promise = newtonPromise(here, k);
    if (promise !== undefined && promise < tolerance) {
      converged = !atEdge(here.logs);
      break;
    }
    const step = dampedStep(here, k, damping);
    const next = evaluate(objective, move(here.logs, step));
    evaluations++;
    if (next.value >= here.value) {
      const gained = next.value - here.value;
      here = next;
      damping = damping < 1e-8 ? 0 : damping / 20;
      // A ridge that climbs by next to nothing for ever (a degenerate model) ends here, not converged.
      idle = gained < tolerance * RIDGE ? idle + 1 : 0;
      if (idle >= MOST_IDLE) break;
    } else {
      damping = Math.max(damping * 10, 1e-6);
      if (damping > 1e10) break;
    }
  }
  return { ...finish(here, k), converged, evaluations };
}

interface Point extends Derivatives {
  logs: Float64Array;
  parameters: Float64Array;
  value: number;
}

function evaluate(objective: Objective, logs: Float64Array): Point {
  const k = logs.length;
  const parameters = logs.map(Math.exp);
  const gradient = new Float64Array(k);
  const hessian = new Float64Array(k * k);
  const raw = objective(parameters, { gradient, hessian });
  const value = Number.isFinite(raw) ? raw : Number.NEGATIVE_INFINITY;
  // Chain rule to logarithms: g' = p g, H' = p_i p_j H + diag(p g).
  for (let i = 0; i < k; i++) gradient[i]! *= parameters[i]!;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++)
      hessian[i * k + j] = hessian[i * k + j]! * parameters[i]! * parameters[j]! + (i === j ? gradient[i]! : 0);
  return { logs, parameters, value, gradient, hessian };
}

function negative(matrix: Float64Array): Float64Array {
  return matrix.map((value) => -value);
}

/** What a full Newton step would gain to second order, or undefined where the surface does not bend down. */
function newtonPromise(point: Point, k: number): number | undefined {
  const factor = cholesky(negative(point.hessian), k);
  if (!factor) return undefined;
  const step = solve(factor, point.gradient, k);
  let sum = 0;
  for (let i = 0; i < k; i++) sum += step[i]! * point.gradient[i]!;
  return sum / 2;
}

function dampedStep(point: Point, k: number, damping: number): Float64Array {
  const bend = negative(point.hessian);
  let scale = 0;
  for (let i = 0; i < k; i++) scale = Math.max(scale, Math.abs(bend[i * k + i]!));
  for (let extra = damping; ; extra = extra === 0 ? 1e-8 : extra * 10) {
    const factor = cholesky(addDiagonal(bend, k, extra, scale * 1e-3), k);
    if (!factor && extra < 1e12) continue;
    const step = factor ? solve(factor, point.gradient, k) : point.gradient.slice();
    const longestPart = longest(step);
    return longestPart > LONGEST_STEP ? step.map((part) => (part * LONGEST_STEP) / longestPart) : step;
  }
}

function longest(step: Float64Array): number {
  let longestPart = 0;
  for (const part of step) longestPart = Math.max(longestPart, Math.abs(part));
  return longestPart;
}

function move(logs: Float64Array, step: Float64Array): Float64Array {
  return logs.map((log, i) => Math.min(Math.log(HIGHEST), Math.max(Math.log(LOWEST), log + step[i]!)));
}

function atEdge(logs: Float64Array): boolean {
  return logs.some((log) => log <= Math.log(LOWEST * 1.01) || log >= Math.log(HIGHEST / 1.01));
}

function finish(point: Point, k: number): Omit<Maximum, 'converged' | 'evaluations'> {
  const factor = cholesky(negative(point.hessian), k);
  const covariance = factor ? invert(factor, k) : undefined;
  return {
    parameters: point.parameters,
    value: point.value,
    // Delta method: the standard error of p is p times that of ln p.
    standardErrors: point.parameters.map((p, i) => (covariance ? p * Math.sqrt(covariance[i * k + i]!) : Number.NaN)),
  };
}
