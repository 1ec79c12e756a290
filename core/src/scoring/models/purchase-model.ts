/** What a model of buying and dropping out can do; one constant of this type a model. */
import type { Histories } from './histories.ts';
import type { Derivatives } from './maximise.ts';

export interface PurchaseModel {
  readonly name: 'bg-nbd' | 'mbg-nbd' | 'pareto-nbd';
  readonly parameterNames: readonly [string, string, string, string];
  /** Points to start the search from, in the data's unit of time. */
  starts(histories: Histories): number[][];
  /** Log-likelihood with exact derivatives. */
  logLikelihood(parameters: Float64Array, histories: Histories, derivatives: Derivatives): number;
  /** P(alive at T) */
  alive(parameters: Float64Array, x: number, tx: number, T: number): number;
  /** Expected purchases in (T, T+t] of one who is alive at T; does not depend on t_x. */
  ordersIfAlive(parameters: Float64Array, x: number, T: number, t: number): number;
  /** P(at least one purchase in (T, T+t]) of one who is alive at T; does not depend on t_x. */
  returnIfAlive(parameters: Float64Array, x: number, T: number, t: number): number;
  /** Expected repeat purchases of a new customer in (0, t]. */
  ordersOfNew(parameters: Float64Array, t: number): number;
  /** Why these parameters describe nobody leaving (or everybody at once); undefined where they are sound. */
  degenerate(parameters: Float64Array): string | undefined;
}

/** Expected purchases in (T, T+t], alive or not. */
export function expectedOrders(
  model: PurchaseModel,
  parameters: Float64Array,
  row: { x: number; tx: number; T: number },
  t: number,
): number {
  return model.alive(parameters, row.x, row.tx, row.T) * model.ordersIfAlive(parameters, row.x, row.T, t);
}
