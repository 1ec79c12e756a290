/** Paces towards providers of mailboxes, and who of them asks for patience. */
import type { StoreTransaction } from '../../database/connect.ts';
import type { Rate } from './rate.ts';

/** Of mails: back at the pace that was too much within half an hour; a mailbox that is full, or wary, is so for long. */
export const GROWTH = 1 / 3600;

/** Paces by mailbox provider; `hold`: until the transaction ends, in the order of the key. */
export async function mailboxPaces(tx: StoreTransaction, options: { hold: boolean }): Promise<Map<string, Rate>> {
  const rows = await tx.rows<Omit<Rate, 'growth'> & { mailbox: string }>(
    `SELECT mailbox, per_second AS "perSecond", ceiling, stepped_at AS "steppedAt", tokens, refilled_at AS "refilledAt"
     FROM mailbox_paces WHERE store_id = $1 ORDER BY mailbox ${options.hold ? 'FOR UPDATE' : ''}`,
    [tx.storeId],
  );
  return new Map(rows.map(({ mailbox, ...rate }) => [mailbox, { ...rate, growth: GROWTH }]));
}

export async function saveMailboxPace(tx: StoreTransaction, mailbox: string, rate: Rate): Promise<void> {
  await tx.run(
    `INSERT INTO mailbox_paces (store_id, mailbox, per_second, ceiling, stepped_at, tokens, refilled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (store_id, mailbox) DO UPDATE SET per_second = excluded.per_second, ceiling = excluded.ceiling,
       stepped_at = excluded.stepped_at, tokens = excluded.tokens, refilled_at = excluded.refilled_at`,
    [tx.storeId, mailbox, rate.perSecond, rate.ceiling, rate.steppedAt, rate.tokens, rate.refilledAt],
  );
}

export async function forgetMailboxPace(tx: StoreTransaction, mailbox: string): Promise<void> {
  await tx.run('DELETE FROM mailbox_paces WHERE store_id = $1 AND mailbox = $2', [tx.storeId, mailbox]);
}

/** Addresses whose mailboxes put a mail off since `from`, a row an event. Few: asked over an index of troubles alone. */
export function deferredSince(tx: StoreTransaction, from: Date): Promise<{ email: string }[]> {
  return tx.rows<{ email: string }>(
    `SELECT c.email FROM events e JOIN customers c ON c.store_id = $1 AND c.id = e.customer_id AND c.email IS NOT NULL
     WHERE e.store_id = $1 AND e.kind = 'deferred' AND e.at >= $2 LIMIT 10000`,
    [tx.storeId, from],
  );
}

/** Mails by mailbox provider since the hour of `from`. */
export async function sentByMailbox(tx: StoreTransaction, from: Date): Promise<Map<string, number>> {
  const rows = await tx.rows<{ mailbox: string; sent: number }>(
    `SELECT mailbox, sum(sent)::int AS sent FROM send_hours
     WHERE store_id = $1 AND hour >= date_trunc('hour', $2::timestamptz) GROUP BY mailbox`,
    [tx.storeId, from],
  );
  return new Map(rows.map(({ mailbox, sent }) => [mailbox, sent]));
}
