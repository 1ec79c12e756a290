/**
 * BG/BB: for chances that come by the calendar (a yearly gift, a weekly box). At each chance one who is alive buys with
 * probability p ~ Beta(α, β), having left before it with probability θ ~ Beta(γ, δ).
 *
 * Fader, Hardie & Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing Science 29(6),
 * 1086–1108.
 */
import { fitOf, maximiseFromStarts, type Fit } from './fit.ts';
import { groupHistories, people, type Histories } from './histories.ts';
import type { Derivatives } from './maximise.ts';
import { addAtom, addDerivatives, clear, emptyMixture, mirror, type Blocks, type Gradient } from './mixture.ts';
import { digamma, logBeta, trigamma } from './special.ts';
import { betaDropout, dataWarnings } from './warnings.ts';

export const BG_BB_PARAMETERS = ['alpha', 'beta', 'gamma', 'delta'] as const;

/** Equation 5 with derivatives: the person is there to the end, or left after chance t_x + i. `T` is the number of chances. */
export function bgBbLogLikelihood(parameters: Float64Array, histories: Histories, out: Derivatives): number {
  out.gradient.fill(0);
  out.hessian.fill(0);
  const mixture = emptyMixture();
  const { x, tx, T, weight } = histories;
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    const m = weight ? weight[i]! : 1;
    clear(mixture);
    overAtoms(parameters, x[i]!, tx[i]!, T[i]!, (log, g, h) => {
      addAtom(mixture, log, g, h);
    });
    value += m * addDerivatives(mixture, m, out);
  }
  mirror(out);
  return value;
}

function overAtoms(
  parameters: Float64Array,
  x: number,
  tx: number,
  n: number,
  visit: (log: number, g: Gradient, h: Blocks) => void,
): void {
  const [alpha, beta, gamma, delta] = parameters as unknown as [number, number, number, number];
  for (let last = tx; last <= n; last++) {
    // `last` chances were met alive; at the end of the record nobody need have left.
    const left = last < n ? 1 : 0;
    const buy = betaRatio(alpha, beta, x, last - x);
    const stay = betaRatio(gamma, delta, left, last);
    visit(
      buy.log + stay.log,
      [buy.g0, buy.g1, stay.g0, stay.g1],
      [buy.h00, buy.h01, buy.h11, stay.h00, stay.h01, stay.h11],
    );
  }
}

/** ln B(a+i, b+j) / B(a, b) and its derivatives by a and b. */
function betaRatio(
  a: number,
  b: number,
  i: number,
  j: number,
): { log: number; g0: number; g1: number; h00: number; h01: number; h11: number } {
  const both = digamma(a + b) - digamma(a + b + i + j);
  const both2 = trigamma(a + b) - trigamma(a + b + i + j);
  return {
    log: logBeta(a + i, b + j) - logBeta(a, b),
    g0: digamma(a + i) - digamma(a) + both,
    g1: digamma(b + j) - digamma(b) + both,
    h00: trigamma(a + i) - trigamma(a) + both2,
    h01: both2,
    h11: trigamma(b + j) - trigamma(b) + both2,
  };
}

export function fitBgBb(histories: Histories): Fit {
  const all = groupHistories(histories);
  const found = maximiseFromStarts(
    [
      [1, 1, 1, 3],
      [0.5, 1, 0.5, 5],
      [3, 3, 1, 10],
    ],
    [(parameters, out) => bgBbLogLikelihood(parameters, all, out)],
  );
  const degenerate = betaDropout(found.parameters[2]!, found.parameters[3]!);
  return fitOf(BG_BB_PARAMETERS, found, people(all), [
    ...(degenerate === undefined ? [] : [degenerate]),
    ...dataWarnings(all),
  ]);
}

function likelihood(parameters: Float64Array, x: number, tx: number, n: number): number {
  let sum = 0;
  overAtoms(parameters, x, tx, n, (log) => {
    sum += Math.exp(log);
  });
  return sum;
}

/** P(still there for chance n + 1), equation 11. */
export function bgBbAlive(parameters: Float64Array, x: number, tx: number, n: number): number {
  const [alpha, beta, gamma, delta] = parameters as unknown as [number, number, number, number];
  const there =
    logBeta(alpha + x, beta + n - x) - logBeta(alpha, beta) + logBeta(gamma, delta + n + 1) - logBeta(gamma, delta);
  return Math.exp(there) / likelihood(parameters, x, tx, n);
}

/** Expected purchases at the next `ahead` chances: equation 13, summed chance by chance, so that γ = 1 needs no care. */
export function bgBbExpected(parameters: Float64Array, x: number, tx: number, n: number, ahead: number): number {
  const [alpha, beta, gamma, delta] = parameters as unknown as [number, number, number, number];
  const buys = logBeta(alpha + x + 1, beta + n - x) - logBeta(alpha, beta) - logBeta(gamma, delta);
  let sum = 0;
  for (let j = 1; j <= ahead; j++) sum += Math.exp(buys + logBeta(gamma, delta + n + j));
  return sum / likelihood(parameters, x, tx, n);
}
