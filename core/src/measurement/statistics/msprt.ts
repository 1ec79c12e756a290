/**
 * The mixture sequential probability ratio test on a difference of normal means: Johari, Koomen, Pekelis, Walsh,
 * arXiv:1512.04922. Pure mathematics.
 */

export interface MsprtInput {
  meanDifference: number;
  /** Variance of one person in one arm, known */
  variancePerArm: number;
  nPerArm: number;
  /** Variance of the normal mixture over the effect */
  mixtureVariance: number;
  /** The effect under the null */
  nullEffect: number;
}

export interface MsprtResult {
  /** Variance of one paired difference: twice the variance of a person */
  pairVariance: number;
  likelihoodRatio: number;
  /** Of this look alone; the always-valid p is the smallest of all looks so far */
  pValue: number;
}

export function msprt(input: MsprtInput): MsprtResult {
  const v = 2 * input.variancePerArm;
  const { nPerArm: n, mixtureVariance: tau } = input;
  const d = input.meanDifference - input.nullEffect;
  const likelihoodRatio = Math.sqrt(v / (v + n * tau)) * Math.exp((n * n * tau * d * d) / (2 * v * (v + n * tau)));
  return { pairVariance: v, likelihoodRatio, pValue: Math.min(1, 1 / likelihoodRatio) };
}

/** Half-width of the always-valid interval at this look. */
export function msprtHalfWidth(input: MsprtInput, alpha: number): number {
  const v = 2 * input.variancePerArm;
  const { nPerArm: n, mixtureVariance: tau } = input;
  return Math.sqrt(((v * (v + n * tau)) / (n * n * tau)) * (Math.log((v + n * tau) / v) - 2 * Math.log(alpha)));
}
