/**
 * Gamma-Gamma: what one purchase is worth. A person's purchases are Gamma(p, ν) with ν ~ Gamma(q, γ), so the mean of x of
 * them pulls towards the mean of all people the less is known of the person.
 *
 * Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value. The same mathematics, on days between purchases instead of
 * money, is the control chart of control-chart.ts.
 */
import { fitOf, maximiseFromStarts, type Fit } from './fit.ts';
import { mirror } from './mixture.ts';
import type { Derivatives } from './maximise.ts';
import { digamma, logGamma, trigamma } from './special.ts';
import { digits, LEAST_REPEATERS } from './warnings.ts';

/** Means of x observations each; rows with x = 0 or a mean that is not positive say nothing and are left out by the fit. */
export interface Means {
  readonly x: Float64Array;
  readonly mean: Float64Array;
}

export const GAMMA_GAMMA_PARAMETERS = ['p', 'q', 'gamma'] as const;

/** Equation 1a, with derivatives by p, q and γ. */
export function gammaGammaLogLikelihood(parameters: Float64Array, means: Means, out: Derivatives): number {
  const [p, q, gamma] = parameters as unknown as [number, number, number];
  const g = out.gradient.fill(0);
  const h = out.hessian.fill(0);
  const [gammaQ, psiQ, psi2Q] = [logGamma(q), digamma(q), trigamma(q)];
  const logScale = Math.log(gamma);
  const byCount = new Map<number, Float64Array>();
  let value = 0;
  for (let i = 0; i < means.x.length; i++) {
    const x = means.x[i]!;
    const z = means.mean[i]!;
    let known = byCount.get(x);
    if (!known) {
      const [one, both] = [p * x, p * x + q];
      known = Float64Array.of(
        logGamma(both) - logGamma(one) - gammaQ + q * logScale + one * Math.log(x),
        x * (digamma(both) - digamma(one) + Math.log(x)),
        digamma(both) - psiQ + logScale,
        x * x * (trigamma(both) - trigamma(one)),
        x * trigamma(both),
        trigamma(both) - psi2Q,
      );
      byCount.set(x, known);
    }
    const shape = p * x + q;
    const sum = x * z + gamma;
    const logZ = Math.log(z);
    const logSum = Math.log(sum);
    const inverse = 1 / sum;
    value += known[0]! + (p * x - 1) * logZ - shape * logSum;
    g[0]! += known[1]! + x * (logZ - logSum);
    g[1]! += known[2]! - logSum;
    g[2]! += q / gamma - shape * inverse;
    h[0]! += known[3]!;
    h[1]! += known[4]!;
    h[2]! -= x * inverse;
    h[4]! += known[5]!;
    h[5]! += 1 / gamma - inverse;
    h[8]! += shape * inverse * inverse - q / (gamma * gamma);
  }
  mirror(out, 3);
  return value;
}

/** Maximum likelihood over the people with a repeat purchase. γ has the unit of the means. */
export function fitGammaGamma(means: Means): Fit {
  const known = observed(means);
  const rows = known.x.length;
  if (rows === 0)
    return fitOf(
      GAMMA_GAMMA_PARAMETERS,
      { parameters: nothing(), value: Number.NaN, standardErrors: nothing(), converged: false, evaluations: 0 },
      0,
      [tooFew(0)],
    );
  // In units of the mean, so that cents and yen start from the same place.
  let unit = 0;
  for (const z of known.mean) unit += z / rows;
  const scaled = { x: known.x, mean: known.mean.map((z) => z / unit) };
  const found = maximiseFromStarts(
    [
      [2, 3, 2],
      [6, 4, 0.5],
      [1, 1.5, 1],
    ],
    [(parameters, out) => gammaGammaLogLikelihood(parameters, scaled, out)],
  );
  const inUnits = { ...found, value: found.value - rows * Math.log(unit) };
  inUnits.parameters[2]! *= unit;
  inUnits.standardErrors[2]! *= unit;
  return fitOf(GAMMA_GAMMA_PARAMETERS, inUnits, rows, [
    ...(found.parameters[1]! <= 1
      ? [
          `no_mean: the spread between people is so wide that a mean does not exist (q = ${digits(found.parameters[1]!)})`,
        ]
      : []),
    ...(rows < LEAST_REPEATERS ? [tooFew(rows)] : []),
    ...dependence(known),
  ]);
}

function tooFew(rows: number): string {
  return `too_few_repeaters: ${String(rows)} people have a repeat purchase with a value, at least ${String(LEAST_REPEATERS)} are needed`;
}

function nothing(): Float64Array {
  return new Float64Array(3).fill(Number.NaN);
}

function observed(means: Means): Means {
  const rows: number[] = [];
  for (let i = 0; i < means.x.length; i++) if (means.x[i]! > 0 && means.mean[i]! > 0) rows.push(i);
  return { x: Float64Array.from(rows, (i) => means.x[i]!), mean: Float64Array.from(rows, (i) => means.mean[i]!) };
}

/** The model takes how often and how much to be unrelated; people who buy much more often and dearer break it. */
function dependence(means: Means): string[] {
  const value = correlation(means.x, means.mean);
  return Math.abs(value) > 0.3
    ? [`spend_depends_on_frequency: correlation ${digits(value)} between how often and how much, the model wants none`]
    : [];
}

/** Pearson's, 0 where either side never changes. */
export function correlation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const n = one.length;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanA += one[i]! / n;
    meanB += other[i]! / n;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a, b] = [one[i]! - meanA, other[i]! - meanB];
    ab += a * b;
    aa += a * a;
    bb += b * b;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Expected value of a purchase given x of them with mean z, equation 5: between the person's mean and everybody's. */
export function expectedSpend(parameters: Float64Array, x: number, z: number): number {
  const [p, q, gamma] = parameters as unknown as [number, number, number];
  return (p * (gamma + x * z)) / (p * x + q - 1);
}
