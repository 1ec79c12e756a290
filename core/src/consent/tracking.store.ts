/**
 * Whether opens and clicks of a person's mails may be counted: a record of its own beside the one for the mails (channel
 * `tracking`), append only; the newest counts. Nobody has to be asked for it here: who says nothing is counted as the store does.
 */
import type { StoreTransaction } from '../database/connect.ts';

const NEWEST = (customer: string): string =>
  `(SELECT k.state FROM consents k WHERE k.store_id = $1 AND k.customer_id = ${customer} AND k.channel = 'tracking'
    ORDER BY k.at DESC, k.id DESC LIMIT 1)`;

/** Of these people those whose mails carry nothing that counts: they said so, or live in one of the `countries`. */
export async function untracked(
  tx: StoreTransaction,
  customerIds: string[],
  countries: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT p.id FROM unnest($2::uuid[]) AS p (id)
     WHERE ${NEWEST('p.id')} = 'unsubscribed'
       OR EXISTS (SELECT FROM customers c WHERE c.store_id = $1 AND c.id = p.id AND c.country = ANY ($3))`,
    [tx.storeId, customerIds, countries],
  );
  return new Set(rows.map((row) => row.id));
}

/** Records what a person says of it. */
export async function recordTracking(
  tx: StoreTransaction,
  said: { customerId: string; counted: boolean; at: Date; source: string },
): Promise<void> {
  await tx.run(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source)
     VALUES ($1, $2, 'tracking', $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [
      tx.storeId,
      said.customerId,
      said.counted ? 'subscribed' : 'unsubscribed',
      said.counted ? 'express' : 'none',
      said.at,
      said.source,
    ],
  );
}
