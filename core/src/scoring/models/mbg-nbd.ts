/**
 * MBG/NBD: as BG/NBD, but people may also leave right after their first purchase, so that one-time buyers can be gone.
 *
 * Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for customer base analysis,
 * International Journal of Research in Marketing 24(3), 201–209; Hoppe & Wagner (2007), Customer Base Analysis: The Case for
 * a Central Variant of the Betageometric/NBD Model, Marketing – Journal of Research and Management 3(2), 75–90.
 */
import { alive, logLikelihood, ordersIfAlive, returnIfAlive, starts } from './beta-geometric.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { betaDropout } from './warnings.ts';

export const mbgNbd: PurchaseModel = {
  name: 'mbg-nbd',
  parameterNames: ['r', 'alpha', 'a', 'b'],
  starts,
  /** Batislam et al., equation 5 */
  logLikelihood: (parameters, histories, out) => logLikelihood(parameters, histories, 1, out),
  alive: (parameters, x, tx, T) => alive(parameters, x + 1, x, tx, T),
  ordersIfAlive: (parameters, x, T, t) => ordersIfAlive(parameters, x + 1, x, T, t),
  returnIfAlive,
  /** Those who stay after the first purchase, b/(a+b) of all, behave as one alive at T = 0. */
  ordersOfNew(parameters, t) {
    const [, , a, b] = parameters as unknown as [number, number, number, number];
    return (b / (a + b)) * ordersIfAlive(parameters, 1, 0, 0, t);
  },
  degenerate: (parameters) => betaDropout(parameters[2]!, parameters[3]!),
};
