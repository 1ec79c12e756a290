/** What is kept of one person, table by table. */
import type { StoreTransaction } from '../database/connect.ts';

const OF_A_PERSON: Record<string, string> = {
  customer: 'SELECT t.* FROM customers t WHERE t.store_id = $1 AND t.id = $2',
  identities: 'SELECT t.* FROM identities t WHERE t.store_id = $1 AND t.customer_id = $2',
  consents: 'SELECT t.* FROM consents t WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.at',
  preferences: 'SELECT t.* FROM preferences t WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.at',
  orders: `SELECT t.*, (SELECT jsonb_agg(jsonb_build_object('product', p.name, 'quantity', n.quantity, 'amount', n.amount)) FROM order_lines l
    CROSS JOIN unnest(l.product_ids, l.quantities, l.amounts) AS n (product_id, quantity, amount)
    LEFT JOIN products p ON p.id = n.product_id WHERE l.store_id = $1 AND l.order_id = t.id) AS lines
    FROM orders t WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.ordered_at`,
  scores: 'SELECT t.* FROM scores t WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.version',
  segments: `SELECT s.name, t.* FROM segment_members t JOIN segments s ON s.id = t.segment_id WHERE t.store_id = $1 AND t.customer_id = $2`,
  campaigns: `SELECT c.name, t.arm, t.reason, t.decided_at FROM holdouts t JOIN campaigns c ON c.id = t.campaign_id
    WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.decided_at`,
  messages: 'SELECT t.* FROM messages t WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.created_at',
  events: 'SELECT t.* FROM events t WHERE t.store_id = $1 AND t.customer_id = $2 ORDER BY t.at',
};

export async function gatherPerson(tx: StoreTransaction, customerId: string): Promise<Record<string, unknown[]>> {
  const gathered: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(OF_A_PERSON)) gathered[name] = await tx.rows(sql, [tx.storeId, customerId]);
  return gathered;
}

export async function insertExport(
  tx: StoreTransaction,
  one: { id: string; customerId: string; platform: string; at: Date; sealed: Buffer },
): Promise<void> {
  await tx.run(
    `INSERT INTO personal_exports (id, store_id, customer_id, platform, at, body) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO NOTHING`,
    [one.id, tx.storeId, one.customerId, one.platform, one.at, one.sealed],
  );
}

/** Notes that somebody has fetched it. */
export async function readSealedExport(tx: StoreTransaction, id: string, now: Date): Promise<Buffer | undefined> {
  const [row] = await tx.rows<{ body: Buffer }>(
    `UPDATE personal_exports SET fetched_at = coalesce(fetched_at, $3) WHERE store_id = $1 AND id::text = $2 RETURNING body`,
    [tx.storeId, id, now],
  );
  return row?.body;
}

export interface ListedExport {
  id: string;
  customerId: string;
  platform: string;
  at: Date;
  fetchedAt: Date | null;
}

/** Newest first. */
export function listExports(tx: StoreTransaction): Promise<ListedExport[]> {
  return tx.rows<ListedExport>(
    `SELECT id, customer_id AS "customerId", platform, at, fetched_at AS "fetchedAt" FROM personal_exports
     WHERE store_id = $1 ORDER BY at DESC, id LIMIT 50`,
    [tx.storeId],
  );
}
