/**
 * Variants of one mail held against each other, by the engine that measures campaigns: every pair's difference with CUPED and
 * an interval that holds at every look. Chance to win and expected loss stand beside it as a second view.
 *
 * The rule for a winner: on the deciding metric (orders, unless the merchant chose revenue or clicks) it is above every other
 * variant, each pair's interval clear of zero at a level shared out over all pairs; and no other variant loses surely fewer
 * people by unsubscribing. Opens decide nothing: machines open mails. Pure.
 */
import { estimateEffect, type ArmSums } from '../estimate.ts';
import { BROKEN_BELOW, CONFIDENCE } from '../effect.ts';
import { sampleRatioPValue } from '../statistics/ratio.ts';
import { normalBelief, standings } from './best.ts';

export const VARIANT_METRICS = ['orders', 'revenue', 'clicks', 'unsubscribes'] as const;
export type VariantMetric = (typeof VARIANT_METRICS)[number];
/** What may decide; unsubscribes may only forbid. */
export type DecidingMetric = Exclude<VariantMetric, 'unsubscribes'>;

export interface VariantArm {
  key: string;
  /** Share of people that it was given */
  weight: number;
  sums: Record<VariantMetric, ArmSums>;
}

/** Per person; minor units for revenue. */
export interface VariantStanding {
  key: string;
  people: number;
  mean: number;
  /** Of being the best: for unsubscribes that is the lowest */
  chanceToWin: number;
  expectedLoss: number;
}

export interface Duel {
  variant: string;
  against: string;
  difference: number;
  low: number;
  high: number;
  pValue: number;
}

export interface VariantComparison {
  srm: { pValue: number; ok: boolean };
  metrics: Record<VariantMetric, { standings: VariantStanding[]; duels: Duel[] }>;
  deciding: DecidingMetric;
  winner: string | null;
  /** The rule as it came out */
  reason: 'won' | 'not_yet' | 'broken' | 'unsubscribes' | 'one_variant';
}

/** Compares variants, in the order of their keys. `progress`: share of the window gone. */
export function compareVariants(
  given: VariantArm[],
  options: { deciding: DecidingMetric; progress: number },
): VariantComparison {
  const arms = [...given].sort((a, b) => (a.key < b.key ? -1 : 1));
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0);
  const pValue = sampleRatioPValue(
    arms.map((arm) => arm.sums.orders.n),
    arms.map((arm) => arm.weight / total),
  );
  const srm = { pValue, ok: arms.length < 2 || pValue >= BROKEN_BELOW };
  const metrics = Object.fromEntries(
    VARIANT_METRICS.map((metric) => [
      metric,
      { standings: standingsOf(arms, metric), duels: duelsOf(arms, metric, options.progress) },
    ]),
  ) as VariantComparison['metrics'];
  return { srm, metrics, deciding: options.deciding, ...decide(arms, metrics, options.deciding, srm.ok) };
}

/** Every ordered pair; the level is shared over the unordered ones (Bonferroni). */
function duelsOf(arms: VariantArm[], metric: VariantMetric, progress: number): Duel[] {
  const pairs = (arms.length * (arms.length - 1)) / 2;
  const alpha = (1 - CONFIDENCE) / Math.max(1, pairs);
  return arms.flatMap((one, i) =>
    arms.slice(i + 1).map((other) => {
      const effect = estimateEffect({ treated: one.sums[metric], holdout: other.sums[metric], progress, alpha });
      const { difference, low, high } = effect;
      const corrected = Math.min(1, effect.pValue * pairs);
      return { variant: one.key, against: other.key, difference, low, high, pValue: corrected };
    }),
  );
}

function standingsOf(arms: VariantArm[], metric: VariantMetric): VariantStanding[] {
  // For unsubscribes less is better: turned round, "largest" is the best again.
  const sign = metric === 'unsubscribes' ? -1 : 1;
  const items = arms.map(({ key, sums }) => {
    const { n, y, yy } = sums[metric];
    const mean = n > 0 ? y / n : 0;
    const variance = n > 1 ? Math.max(0, yy - n * mean * mean) / (n - 1) / n : 0;
    return { key, people: n, mean, belief: normalBelief(sign * mean, Math.sqrt(variance) || Number.EPSILON) };
  });
  return standings(items).map(({ key, people, mean, chanceToWin, expectedLoss }) => ({
    key,
    people,
    mean,
    chanceToWin,
    expectedLoss,
  }));
}

function decide(
  arms: VariantArm[],
  metrics: VariantComparison['metrics'],
  deciding: DecidingMetric,
  ratioHolds: boolean,
): Pick<VariantComparison, 'winner' | 'reason'> {
  if (arms.length < 2) return { winner: null, reason: 'one_variant' };
  if (!ratioHolds) return { winner: null, reason: 'broken' };
  const best = arms.find(({ key }) => metrics[deciding].duels.every((duel) => isAbove(duel, key) !== false));
  if (!best) return { winner: null, reason: 'not_yet' };
  const drivesAway = metrics.unsubscribes.duels.some((duel) => isAbove(duel, best.key) === true);
  return drivesAway ? { winner: null, reason: 'unsubscribes' } : { winner: best.key, reason: 'won' };
}

/** Whether this variant is surely above in the duel; null where it takes no part. */
function isAbove({ variant, against, low, high }: Duel, key: string): boolean | null {
  if (variant === key) return low > 0;
  return against === key ? high < 0 : null;
}
