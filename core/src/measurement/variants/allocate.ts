/**
 * Batched Thompson sampling (Chapelle and Li, NIPS 2011): each person of a batch gets a variant with the chance that it is the
 * best one, given all batches before. The chances are computed, not sampled, and who gets what is the keyed draw: the log of a
 * batch is enough to replay it. Pure.
 */
import { draw } from '../draw.ts';
import { shareBelief, standings } from './best.ts';

/** No variant falls below this share while the test runs: what is not shown is not learned. */
const LEAST_SHARE = 0.05;

/** What was known when a batch was dealt: people who got the variant, and those who did what counts. */
export interface VariantRecord {
  key: string;
  trials: number;
  successes: number;
}

/** One dealt batch as it is logged. */
export interface Allocation {
  batch: number;
  /** By key */
  records: VariantRecord[];
  shares: { key: string; share: number }[];
}

/** Shares of the next batch. */
export function allocate(batch: number, given: VariantRecord[]): Allocation {
  const records = [...given].sort((a, b) => (a.key < b.key ? -1 : 1));
  const least = Math.min(LEAST_SHARE, 1 / records.length);
  const room = 1 - least * records.length;
  const shares = standings(
    records.map(({ key, successes, trials }) => ({ key, belief: shareBelief(successes, trials) })),
  ).map(({ key, chanceToWin }) => ({ key, share: least + room * chanceToWin }));
  return { batch, records, shares };
}

/** The variant of one person in a batch: the keyed draw against the running sum of shares. */
export function dealVariant(
  { batch, shares }: Allocation,
  drawKey: string,
  campaignKey: string,
  customerKey: string,
): string {
  const at = draw(drawKey, JSON.stringify([campaignKey, 'variant', batch]), customerKey);
  let sum = 0;
  let dealt = '';
  for (const { key, share } of shares) {
    sum += share;
    dealt = key;
    if (at < sum) break;
  }
  return dealt;
}

/** Whether a logged batch comes out the same when it is dealt again from what was known. */
export function replays(logged: Allocation): boolean {
  return JSON.stringify(allocate(logged.batch, logged.records)) === JSON.stringify(logged);
}
