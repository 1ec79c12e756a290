/** What a simulation writes straight into a store, the broken variants among it, and what it reads at the end. */
import type { Database, StoreTransaction } from '@rekindle/core';
import type { Final } from './chronicle.ts';

export async function applySettings(
  tx: StoreTransaction,
  settings: { quietHours: { from: number; to: number }; cap: { messages: number; days: number } },
): Promise<void> {
  await tx.run('UPDATE stores SET settings = $2 WHERE id = $1', [tx.storeId, JSON.stringify(settings)]);
}

export async function movePeople(tx: StoreTransaction, zones: Map<string, string>): Promise<void> {
  await tx.run(
    `UPDATE customers c SET time_zone = z.zone FROM unnest($2::uuid[], $3::text[]) AS z (id, zone)
     WHERE c.store_id = $1 AND c.id = z.id`,
    [tx.storeId, [...zones.keys()], [...zones.values()]],
  );
}

/** She bought something: what a mail would ask for has happened. */
export async function buy(tx: StoreTransaction, customerId: string, at: Date): Promise<void> {
  await tx.run(
    'UPDATE customer_totals SET last_order_at = greatest(last_order_at, $3) WHERE store_id = $1 AND customer_id = $2',
    [tx.storeId, customerId, at],
  );
}

export async function readFinals(tx: StoreTransaction): Promise<Final[]> {
  return tx.rows<Final>(
    `SELECT id, customer_id AS "customerId", campaign_id AS "campaignId", state, state_reason AS reason
     FROM messages WHERE store_id = $1 ORDER BY id`,
    [tx.storeId],
  );
}

/** Broken: a no is acknowledged and forgotten. */
export async function forgetRefusals(tx: StoreTransaction): Promise<void> {
  await tx.run('DELETE FROM consents WHERE store_id = $1', [tx.storeId]);
  await tx.run('DELETE FROM suppressions WHERE store_id = $1', [tx.storeId]);
}

/** Whom a campaign writes to. */
export async function readTreated(tx: StoreTransaction, campaignId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT customer_id AS id FROM holdouts WHERE store_id = $1 AND campaign_id = $2 AND arm = 'treated' ORDER BY customer_id`,
    [tx.storeId, campaignId],
  );
  return rows.map((row) => row.id);
}

/** Deletes the store with all that is its own: a life leaves nothing, and the same store can live again. */
export async function forgetStore(database: Database, storeId: string): Promise<void> {
  await database.inStore(storeId, async (tx) => {
    const tables = await tx.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND column_name = 'store_id' AND table_type = 'BASE TABLE' ORDER BY table_name`,
    );
    for (const { name } of tables) await tx.run(`DELETE FROM "${name}" WHERE store_id = $1`, [storeId]);
  });
  await database.inDirectory(async (tx) => {
    const [gone] = await tx.rows<{ organisation: string }>(
      'DELETE FROM stores WHERE id = $1 RETURNING organisation_id AS organisation',
      [storeId],
    );
    await tx.run('DELETE FROM organisations WHERE id = $1', [gone?.organisation]);
  });
}
