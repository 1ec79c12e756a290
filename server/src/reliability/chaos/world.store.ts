/** The people of a history, and all that stands in the database when its news has come in. */
import type { StoreTransaction } from '@rekindle/core';

export interface Addressed {
  customerId: string;
  email: string;
  messageIds: string[];
  /** She said yes at this moment, whenever that was heard */
  saidYesAt: Date | null;
}

export async function insertPeople(tx: StoreTransaction, people: Addressed[], at: Date): Promise<void> {
  await tx.run(
    `INSERT INTO customers (id, store_id, key, email, language, created_at, updated_at)
     SELECT id, $1, email, email, 'en', $4, $4 FROM unnest($2::uuid[], $3::text[]) AS p (id, email)`,
    [tx.storeId, people.map((one) => one.customerId), people.map((one) => one.email), at],
  );
  const messages = people.flatMap((one) => one.messageIds.map((id) => [id, one.customerId] as const));
  await tx.run(
    `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, created_at)
     SELECT id, $1, id, customer_id, id, 'accepted', $4 FROM unnest($2::uuid[], $3::uuid[]) AS m (id, customer_id)`,
    [tx.storeId, messages.map(([id]) => id), messages.map(([, customerId]) => customerId), at],
  );
  const said = people.filter((one) => one.saidYesAt !== null);
  await tx.run(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source, evidence)
     SELECT $1, id, 'email', 'subscribed', 'opt_in', at, 'form', '{}' FROM unnest($2::uuid[], $3::timestamptz[]) AS y (id, at)`,
    [tx.storeId, said.map((one) => one.customerId), said.map((one) => one.saidYesAt)],
  );
}

/** What must not depend on how the news came, one line a row. */
const END_STATE = {
  messages: `SELECT jsonb_build_array(id, state, delivered_at, opened_at, clicked_at, bounced_at, complained_at, unsubscribed_at)
    FROM messages WHERE store_id = $1`,
  events: `SELECT jsonb_build_array(vendor_event_id, source, kind, at, message_id, customer_id, agent, detail) FROM events WHERE store_id = $1`,
  suppressions: `SELECT jsonb_build_array(address_hash, reason, at, source) FROM suppressions WHERE store_id = $1`,
  consents: `SELECT jsonb_build_array(customer_id, channel, state, basis, at, source) FROM consents WHERE store_id = $1`,
  // Apart: of two refusals of one person in the same second one row is kept, and it names the event that was heard first.
  proofs: `SELECT jsonb_build_array(customer_id, at, state, evidence) FROM consents WHERE store_id = $1`,
  counters: `SELECT jsonb_build_array(kind, agent, count(*)) FROM events WHERE store_id = $1 GROUP BY kind, agent`,
  waiting: `SELECT jsonb_build_array(source, vendor_event_id) FROM webhook_inbox WHERE store_id = $1 AND processed_at IS NULL`,
};
export type Part = keyof typeof END_STATE;

export async function readEndState(tx: StoreTransaction): Promise<Record<Part, string[]>> {
  const state: Partial<Record<Part, string[]>> = {};
  for (const [part, sql] of Object.entries(END_STATE)) {
    const rows = await tx.rows<{ line: string }>(`SELECT line::text FROM (${sql}) AS t (line)`, [tx.storeId]);
    state[part as Part] = rows.map(({ line }) => line);
  }
  return state as Record<Part, string[]>;
}

/** A way of doing it wrong: the moment on a message's row is the one of the event that came last. */
export async function letLastWordWin(tx: StoreTransaction): Promise<void> {
  await tx.run(
    `UPDATE messages m SET opened_at = e.at FROM (
       SELECT DISTINCT ON (message_id) message_id, at FROM events WHERE store_id = $1 AND kind = 'open' ORDER BY message_id, id DESC
     ) e WHERE m.store_id = $1 AND m.id = e.message_id`,
    [tx.storeId],
  );
}
