/** Between the claim and the outcome: is it still ours, may it still go, and what became of it. */
import type { StoreTransaction } from '../database/connect.ts';
import { askedSql, newestPreferenceSql } from '../preferences/index.ts';
import type { Claimed, DropReason } from './message.ts';

export interface Standing {
  id: string;
  campaignState: string;
  /** The lease has not run out */
  inTime: boolean;
  /** What the person said meanwhile that speaks against it; null: nothing */
  refused: Extract<DropReason, 'unsubscribed' | 'asked_pause' | 'asked_topic'> | null;
}

/**
 * Which of these are still ours, and how they stand. Holds the messages and, against a refusal that is just being written,
 * their people, until the transaction ends: a mail that starts in it starts before the refusal is acknowledged.
 */
export async function holdClaimed(
  tx: StoreTransaction,
  messages: Claimed[],
  now: Date,
): Promise<Map<string, Standing>> {
  await tx.run(`SELECT FROM messages WHERE store_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`, [
    tx.storeId,
    messages.map((message) => message.id),
  ]);
  await tx.run(`SELECT FROM customers WHERE store_id = $1 AND id = ANY ($2) ORDER BY id FOR KEY SHARE`, [
    tx.storeId,
    messages.map((message) => message.customerId),
  ]);
  // Whoever pauses or cancels locks the campaign, and so waits for a mail that is starting.
  await tx.run(
    `SELECT FROM campaigns WHERE store_id = $1 AND id IN (SELECT campaign_id FROM messages WHERE store_id = $1 AND id = ANY ($2))
     ORDER BY id FOR KEY SHARE`,
    [tx.storeId, messages.map((message) => message.id)],
  );
  // How often is settled by the claim: a claimed mail counts for the others, and none of them for it.
  const asked = askedSql({
    topic: `coalesce(c.plan ->> 'topic', 'offers')`,
    now: '$4::timestamptz',
    mailedAfter: () => 'false',
  });
  const rows = await tx.rows<Standing>(
    `SELECT m.id, c.state AS "campaignState", m.state = 'claimed' AND m.lease_until > $4 AS "inTime",
       CASE WHEN (SELECT k.state FROM consents k WHERE k.store_id = m.store_id AND k.customer_id = m.customer_id
         AND k.channel = 'email' ORDER BY k.at DESC, k.id DESC LIMIT 1) = 'unsubscribed' THEN 'unsubscribed' ELSE ${asked} END AS refused
     FROM unnest($2::uuid[], $3::int[]) AS ours (id, token)
     JOIN messages m ON m.store_id = $1 AND m.id = ours.id AND m.token = ours.token AND m.state IN ('claimed', 'in_doubt')
     JOIN campaigns c ON c.id = m.campaign_id
     ${newestPreferenceSql('m.customer_id')}`,
    [tx.storeId, messages.map((message) => message.id), messages.map((message) => message.token), now],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export interface Outcome {
  /** What the message becomes */
  state: 'accepted' | 'refused' | 'in_doubt' | 'scheduled' | 'dropped';
  reason: string | null;
  /** What the attempt became; `not_sent`: handed back before any byte left */
  attempt: 'accepted' | 'refused' | 'in_doubt' | 'not_sent';
  status: number | null;
  error: string | null;
  providerMessageId: string | null;
  notBefore: Date | null;
}

/**
 * Writes down what became of messages, where the token is still the one they were claimed with: who lost the claim changes
 * nothing. A message that went in doubt meanwhile is settled by its holder's word. Gives how many were changed.
 */
export async function saveOutcome(
  tx: StoreTransaction,
  messages: Claimed[],
  outcome: Outcome,
  now: Date,
): Promise<number> {
  if (messages.length === 0) return 0;
  const ids = messages.map((message) => message.id);
  const tokens = messages.map((message) => message.token);
  await tx.run(
    `UPDATE attempts a SET finished_at = $4, outcome = $5, status = $6, error = $7
     FROM unnest($2::uuid[], $3::int[]) AS ours (id, token)
     WHERE a.store_id = $1 AND a.message_id = ours.id AND a.token = ours.token`,
    [tx.storeId, ids, tokens, now, outcome.attempt, outcome.status, outcome.error],
  );
  return tx.run(
    `WITH held AS (
       SELECT m.id FROM unnest($2::uuid[], $3::int[]) AS ours (id, token)
       JOIN messages m ON m.store_id = $1 AND m.id = ours.id AND m.token = ours.token
         AND (m.state IN ('claimed', 'in_doubt') OR m.state = 'dropped' AND m.state_reason = 'in_doubt_expired' AND $5 = 'accepted')
       ORDER BY m.id FOR NO KEY UPDATE OF m)
     UPDATE messages m SET state = $5, state_reason = $6, provider_message_id = $7, not_before = $8, lease_until = NULL,
       accepted_at = CASE WHEN $5 = 'accepted' THEN $4::timestamptz END
     FROM held WHERE m.store_id = $1 AND m.id = held.id`,
    [tx.storeId, ids, tokens, now, outcome.state, outcome.reason, outcome.providerMessageId, outcome.notBefore],
  );
}
