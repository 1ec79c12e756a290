/**
 * Offer response: does this person need the discount, or would she order without it? Two logistic regressions on a randomised
 * trial of the same mail with and without the offer (a T-learner: Künzel, Sekhon, Bickel & Yu, PNAS 116(10), 2019), judged on
 * people neither has seen. An offer pays for one person where p₁·(1 - c) > p₀: what it costs on all who order with it is less
 * than what the additional orders bring (c: the offer's share of an order's value).
 */
import { fitLogistic, logisticChance, type Logistic } from './logistic.ts';

export interface OfferTrial {
  /** Row by row, rows × names */
  features: Float64Array;
  names: readonly string[];
  /** 1: the mail had the offer; dealt at random */
  offered: Uint8Array;
  /** 1: ordered */
  ordered: Uint8Array;
  /** The offer's cost as a share of an order's value, 0..1 */
  cost: number;
}

export type OfferAdvice = 'by_person' | 'to_all' | 'to_nobody';

export interface OfferResponse {
  withOffer: Logistic;
  without: Logistic;
  cost: number;
  people: { offered: number; plain: number };
  /** Shares that ordered, and their difference with 95 % bounds */
  rates: { offered: number; plain: number };
  effect: { estimate: number; low: number; high: number };
  /** The same less what the offer cost, per person and unit of order value: above 0 it pays */
  net: { estimate: number; low: number; high: number };
  /** How much more the offer moves the half said to need it than the other half, in standard errors; on people unseen */
  heterogeneity: number;
  advice: OfferAdvice;
  warnings: string[];
}

/** Orders an arm below which nothing is learned. */
const NEEDED_ORDERS = 50;
const FOLDS = 4;
/** One-sided 0.5 %: people are held to be alike unless they clearly are not. */
const CLEARLY = 2.576;
const Z = 1.959963984540054;

export function fitOfferResponse(trial: OfferTrial): OfferResponse {
  const rows = trial.ordered.length;
  const arm = (offered: 0 | 1, keep: (row: number) => boolean = () => true): number[] =>
    Array.from(trial.offered.keys()).filter((row) => trial.offered[row] === offered && keep(row));
  const fit = (chosen: number[]): Logistic => fitLogistic(pickRows(trial, chosen));
  const [offered, plain] = [arm(1), arm(0)];
  const rate = (chosen: number[]): number =>
    chosen.reduce((sum, row) => sum + trial.ordered[row]!, 0) / Math.max(1, chosen.length);
  const [p1, p0] = [rate(offered), rate(plain)];
  const [v1, v0] = [(p1 * (1 - p1)) / Math.max(1, offered.length), (p0 * (1 - p0)) / Math.max(1, plain.length)];
  const effect = around(p1 - p0, Math.sqrt(v1 + v0));
  const net = around(p1 * (1 - trial.cost) - p0, Math.sqrt(v1 * (1 - trial.cost) ** 2 + v0));
  const heterogeneity = unseenHeterogeneity(trial, rows, (fold) => ({
    withOffer: fit(arm(1, (row) => row % FOLDS !== fold)),
    without: fit(arm(0, (row) => row % FOLDS !== fold)),
  }));
  const orders = [offered, plain].map((chosen) => chosen.reduce((sum, row) => sum + trial.ordered[row]!, 0));
  const fewest = Math.min(...orders);
  return {
    withOffer: fit(offered),
    without: fit(plain),
    cost: trial.cost,
    people: { offered: offered.length, plain: plain.length },
    rates: { offered: p1, plain: p0 },
    effect,
    net,
    heterogeneity,
    advice: heterogeneity > CLEARLY ? 'by_person' : net.low > 0 ? 'to_all' : 'to_nobody',
    warnings:
      fewest < NEEDED_ORDERS
        ? [`too_few_orders: ${String(fewest)} in the smaller group, ${String(NEEDED_ORDERS)} are needed`]
        : [],
  };
}

/** How much the offer changes this person's chance to order. */
export function offerUplift(model: OfferResponse, features: ArrayLike<number>): number {
  return logisticChance(model.withOffer, features) - logisticChance(model.without, features);
}

/** What the offer brings on this person after its cost, in values of an order; above 0 it pays. */
export function offerNet(model: OfferResponse, features: ArrayLike<number>): number {
  return logisticChance(model.withOffer, features) * (1 - model.cost) - logisticChance(model.without, features);
}

/** Whether the offer pays for this person; by the average where people are not known to differ. */
export function needsOffer(model: OfferResponse, features: ArrayLike<number>): boolean {
  if (model.advice !== 'by_person') return model.advice === 'to_all';
  return offerNet(model, features) > 0;
}

function around(estimate: number, error: number): { estimate: number; low: number; high: number } {
  return { estimate, low: estimate - Z * error, high: estimate + Z * error };
}

/** Effect in the half that unseen models rank higher less that in the other, over its standard error. */
function unseenHeterogeneity(
  trial: OfferTrial,
  rows: number,
  models: (fold: number) => { withOffer: Logistic; without: Logistic },
): number {
  const k = trial.names.length;
  const gains = new Float64Array(rows);
  for (let fold = 0; fold < FOLDS; fold++) {
    const { withOffer, without } = models(fold);
    for (let row = fold; row < rows; row += FOLDS) {
      const own = trial.features.subarray(row * k, row * k + k);
      gains[row] = logisticChance(withOffer, own) - logisticChance(without, own);
    }
  }
  const middle = gains.toSorted()[Math.floor(rows / 2)] ?? 0;
  // Cells by half and arm: people and orders.
  const people = [0, 0, 0, 0];
  const orders = [0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const cell = (gains[row]! > middle ? 2 : 0) + trial.offered[row]!;
    people[cell]! += 1;
    orders[cell]! += trial.ordered[row]!;
  }
  if (people.some((count) => count < 2)) return 0;
  const shares = orders.map((count, cell) => count / people[cell]!);
  const variance = shares.reduce((sum, share, cell) => sum + (share * (1 - share)) / people[cell]!, 0);
  const difference = shares[3]! - shares[2]! - (shares[1]! - shares[0]!);
  return variance > 0 ? difference / Math.sqrt(variance) : 0;
}

function pickRows(trial: OfferTrial, chosen: number[]) {
  const k = trial.names.length;
  const features = new Float64Array(chosen.length * k);
  chosen.forEach((row, i) => {
    features.set(trial.features.subarray(row * k, row * k + k), i * k);
  });
  return { features, names: trial.names, outcome: Uint8Array.from(chosen, (row) => trial.ordered[row]!) };
}
