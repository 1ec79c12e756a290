/** Webhooks of platforms: told once. */
import type { StoreTransaction } from '../database/connect.ts';

/**
 * Notes that a webhook had its effect in this transaction. False: it had it before. Its body is not kept: what it said is in
 * the tables, and a copy of people's data would only have to be found again to be erased.
 */
export async function noteWebhook(
  tx: StoreTransaction,
  webhook: { source: string; key: string; at: Date },
): Promise<boolean> {
  const noted = await tx.run(
    `INSERT INTO webhook_inbox (store_id, source, vendor_event_id, received_at, processed_at, body)
     VALUES ($1, $2, $3, $4, $4, '') ON CONFLICT (store_id, source, vendor_event_id) DO NOTHING`,
    [tx.storeId, webhook.source, webhook.key, webhook.at],
  );
  return noted > 0;
}

/** Whether any platform of customers is still connected. */
export async function hasLiveConnection(tx: StoreTransaction): Promise<boolean> {
  const rows = await tx.rows(`SELECT FROM connections WHERE store_id = $1 AND state <> 'disconnected' LIMIT 1`, [
    tx.storeId,
  ]);
  return rows.length > 0;
}
