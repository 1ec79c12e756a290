/** Webhooks that wait for their effect: verified, kept, and not yet recorded. */
import type { StoreTransaction } from '../database/connect.ts';

export interface Parked {
  source: string;
  /** Names the webhook, so that its copies are one */
  key: string;
  /** Verified events as JSON */
  body: string;
  at: Date;
  error?: unknown;
}

/** Keeps a webhook for later. A copy of a kept one changes nothing. */
export async function park(tx: StoreTransaction, webhook: Parked): Promise<void> {
  await tx.run(
    `INSERT INTO webhook_inbox (store_id, source, vendor_event_id, received_at, body, error)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (store_id, source, vendor_event_id) DO NOTHING`,
    [
      tx.storeId,
      webhook.source,
      webhook.key,
      webhook.at,
      Buffer.from(webhook.body),
      webhook.error === undefined ? null : whyOf(webhook.error),
    ],
  );
}

export interface Waiting {
  id: number;
  source: string;
  receivedAt: Date;
  body: Buffer;
}

/** The oldest waiting webhooks after `afterId`. */
export async function waiting(tx: StoreTransaction, afterId: number, limit: number): Promise<Waiting[]> {
  return tx.rows<Waiting>(
    `SELECT id, source, received_at AS "receivedAt", body FROM webhook_inbox
     WHERE store_id = $1 AND processed_at IS NULL AND id > $2 ORDER BY id LIMIT $3`,
    [tx.storeId, afterId, limit],
  );
}

/** Takes a webhook for this transaction; false where somebody else has it or it is done. */
export async function take(tx: StoreTransaction, id: number): Promise<boolean> {
  const rows = await tx.rows(
    'SELECT FROM webhook_inbox WHERE store_id = $1 AND id = $2 AND processed_at IS NULL FOR UPDATE SKIP LOCKED',
    [tx.storeId, id],
  );
  return rows.length > 0;
}

export async function markDone(tx: StoreTransaction, id: number, at: Date): Promise<void> {
  await tx.run('UPDATE webhook_inbox SET processed_at = $3, error = NULL WHERE store_id = $1 AND id = $2', [
    tx.storeId,
    id,
    at,
  ]);
}

/** Leaves it waiting and says why. */
export async function markFailed(tx: StoreTransaction, id: number, error: unknown): Promise<void> {
  await tx.run('UPDATE webhook_inbox SET error = $3 WHERE store_id = $1 AND id = $2', [tx.storeId, id, whyOf(error)]);
}

/** Only what an error calls itself: its text may quote a row. */
function whyOf(error: unknown): string {
  return error instanceof Error ? `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}` : 'unknown';
}
