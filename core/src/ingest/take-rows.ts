/** Rows that a platform tells by itself, into the tables in the caller's transaction: the same merge as a pull's, in one piece. */
import { loadStore } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Keys, PullBatch } from '../ports.ts';
import { growDataVersion } from './imports.store.ts';
import { mergeTold, mergeTwins } from './merge.ts';
import { mergeOrders, mergeProducts, openStage, stagePeople } from './orders.store.ts';
import { stageOrders } from './orders.ts';
import { mergePeople } from './people.store.ts';
import { noneRejected } from './rejected.ts';
import { refreshTotals } from './totals.store.ts';
import { zonesOfCountries } from './zones.ts';

/** `at`: as of when the platform says so; what it has said later already stays. Gives the number of things that changed. */
export async function takeRows(
  tx: StoreTransaction,
  keys: Keys,
  told: { platform: string; batch: PullBatch; at: Date },
): Promise<number> {
  const { platform, batch, at } = told;
  const store = await loadStore(tx);
  await openStage(tx);
  // A row that cannot be taken is left out, as in a pull; the next pull counts it.
  const staging = stageOrders({ storeId: store.id, platform, currency: store.currency, rejected: noneRejected() });
  for (const customer of batch.customers ?? []) staging.people.fromList(customer, at.getTime());
  for (const line of batch.orderLines ?? []) staging.add(line);
  const source = { platform, currency: store.currency, toldAt: at };
  const orders = await mergeOrders(tx, source, staging.take('all'), { mayKnow: true, note: true });
  await stagePeople(tx, { ...staging.people.take('all'), products: staging.products.take('all') });
  const people = await mergePeople(
    tx,
    { platform, at, repeats: true, once: staging.people.overflows() === 0 },
    zonesOfCountries(),
  );
  let merged = await mergeTwins(tx, keys, at);
  for (const pair of batch.merged ?? [])
    if (await mergeTold(tx, keys, { ...pair, platform, actor: `webhook:${platform}` }, at)) merged++;
  await mergeProducts(tx, platform);
  await refreshTotals(tx, store.timeZone, 'touched');
  const changed =
    merged + orders.orders + orders.lines + orders.changed + people.customers + people.changed + people.consents;
  if (changed > 0) await growDataVersion(tx);
  return changed;
}
