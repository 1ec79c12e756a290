/** What a rule may ask of one person, as plain values. Null: not known. */
import type { NumberField, RankField } from './rule.ts';

export type Facts = Record<NumberField, number | null> & {
  life_stage: string | null;
  country: string | null;
  /** BCP 47 */
  language: string | null;
  has_email: boolean;
  has_phone: boolean;
  /** Products bought and days from the newest purchase of each to the scoring. */
  bought: { productId: string; daysAgo: number }[];
};

/** Smallest figure that still belongs to the best share, by field and share: what the person is compared with. */
export type Thresholds = (field: RankField, share: number) => number | null;

/**
 * The figure that the best `share` of all have at least: PostgreSQL's percentile_disc(1 - share), that is the first figure
 * in rising order whose place is at least (1 - share) of the way. Null where nobody has the figure.
 */
export function thresholdOf(figures: number[], share: number): number | null {
  const rising = figures.toSorted((a, b) => a - b);
  return rising[Math.max(1, Math.ceil((1 - share) * rising.length)) - 1] ?? null;
}
