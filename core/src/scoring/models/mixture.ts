/**
 * ln Σ e^h over "atoms" of a likelihood (still there, or left at this or that moment) with its derivatives by four
 * parameters: gradient E[∂h], Hessian E[∂²h + ∂h ∂hᵀ] - E[∂h] E[∂h]ᵀ, E weighing atoms by e^h. Everything is scaled by
 * the largest atom, so nothing overflows and nothing cancels.
 */
import type { Derivatives } from './maximise.ts';

/** The second derivatives of an atom that are not zero: the first two parameters and the last two never mix. */
export type Blocks = [h00: number, h01: number, h11: number, h22: number, h23: number, h33: number];
export type Gradient = [number, number, number, number];

export interface Mixture {
  top: number;
  total: number;
  /** 4 means of ∂h, then 10 of ∂²h + ∂h ∂hᵀ (upper triangle, row by row), not yet divided by total */
  readonly sums: Float64Array;
}

export function emptyMixture(): Mixture {
  return { top: Number.NEGATIVE_INFINITY, total: 0, sums: new Float64Array(14) };
}

export function clear(mixture: Mixture): void {
  mixture.top = Number.NEGATIVE_INFINITY;
  mixture.total = 0;
  mixture.sums.fill(0);
}

export function addAtom(mixture: Mixture, logTerm: number, g: Gradient, h: Blocks): void {
  const v = mixture.sums;
  if (logTerm > mixture.top) {
    const shrink = Math.exp(mixture.top - logTerm);
    mixture.total *= shrink;
    for (let i = 0; i < 14; i++) v[i]! *= shrink;
    mixture.top = logTerm;
  }
  const weight = Math.exp(logTerm - mixture.top);
  const [g0, g1, g2, g3] = g;
  mixture.total += weight;
  v[0]! += weight * g0;
  v[1]! += weight * g1;
  v[2]! += weight * g2;
  v[3]! += weight * g3;
  v[4]! += weight * (h[0] + g0 * g0);
  v[5]! += weight * (h[1] + g0 * g1);
  v[6]! += weight * g0 * g2;
  v[7]! += weight * g0 * g3;
  v[8]! += weight * (h[2] + g1 * g1);
  v[9]! += weight * g1 * g2;
  v[10]! += weight * g1 * g3;
  v[11]! += weight * (h[3] + g2 * g2);
  v[12]! += weight * (h[4] + g2 * g3);
  v[13]! += weight * (h[5] + g3 * g3);
}

/** Adds `weight` times the mixture's derivatives (upper triangle of the Hessian) and gives ln Σ e^h. */
export function addDerivatives(mixture: Mixture, weight: number, out: Derivatives): number {
  const v = mixture.sums;
  const scale = 1 / mixture.total;
  let at = 4;
  for (let i = 0; i < 4; i++) {
    const gi = v[i]! * scale;
    out.gradient[i]! += weight * gi;
    for (let j = i; j < 4; j++) out.hessian[i * 4 + j]! += weight * (v[at++]! * scale - gi * v[j]! * scale);
  }
  return mixture.top + Math.log(mixture.total);
}

/** Copies the upper triangle below the diagonal. */
export function mirror(out: Derivatives, k = 4): void {
  for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) out.hessian[i * k + j] = out.hessian[j * k + i]!;
}
