/**
 * What BG/NBD and MBG/NBD have in common. Both buy at a Poisson rate λ ~ Gamma(r, α) and drop out with a probability
 * p ~ Beta(a, b) at certain moments; they differ in how many such moments a history of x repeats has survived, here
 * `survived`: x in BG/NBD (after each repeat), x + 1 in MBG/NBD (also after the first purchase).
 *
 * ln L = ln B(a, b+k)/B(a, b) + ln Γ(r+x)/Γ(r) + r ln α - (r+x) ln(α+T) + ln(1 + e^w),
 * w = ln a/(b+k-1) + (r+x) ln (α+T)/(α+t_x) for k ≥ 1 and e^w = 0 for k = 0,
 * which is equation 6 of Fader, Hardie & Lee (2005) with k = x; e^w is the odds of being gone (their equation 13's second term).
 */
import { hypergeometric } from './hypergeometric.ts';
import type { Histories } from './histories.ts';
import type { Derivatives } from './maximise.ts';
import { digamma, logGamma, trigamma } from './special.ts';

/** r, alpha, a, b */
export type BetaGeometric = Float64Array;

/** Value of the log-likelihood with all first and second derivatives, exact. `extra` is 0 for BG/NBD and 1 for MBG/NBD. */
export function logLikelihood(parameters: BetaGeometric, histories: Histories, extra: 0 | 1, out: Derivatives): number {
  const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
  const { x, tx, T, weight } = histories;
  const rows = x.length;
  const counts = countByX(histories);
  const logDrop = new Float64Array(counts.length);
  const inverseDrop = new Float64Array(counts.length);
  for (let n = 0; n < counts.length; n++) {
    const k = n + extra;
    if (counts[n]! > 0 && k > 0) {
      logDrop[n] = Math.log(a / (b + k - 1));
      inverseDrop[n] = 1 / (b + k - 1);
    }
  }
  let value = 0;
  // Names: g gradient, h Hessian, by r and alpha of the row part; u-sums are what a and b need, factors taken out.
  let gr = 0;
  let gA = 0;
  let hrr = 0;
  let hrA = 0;
  let hAA = 0;
  let sumV = 0;
  let sumU = 0;
  let sumUr = 0;
  let sumUA = 0;
  let sumVb = 0;
  let sumUb = 0;
  let sumUrb = 0;
  let sumUAb = 0;
  let sumVbb = 0;
  let sumUbb = 0;
  for (let i = 0; i < rows; i++) {
    const m = weight ? weight[i]! : 1;
    const n = x[i]!;
    const shape = r + n;
    const end = alpha + T[i]!;
    const logEnd = Math.log(end);
    const inverseEnd = 1 / end;
    value -= m * shape * logEnd;
    gr -= m * logEnd;
    gA -= m * shape * inverseEnd;
    hrA -= m * inverseEnd;
    hAA += m * shape * inverseEnd * inverseEnd;
    if (n + extra === 0) continue;
    const last = alpha + tx[i]!;
    const inverseLast = 1 / last;
    const silence = Math.log(end * inverseLast);
    const w = logDrop[n]! + shape * silence;
    // ln(1 + e^w) and the chance of having gone, from whichever side does not overflow.
    const small = Math.exp(-Math.abs(w));
    value += m * ((w > 0 ? w : 0) + Math.log1p(small));
    const gone = (w > 0 ? 1 : small) / (1 + small);
    const v = m * gone;
    const u = (v * (w > 0 ? small : 1)) / (1 + small);
    const shift = inverseEnd - inverseLast;
    const wA = shape * shift;
    const drop = inverseDrop[n]!;
    const uSilence = u * silence;
    const uA = u * wA;
    gr += v * silence;
    gA += v * wA;
    hrr += uSilence * silence;
    hrA += v * shift + uSilence * wA;
    hAA += uA * wA - v * wA * (inverseEnd + inverseLast);
    sumV += v;
    sumU += u;
    sumUr += uSilence;
    sumUA += uA;
    sumVb += v * drop;
    sumUb += u * drop;
    sumUrb += uSilence * drop;
    sumUAb += uA * drop;
    sumVbb += v * drop * drop;
    sumUbb += u * drop * drop;
  }
  let ga = sumV / a;
  let gb = -sumVb;
  let haa = (sumU - sumV) / (a * a);
  let hab = -sumUb / a;
  let hbb = sumVbb + sumUbb;
  const logAlpha = Math.log(alpha);
  const [gammaR, psiR, psi2R] = [logGamma(r), digamma(r), trigamma(r)];
  const [gammaB, psiB, psi2B] = [logGamma(b), digamma(b), trigamma(b)];
  const [gammaAB, psiAB, psi2AB] = [logGamma(a + b), digamma(a + b), trigamma(a + b)];
  for (let n = 0; n < counts.length; n++) {
    const m = counts[n]!;
    if (m === 0) continue;
    const k = n + extra;
    value += m * (logGamma(r + n) - gammaR + r * logAlpha + logGamma(b + k) - gammaB + gammaAB - logGamma(a + b + k));
    gr += m * (digamma(r + n) - psiR + logAlpha);
    gA += (m * r) / alpha;
    hrr += m * (trigamma(r + n) - psi2R);
    hrA += m / alpha;
    hAA -= (m * r) / (alpha * alpha);
    const both = psiAB - digamma(a + b + k);
    const both2 = psi2AB - trigamma(a + b + k);
    ga += m * both;
    gb += m * (both + digamma(b + k) - psiB);
    haa += m * both2;
    hab += m * both2;
    hbb += m * (both2 + trigamma(b + k) - psi2B);
  }
  out.gradient.set([gr, gA, ga, gb]);
  const hra = sumUr / a;
  const hrb = -sumUrb;
  const hAa = sumUA / a;
  const hAb = -sumUAb;
  out.hessian.set([hrr, hrA, hra, hrb, hrA, hAA, hAa, hAb, hra, hAa, haa, hab, hrb, hAb, hab, hbb]);
  return value;
}

function countByX({ x, weight }: Histories): Float64Array {
  let most = 0;
  for (const n of x) if (n > most) most = n;
  const counts = new Float64Array(most + 1);
  for (let i = 0; i < x.length; i++) counts[x[i]!]! += weight ? weight[i]! : 1;
  return counts;
}

/** P(alive | x, t_x, T) = 1 / (1 + e^w), equation 4 of Hoppe & Wagner (2007) and its BG/NBD twin. */
export function alive(parameters: BetaGeometric, survived: number, x: number, tx: number, T: number): number {
  if (survived === 0) return 1;
  const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
  const w = Math.log(a / (b + survived - 1)) + (r + x) * Math.log((alpha + T) / (alpha + tx));
  return 1 / (1 + Math.exp(w));
}

/**
 * Expected purchases in (T, T+t] of one who is alive at T: equation 10 of Fader, Hardie & Lee (2005) times its denominator.
 * Euler's transformation turns (1-z)^{r+x} 2F1(r+x, b+k; a+b+k-1; z) into (1-z)^{a-1} 2F1(a+b+k-1-r-x, a-1; a+b+k-1; z),
 * z = t/(α+T+t), whose series has no growing terms whatever x is.
 */
export function ordersIfAlive(parameters: BetaGeometric, survived: number, x: number, T: number, t: number): number {
  const [r, alpha, given, b] = parameters as unknown as [number, number, number, number];
  // a = 1 is a removable singularity; a hair beside it the value is right to ten digits.
  const a = Math.abs(given - 1) < 1e-6 ? 1 + 1e-6 : given;
  const c = a + b + survived - 1;
  if (!(c > 0)) return Number.NaN;
  const z = t / (alpha + T + t);
  const kept = Math.exp((a - 1) * Math.log1p(-z)) * hypergeometric(c - r - x, a - 1, c, z);
  return (c / (a - 1)) * (1 - kept);
}

/** P(at least one purchase in (T, T+t] | alive at T): the next one comes before any further chance to leave, so it is Pareto II. */
export function returnIfAlive(parameters: BetaGeometric, x: number, T: number, t: number): number {
  const [r, alpha] = parameters as unknown as [number, number];
  return -Math.expm1(-(r + x) * Math.log1p(t / (alpha + T)));
}

/** Where a search begins: shares of leavers and buying rates from slow to quick, in the data's own unit of time. */
export function starts(histories: Histories): number[][] {
  let sum = 0;
  for (const T of histories.T) sum += T;
  const span = Math.max(sum / Math.max(histories.T.length, 1), 1e-3);
  return [
    [0.5, span / 4, 0.5, 2],
    [1, span, 1, 1],
    [0.2, span / 20, 0.1, 1],
    [2, span / 2, 0.8, 5],
  ];
}
