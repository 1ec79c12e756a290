/** From a contrast to an interval and a p value: Welch's t test, the confidence sequence, the normal posterior. Pure. */
import type { Contrast } from './arms.ts';
import { normalCdf, normalDensity, normalQuantile, normalTail } from './normal.ts';
import { sequenceBound, sequencePValue, sequenceWidth, tuneRho } from './sequence.ts';
import { studentQuantile, studentTail } from './student.ts';

/** greater: is the treatment better? less: is it worse? Their intervals have one end. */
export type Alternative = 'two-sided' | 'greater' | 'less';

export interface Verdict {
  interval: [number, number];
  pValue: number;
}

/** Welch's t test of no difference. */
export function welchTest({ estimate, standardError, degrees }: Contrast, alpha: number, side: Alternative): Verdict {
  const t = estimate / standardError;
  if (side === 'two-sided') {
    const halfWidth = studentQuantile(1 - alpha / 2, degrees) * standardError;
    return { interval: around(estimate, halfWidth), pValue: 2 * studentTail(Math.abs(t), degrees) };
  }
  const bound = studentQuantile(1 - alpha, degrees) * standardError;
  return { interval: oneEnd(estimate, bound, side), pValue: studentTail(side === 'greater' ? t : -t, degrees) };
}

/** One-sided always-valid p values are looked for between these levels; outside they only say "surely" and "no". */
const SMALLEST_P = 1e-5;
const LARGEST_P = 0.4999;

/**
 * Always-valid test, tuned to `tuningSize` people in both arms. One-sided sequences at level alpha are tuned as two-sided ones
 * at 2·alpha; their p value is the smallest level whose interval leaves zero out, rho held at the level that was asked for.
 */
export function sequentialTest(one: Contrast, alpha: number, side: Alternative, tuningSize: number): Verdict {
  const { estimate, standardError, n } = one;
  if (side === 'two-sided') {
    const rho = tuneRho(alpha, tuningSize);
    const halfWidth = sequenceWidth(n, rho, alpha) * standardError;
    return { interval: around(estimate, halfWidth), pValue: sequencePValue(estimate / standardError, n, rho) };
  }
  const rho = tuneRho(2 * alpha, tuningSize);
  const z = (side === 'greater' ? estimate : -estimate) / standardError;
  const x = n * rho * rho;
  // z = bound(p), solved for p
  const spread = Math.exp((z * z * x) / (2 * (x + 1))) - 1;
  const pValue = z > 0 ? Math.min(LARGEST_P, Math.max(SMALLEST_P, Math.sqrt(x + 1) / (2 * spread))) : LARGEST_P;
  return { interval: oneEnd(estimate, sequenceBound(n, rho, alpha) * standardError, side), pValue };
}

export type Prior = 'improper flat' | { mean: number; variance: number };

export interface Posterior {
  estimate: number;
  standardError: number;
  interval: [number, number];
  /** That the treatment is better than the control */
  chanceToWin: number;
  /** Expected loss of choosing the control, and of choosing the treatment */
  risk: [number, number];
}

/** Normal posterior of the difference under a flat or a normal prior, with an equal-tailed interval. */
export function posteriorOf(one: Contrast, alpha: number, prior: Prior): Posterior {
  const precision = 1 / one.standardError ** 2;
  const before =
    prior === 'improper flat' ? { mean: 0, precision: 0 } : { mean: prior.mean, precision: 1 / prior.variance };
  const variance = 1 / (precision + before.precision);
  const estimate = (one.estimate * precision + before.mean * before.precision) * variance;
  const standardError = Math.sqrt(variance);
  const z = estimate / standardError;
  const spread = standardError * normalDensity(z);
  return {
    estimate,
    standardError,
    interval: around(estimate, normalQuantile(1 - alpha / 2) * standardError),
    chanceToWin: normalCdf(z),
    risk: [spread + estimate * normalCdf(z), spread - estimate * normalTail(z)],
  };
}

function around(estimate: number, halfWidth: number): [number, number] {
  return [estimate - halfWidth, estimate + halfWidth];
}

function oneEnd(estimate: number, bound: number, side: 'greater' | 'less'): [number, number] {
  return side === 'greater' ? [estimate - bound, Infinity] : [-Infinity, estimate + bound];
}
