/** What people wrote back. Their words are sealed: only whoever shows them opens them. */
import { z } from 'zod';
import { UNDER_WAY } from '../consent/index.ts';
import type { StoreTransaction, Transaction } from '../database/connect.ts';
import type { Keys } from '../ports.ts';

export interface NewReply {
  id: string;
  customerId: string;
  messageId: string;
  campaignId: string;
  at: Date;
  kind: 'person' | 'unsubscribe';
  subject: string;
  text: string;
}

const body = z.object({ subject: z.string(), text: z.string() });
const context = (storeId: string): string => `${storeId} replies.body`;

/** Keeps a reply; one that is there stays. */
export async function addReply(tx: StoreTransaction, keys: Keys, reply: NewReply): Promise<void> {
  const { subject, text } = reply;
  await tx.run(
    `INSERT INTO replies (id, store_id, customer_id, message_id, campaign_id, at, kind, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO NOTHING`,
    [
      reply.id,
      tx.storeId,
      reply.customerId,
      reply.messageId,
      reply.campaignId,
      reply.at,
      reply.kind,
      keys.encrypt(context(tx.storeId), Buffer.from(JSON.stringify({ subject, text }))),
    ],
  );
}

export interface Reply {
  id: string;
  messageId: string;
  at: Date;
  kind: 'person' | 'unsubscribe';
  subject: string;
  text: string;
}

/** What this person wrote back, newest first, opened. */
export async function repliesOf(tx: StoreTransaction, keys: Keys, customerId: string, limit: number): Promise<Reply[]> {
  const rows = await tx.rows<Omit<Reply, 'subject' | 'text'> & { body: Buffer }>(
    `SELECT id, message_id AS "messageId", at, kind, body FROM replies
     WHERE store_id = $1 AND customer_id = $2 ORDER BY at DESC, id LIMIT $3`,
    [tx.storeId, customerId, limit],
  );
  return rows.map(({ body: sealed, ...reply }) => ({
    ...reply,
    ...body.parse(JSON.parse(keys.decrypt(context(tx.storeId), sealed).toString('utf8'))),
  }));
}

/**
 * Whether the person has answered a mail of the same campaign and run: then somebody talks with her, and no further mail of it
 * goes. An expression over the ids of a message, its person and its campaign; $1 is the store.
 */
export function repliedSql({
  message,
  customer,
  campaign,
}: Record<'message' | 'customer' | 'campaign', string>): string {
  return `EXISTS (SELECT FROM replies r JOIN messages a ON a.id = r.message_id
    WHERE r.store_id = $1 AND r.customer_id = ${customer} AND r.campaign_id = ${campaign} AND r.kind = 'person'
      AND a.occurrence = (SELECT o.occurrence FROM messages o WHERE o.id = ${message}))`;
}

/**
 * Gives up what still waits for this person in the campaign and run of the mail that was answered. Not what somebody has claimed:
 * that is theirs alone to change, and they look for answers before it starts. Gives how many.
 */
export function stopWaiting(tx: StoreTransaction, messageId: string): Promise<number> {
  return tx.run(
    `UPDATE messages m SET state = 'dropped', state_reason = 'replied' FROM messages a
     WHERE m.store_id = $1 AND a.store_id = $1 AND a.id = $2 AND m.customer_id = a.customer_id AND m.campaign_id = a.campaign_id
       AND m.occurrence = a.occurrence AND m.state IN ('planned', 'scheduled') AND m.id NOT IN (${UNDER_WAY})`,
    [tx.storeId, messageId],
  );
}

/** The mail that was answered, with all mails of its person held, in the order in which everybody holds them. */
export async function holdAnswered(
  tx: StoreTransaction,
  messageId: string,
): Promise<{ customerId: string; campaignId: string } | undefined> {
  const rows = await tx.rows<{ id: string; customerId: string; campaignId: string }>(
    `SELECT m.id, m.customer_id AS "customerId", m.campaign_id AS "campaignId" FROM messages m
     WHERE m.store_id = $1 AND m.customer_id = (SELECT customer_id FROM messages WHERE store_id = $1 AND id = $2)
     ORDER BY m.id FOR NO KEY UPDATE`,
    [tx.storeId, messageId],
  );
  return rows.find(({ id }) => id === messageId);
}

/** Stores whose ids lie between these. */
export async function storesBetween(tx: Transaction, from: string, until: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>('SELECT id FROM stores WHERE id BETWEEN $1 AND $2 ORDER BY id', [
    from,
    until,
  ]);
  return rows.map(({ id }) => id);
}
