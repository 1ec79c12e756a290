/**
 * Two customers are one: merged, with a record of what moved, and parted again where that was wrong. Runs under the store's
 * ingest lock; the caller's transaction has the temporary tables of orders.store.ts.
 */
import { z } from 'zod';
import { loadStore, noteChange } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import type { Keys } from '../ports.ts';
import { growDataVersion } from './imports.store.ts';
import { findTwins, followMerge } from './join.store.ts';
import { holdBoth, moveAll, moveBack } from './merge.store.ts';
import { customerOf, holdMerge, insertMerge, isThere, markUndone, renameIdentity, touch } from './merges.store.ts';
import { openStage } from './orders.store.ts';
import { refreshTotals } from './totals.store.ts';

export interface Merging {
  kept: string;
  gone: string;
  /** email, phone: they have it in common. platform: it says so. person: somebody of the store does */
  reason: 'email' | 'phone' | 'platform' | 'person';
  actor: string;
}

const moved = z.object({
  gone: z.unknown(),
  before: z.unknown(),
  after: z.unknown(),
  identities: z.array(z.object({ platform: z.string(), external_id: z.string() })),
  rows: z.record(z.string(), z.array(z.string())),
  dropped: z.record(z.string(), z.array(z.unknown())),
  messages: z.array(z.object({ id: z.string(), occurrence: z.number(), scheduled: z.boolean() })),
  consents: z.array(z.unknown()),
  copies: z.array(z.string()),
});

/** Merges in the caller's transaction. False: one of them is not there. */
export async function mergeInStore(tx: StoreTransaction, keys: Keys, merging: Merging, at: Date): Promise<boolean> {
  const { kept, gone, reason, actor } = merging;
  if (kept === gone || !(await holdBoth(tx, kept, gone))) return false;
  const what = await moveAll(tx, kept, gone, at);
  const sealed = keys.encrypt(contextOf(tx, kept, gone), Buffer.from(JSON.stringify(what)));
  await insertMerge(tx, { kept, gone, reason, actor, at, sealed });
  await noteChange(tx, { at, actor, action: 'customers.merged', subject: kept });
  await touch(tx, [kept]);
  return true;
}

/** Merges whoever the words of `resolved` show to be one. Gives how many went. */
export async function mergeTwins(tx: StoreTransaction, keys: Keys, at: Date): Promise<number> {
  let merged = 0;
  for (;;) {
    const twins = await findTwins(tx);
    const before = merged;
    for (const pair of twins) {
      if (!(await mergeInStore(tx, keys, { ...pair, actor: 'stage:ingest' }, at))) continue;
      await followMerge(tx, pair);
      merged++;
    }
    if (merged === before) return merged;
  }
}

export interface ToldMerge {
  platform: string;
  /** Their ids on the platform: `from` became part of `into` */
  from: string;
  into: string;
}

/** The platform has made one of two people of its own. False: it changes nothing here. */
export async function mergeOnPlatform(tx: StoreTransaction, keys: Keys, told: ToldMerge, at: Date): Promise<boolean> {
  await openStage(tx);
  if (!(await mergeTold(tx, keys, { ...told, actor: `webhook:${told.platform}` }, at))) return false;
  await settle(tx);
  return true;
}

/** The same where the stage is open and the caller reckons the totals. */
export async function mergeTold(
  tx: StoreTransaction,
  keys: Keys,
  told: ToldMerge & { actor: string },
  at: Date,
): Promise<boolean> {
  const from = await customerOf(tx, told.platform, told.from);
  if (from === undefined) return false;
  const into = await customerOf(tx, told.platform, told.into);
  const merging = { reason: 'platform', actor: told.actor } as const;
  if (into !== undefined && into !== from) await mergeInStore(tx, keys, { ...merging, kept: into, gone: from }, at);
  await renameIdentity(tx, told.platform, told.from, told.into);
  return true;
}

/** Makes two customers one because somebody of the store says so. Throws `not_found`. */
export async function mergeCustomers(
  engine: Pick<Engine, 'database' | 'keys' | 'clock'>,
  storeId: string,
  pair: { kept: string; gone: string },
  actor: string,
): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => {
    await openStage(tx);
    const done = await mergeInStore(tx, engine.keys, { ...pair, reason: 'person', actor }, engine.clock.now());
    if (!done) throw fail('not_found', 'One of these customers is not there (any more).');
    await settle(tx);
  });
}

/**
 * Parts two customers whose merge was wrong: everything that moved goes back, and the two are not joined by the same facts
 * again. Throws `not_found`, or `conflict` where the one who stayed has become part of somebody else since.
 */
export async function undoMerge(
  engine: Pick<Engine, 'database' | 'keys' | 'clock'>,
  storeId: string,
  mergeId: number,
  actor: string,
): Promise<void> {
  const at = engine.clock.now();
  await engine.database.inStore(storeId, async (tx) => {
    await openStage(tx);
    const merge = await holdMerge(tx, mergeId);
    if (merge === undefined) throw fail('not_found', 'There is no such merge, or it has been undone already.');
    const { kept, gone } = merge;
    if (!(await isThere(tx, kept)))
      throw fail('conflict', 'This customer has become part of another since. Undo that merge first.');
    const opened = engine.keys.decrypt(contextOf(tx, kept, gone), merge.sealed).toString();
    await moveBack(tx, kept, gone, moved.parse(JSON.parse(opened)));
    await markUndone(tx, mergeId, at);
    await noteChange(tx, { at, actor, action: 'customers.parted', subject: kept });
    await touch(tx, [kept, gone]);
    await settle(tx);
  });
}

async function settle(tx: StoreTransaction): Promise<void> {
  await refreshTotals(tx, (await loadStore(tx)).timeZone, 'touched');
  await growDataVersion(tx);
}

function contextOf(tx: StoreTransaction, kept: string, gone: string): string {
  return `${tx.storeId}/merges/${kept}/${gone}/moved`;
}
