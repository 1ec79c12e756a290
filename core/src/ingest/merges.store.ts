/** The record of merges. */
import type { StoreTransaction } from '../database/connect.ts';

export interface MergeRow {
  kept: string;
  gone: string;
  reason: string;
  actor: string;
  at: Date;
  sealed: Buffer;
}

export async function insertMerge(tx: StoreTransaction, merge: MergeRow): Promise<number> {
  const [row] = await tx.rows<{ id: number }>(
    'INSERT INTO merges (store_id, kept_id, gone_id, reason, actor, at, moved) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id',
    [tx.storeId, merge.kept, merge.gone, merge.reason, merge.actor, merge.at, merge.sealed],
  );
  return row?.id ?? 0;
}

/** One that has not been undone yet, held until the transaction ends. */
export async function holdMerge(
  tx: StoreTransaction,
  id: number,
): Promise<{ kept: string; gone: string; sealed: Buffer } | undefined> {
  const [row] = await tx.rows<{ kept: string; gone: string; sealed: Buffer }>(
    `SELECT kept_id AS kept, gone_id AS gone, moved AS sealed FROM merges
     WHERE store_id = $1 AND id = $2 AND undone_at IS NULL FOR UPDATE`,
    [tx.storeId, id],
  );
  return row;
}

/** Whether the customer who stayed has become part of another since. */
export async function isThere(tx: StoreTransaction, customerId: string): Promise<boolean> {
  const rows = await tx.rows('SELECT FROM customers WHERE store_id = $1 AND id = $2', [tx.storeId, customerId]);
  return rows.length > 0;
}

export async function markUndone(tx: StoreTransaction, id: number, at: Date): Promise<void> {
  await tx.run('UPDATE merges SET undone_at = $3 WHERE store_id = $1 AND id = $2', [tx.storeId, id, at]);
}

export interface ListedMerge {
  id: number;
  kept: string;
  gone: string;
  reason: string;
  actor: string;
  at: Date;
  undoneAt: Date | null;
}

/** Newest first. */
export function listMerges(tx: StoreTransaction, limit = 100): Promise<ListedMerge[]> {
  return tx.rows<ListedMerge>(
    `SELECT id, kept_id AS kept, gone_id AS gone, reason, actor, at, undone_at AS "undoneAt" FROM merges
     WHERE store_id = $1 ORDER BY id DESC LIMIT $2`,
    [tx.storeId, limit],
  );
}

/** Has these customers' totals reckoned again at the end of the merge (totals.store.ts). */
export async function touch(tx: StoreTransaction, customerIds: string[]): Promise<void> {
  await tx.run('INSERT INTO touched SELECT unnest($1::uuid[])', [customerIds]);
}

/** The customer of a platform's id; undefined: nobody's. */
export async function customerOf(
  tx: StoreTransaction,
  platform: string,
  externalId: string,
): Promise<string | undefined> {
  const [row] = await tx.rows<{ customer_id: string }>(
    'SELECT customer_id FROM identities WHERE store_id = $1 AND platform = $2 AND external_id = $3',
    [tx.storeId, platform, externalId],
  );
  return row?.customer_id;
}

/** The platform has given up an id for another. */
export async function renameIdentity(
  tx: StoreTransaction,
  platform: string,
  from: string,
  into: string,
): Promise<void> {
  await tx.run(
    `INSERT INTO identities (store_id, platform, external_id, customer_id, email, email_verified, phone, told_at)
     SELECT store_id, platform, $4, customer_id, email, email_verified, phone, told_at FROM identities
     WHERE store_id = $1 AND platform = $2 AND external_id = $3
     ON CONFLICT (store_id, platform, external_id) DO NOTHING`,
    [tx.storeId, platform, from, into],
  );
  await tx.run('DELETE FROM identities WHERE store_id = $1 AND platform = $2 AND external_id = $3', [
    tx.storeId,
    platform,
    from,
  ]);
}
