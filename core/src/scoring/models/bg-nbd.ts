/**
 * BG/NBD: buys at rate λ ~ Gamma(r, α) and after each repeat purchase leaves for good with probability p ~ Beta(a, b).
 *
 * Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing
 * Science 24(2), 275–284. Nobody leaves before the first repeat, so P(alive) of a one-time buyer is 1: not for win-back.
 */
import { alive, logLikelihood, ordersIfAlive, returnIfAlive, starts } from './beta-geometric.ts';
import { hypergeometric } from './hypergeometric.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { logBeta, logGamma } from './special.ts';
import { betaDropout } from './warnings.ts';

export const bgNbd: PurchaseModel = {
  name: 'bg-nbd',
  parameterNames: ['r', 'alpha', 'a', 'b'],
  starts,
  /** Equation 6 */
  logLikelihood: (parameters, histories, out) => logLikelihood(parameters, histories, 0, out),
  alive: (parameters, x, tx, T) => alive(parameters, x, x, tx, T),
  /** Equation 10 without its denominator, which is 1/P(alive) */
  ordersIfAlive: (parameters, x, T, t) => ordersIfAlive(parameters, x, x, T, t),
  returnIfAlive,
  /** Equation 9 */
  ordersOfNew(parameters, t) {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
    const z = t / (alpha + t);
    const kept = Math.pow(1 - z, r) * hypergeometric(r, b, a + b - 1, z);
    return ((a + b - 1) / (a - 1)) * (1 - kept);
  },
  degenerate: (parameters) => betaDropout(parameters[2]!, parameters[3]!),
};

/** P(X(t) = x), equation 8: the share of new customers with x repeats in (0, t]. */
export function bgNbdCount(parameters: Float64Array, x: number, t: number): number {
  const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
  const logStay = r * Math.log(alpha / (alpha + t));
  const logBuy = Math.log(t / (alpha + t));
  const term = (j: number): number => Math.exp(logGamma(r + j) - logGamma(r) - logGamma(j + 1) + logStay + j * logBuy);
  const stayed = Math.exp(logBeta(a, b + x) - logBeta(a, b)) * term(x);
  if (x === 0) return stayed;
  let below = 0;
  for (let j = 0; j < x; j++) below += term(j);
  return stayed + Math.exp(logBeta(a + 1, b + x - 1) - logBeta(a, b)) * Math.max(0, 1 - below);
}
