/** What the delivery bench reads and sets beside the engine: hours without quiet ones, pages of people, and counts. */
import type { StoreTransaction } from '@rekindle/core';

/** Every hour is a sending hour: what is measured is work, not waiting. */
export async function widenHours(tx: StoreTransaction): Promise<void> {
  await tx.run(`UPDATE stores SET settings = '{"quietHours": {"from": 0, "to": 0}}' WHERE id = $1`, [tx.storeId]);
}

export interface BarePerson {
  messageId: string;
  customerId: string;
  email: string;
  firstName: string | null;
}

/** People of a campaign with their messages, a page at a time: what a sender without a ledger would read. */
export function pageOfPeople(tx: StoreTransaction, after: string, limit: number): Promise<BarePerson[]> {
  return tx.rows<BarePerson>(
    `SELECT m.id AS "messageId", c.id AS "customerId", c.email, c.first_name AS "firstName"
     FROM messages m JOIN customers c ON c.store_id = m.store_id AND c.id = m.customer_id
     WHERE m.store_id = $1 AND m.id > $2::uuid ORDER BY m.id LIMIT $3`,
    [tx.storeId, after, limit],
  );
}

export interface BareVariant {
  subject: string;
  html: string;
  text: string;
}

export async function loadWords(tx: StoreTransaction): Promise<BareVariant> {
  const [row] = await tx.rows<BareVariant>('SELECT subject, html, text FROM variants WHERE store_id = $1 LIMIT 1', [
    tx.storeId,
  ]);
  if (!row) throw new Error('the bench’s campaign has no words');
  return row;
}

/** Words as long as a real mail's: what a variant of the playbook looks like. */
export async function putWords(tx: StoreTransaction, words: BareVariant): Promise<void> {
  await tx.run('UPDATE variants SET subject = $2, html = $3, text = $4 WHERE store_id = $1', [
    tx.storeId,
    words.subject,
    words.html,
    words.text,
  ]);
}

export async function countAccepted(tx: StoreTransaction): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM messages WHERE store_id = $1 AND state = 'accepted'`,
    [tx.storeId],
  );
  return row?.count ?? 0;
}
