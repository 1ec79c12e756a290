/**
 * Asymptotic confidence sequences: intervals that hold at all looks together, so that a merchant may look every hour.
 * Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
 * arXiv:2103.06476v7. Pure mathematics.
 *
 * In all of these `n` is the information so far (people in both arms, or the share of it that has been observed), and
 * `rho` says at which n the sequence is tightest; it must be fixed before the data are seen.
 */

/** rho at which the two-sided sequence is tightest at n = tuningSize (eq. 155). */
export function tuneRho(alpha: number, tuningSize: number): number {
  return Math.sqrt((-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tuningSize);
}

/** Half-width of the two-sided sequence in standard errors (eq. 9 over se, s² = se²·n). */
export function sequenceWidth(n: number, rho: number, alpha: number): number {
  const x = n * rho * rho;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / alpha));
}

/** Distance of the one-sided bound in standard errors (eq. 134). */
export function sequenceBound(n: number, rho: number, alpha: number): number {
  const x = n * rho * rho;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(1 + Math.sqrt(x + 1) / (2 * alpha)));
}

/** e-value of "no effect" for an estimate `z` standard errors from it (eq. 161): above 1/alpha is outside the sequence. */
export function sequenceEvidence(z: number, n: number, rho: number): number {
  const x = n * rho * rho;
  return Math.exp(0.5 * z * z * (x / (x + 1))) / Math.sqrt(x + 1);
}

/** Two-sided always-valid p. */
export function sequencePValue(z: number, n: number, rho: number): number {
  return Math.min(1, 1 / sequenceEvidence(z, n, rho));
}
