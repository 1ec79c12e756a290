/**
 * What all campaigns together bring, against the store-wide control: people who never get anything, drawn once and for good.
 * Everybody who was in the audience of a campaign, mailed or held back in it, counts as treated from the first time on; whoever
 * would have been, but for the control, as held back. Uses the same engine as a campaign, over a window of a year.
 */
import type { Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { judge, type Effect, type Metric } from './effect.ts';
import { joinAsSets } from './outcomes.store.ts';
import { sumStoreControl } from './store-control.store.ts';

const YEAR = 365 * 86_400_000;

/** Null: the store has no control, or nobody has been in a campaign yet. */
export async function storeControlEffect(
  tx: StoreTransaction,
  store: Pick<Store, 'id' | 'currency' | 'controlShare' | 'dataVersion'>,
  now: Date,
): Promise<Record<Metric, Effect> | null> {
  if (store.controlShare <= 0) return null;
  await joinAsSets(tx);
  const seen = await sumStoreControl(tx, store.currency, now);
  if (!seen) return null;
  const effects = judge({
    campaignId: store.id,
    currency: store.currency,
    holdoutShare: store.controlShare,
    from: seen.from,
    until: new Date(seen.from.getTime() + YEAR),
    now,
    cap: seen.cap,
    sums: seen.sums,
    buyers: seen.buyers,
    treatedRevenue: seen.treatedRevenue,
    attributed: { orders: 0, revenue: 0, windowDays: 0 },
    dataVersion: store.dataVersion,
  });
  return Object.fromEntries(effects.map((effect) => [effect.metric, effect])) as Record<Metric, Effect>;
}
