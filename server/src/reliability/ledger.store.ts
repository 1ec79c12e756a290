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
       SELECT FROM attempts a WHERE a.store_id = $1 AND a.message_id = m.id AND a.error IS NOT NULL
         AND a.outcome IS DISTINCT FROM 'refused') AS doubted
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

/** How many messages stand in each state. */
export async function countStates(tx: StoreTransaction): Promise<Record<string, number>> {
  const rows = await tx.rows<{ state: string; count: number }>(
    'SELECT state, count(*)::int AS count FROM messages WHERE store_id = $1 GROUP BY state',
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
    `SELECT a.batch_id AS id, count(*)::int AS count FROM attempts a
     JOIN messages m ON m.store_id = a.store_id AND m.id = a.message_id AND m.token = a.token
     WHERE a.store_id = $1 AND a.batch_id = ANY ($2) AND m.state = $3 GROUP BY a.batch_id`,
    [tx.storeId, batchIds, state],
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
    `UPDATE messages m SET state = 'scheduled', lease_until = NULL FROM attempts a
     WHERE m.store_id = $1 AND a.store_id = $1 AND a.message_id = m.id AND a.token = m.token
       AND (m.state = 'in_doubt' OR m.state = 'claimed' AND a.batch_id = ANY ($2::uuid[]))`,
    [tx.storeId, batchIds ?? []],
  );

/** As senders do that note a mail when they take it: what was claimed is taken for sent. */
export const recordFirst: Break = (tx, batchIds) =>
  tx.run(
    `UPDATE messages m SET state = 'accepted', lease_until = NULL FROM attempts a
     WHERE m.store_id = $1 AND a.store_id = $1 AND a.message_id = m.id AND a.token = m.token
       AND (m.state = 'in_doubt' OR m.state = 'claimed' AND a.batch_id = ANY ($2::uuid[]))`,
    [tx.storeId, batchIds ?? []],
  );

/** The number of the server's process that serves this connection. */
export async function serverProcess(tx: Transaction): Promise<number> {
  const [row] = await tx.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return row?.pid ?? 0;
}
