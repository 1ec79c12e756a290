/** What the local run must know of the demo store that an earlier start left. */
import type { StoreTransaction } from '@rekindle/core';

export interface PastMail {
  messageId: string;
  email: string;
  at: Date;
}

/** True once the demo's first campaign has been lived through to its end. */
export async function isPlayed(tx: StoreTransaction): Promise<boolean> {
  const row = await tx.db.selectFrom('campaigns').select('id').where('state', '=', 'completed').executeTakeFirst();
  return row !== undefined;
}

/** When the shop opened; undefined where there is no such store. */
export async function readOpening(tx: StoreTransaction): Promise<Date | undefined> {
  const row = await tx.db.selectFrom('stores').select('created_at').where('id', '=', tx.storeId).executeTakeFirst();
  return row?.created_at;
}

/** Mails that were handed over, oldest first. */
export function readMails(tx: StoreTransaction): Promise<PastMail[]> {
  return tx.rows<PastMail>(
    `SELECT m.id AS "messageId", c.email, m.accepted_at AS at FROM messages m JOIN customers c ON c.id = m.customer_id
     WHERE m.accepted_at IS NOT NULL AND c.email IS NOT NULL ORDER BY m.accepted_at, m.id`,
  );
}

/** The simulated shop's address changes with every start. */
export async function moveShop(tx: StoreTransaction, settings: Record<string, unknown>): Promise<void> {
  await tx.db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .where('platform', '=', 'csv')
    .execute();
}
