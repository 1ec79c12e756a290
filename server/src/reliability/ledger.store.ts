/** What the trials read of the ledger, and the two well-known ways of doing it wrong that they must catch. */
import type { StoreTransaction, Transaction } from '@rekindle/core';

export interface LedgerRow {
  id: string;
  state: string;
  reason: string | null;
  /** It was in doubt at some time */
  doubted: boolean;
}

/** Every message, as it stands at the end. */
export async function readLedger(tx: StoreTransaction): Promise<LedgerRow[]> {
  return tx.rows<LedgerRow>(
    `SELECT m.id, m.state, m.state_reason AS reason, EXISTS (
       SELECT FROM attempts a WHERE a.store_id = $1 AND a.error IS NOT NULL AND a.outcome IS DISTINCT FROM 'refused'
         AND m.id = ANY (a.message_ids)) AS doubted
     FROM messages m WHERE m.store_id = $1 ORDER BY m.id`,
    [tx.storeId],
  );
}

export interface Waiting {
  messageId: string;
  customerId: string;
}

/** Messages that are not sent yet, in the order in which they are claimed. */
export async function readWaiting(tx: StoreTransaction): Promise<Waiting[]> {
  return tx.rows<Waiting>(
    `SELECT id AS "messageId", customer_id AS "customerId" FROM messages
     WHERE store_id = $1 AND state = 'scheduled' ORDER BY scheduled_at, id`,
    [tx.storeId],
  );
}

/** How many messages stand in each state; `claimed` are those that an attempt names of which nothing is known yet. */
export async function countStates(tx: StoreTransaction): Promise<Record<string, number>> {
  const rows = await tx.rows<{ state: string; count: number }>(
    `SELECT CASE WHEN state = 'scheduled' AND id IN (SELECT unnest(message_ids) FROM attempts WHERE store_id = $1 AND outcome IS NULL)
       THEN 'claimed' ELSE state END AS state, count(*)::int AS count
     FROM messages WHERE store_id = $1 GROUP BY 1`,
    [tx.storeId],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** Which of these claims are still open (or in doubt), and how many messages each holds. */
export async function openClaims(
  tx: StoreTransaction,
  batchIds: string[],
  state: 'claimed' | 'in_doubt' = 'claimed',
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; count: number }>(
    state === 'claimed'
      ? `SELECT id, cardinality(message_ids) AS count FROM attempts
         WHERE store_id = $1 AND id = ANY ($2) AND outcome IS NULL AND cardinality(message_ids) > 0`
      : `SELECT attempt_id AS id, count(*)::int AS count FROM messages
         WHERE store_id = $1 AND attempt_id = ANY ($2) AND state = 'in_doubt' GROUP BY attempt_id`,
    [tx.storeId, batchIds],
  );
  return new Map(rows.map((row) => [row.id, row.count]));
}

export async function widenHours(tx: StoreTransaction): Promise<void> {
  await tx.run(`UPDATE stores SET settings = '{"quietHours": {"from": 0, "to": 0}}' WHERE id = $1`, [tx.storeId]);
}

/** A way of doing it wrong, done to the claims of a worker that is gone, or to all that is in doubt. */
export type Break = (tx: StoreTransaction, batchIds?: string[]) => Promise<unknown>;

/** As queues do: what a worker left is given to the next one. */
export const sendAgain: Break = (tx, batchIds) =>
  tx.run(
    `WITH let_go AS (UPDATE attempts SET outcome = 'not_sent' WHERE store_id = $1 AND outcome IS NULL AND id = ANY ($2::uuid[])
       RETURNING message_ids)
     UPDATE messages SET state = 'scheduled', token = CASE WHEN state = 'scheduled' THEN token + 1 ELSE token END
     WHERE store_id = $1 AND (state = 'in_doubt' OR state = 'scheduled' AND id IN (SELECT unnest(message_ids) FROM let_go))`,
    [tx.storeId, batchIds ?? []],
  );

/** As senders do that note a mail when they take it: what was claimed is taken for sent. */
export const recordFirst: Break = (tx, batchIds) =>
  tx.run(
    `WITH taken AS (UPDATE attempts SET outcome = 'accepted' WHERE store_id = $1 AND outcome IS NULL AND id = ANY ($2::uuid[])
       RETURNING message_ids)
     UPDATE messages SET state = 'accepted' WHERE store_id = $1
       AND (state = 'in_doubt' OR state = 'scheduled' AND id IN (SELECT unnest(message_ids) FROM taken))`,
    [tx.storeId, batchIds ?? []],
  );

/** The number of the server's process that serves this connection. */
export async function serverProcess(tx: Transaction): Promise<number> {
  const [row] = await tx.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return row?.pid ?? 0;
}
