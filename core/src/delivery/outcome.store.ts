/** Between the claim and the outcome: is it still ours, may it still go, and what became of it. */
import { uuidOf } from '../random.ts';
import { uuids, type StoreTransaction } from '../database/connect.ts';
import { askedSql, newestPreferenceSql, type AskedReason } from '../preferences/index.ts';
import { repliedSql } from '../replies/index.ts';
import type { Claimed, DropReason } from './message.ts';

export interface Standing {
  /** Ours alone: nobody has said what became of it, and its lease has not run out */
  inTime: boolean;
  campaignState: string | null;
  /** What the campaign's mails are about */
  topic: string;
}

/** How a claim stands. */
export async function readStanding(tx: StoreTransaction, attemptId: string, now: Date): Promise<Standing> {
  const rows = await tx.rows<Standing>(
    `SELECT a.outcome IS NULL AND a.lease_until > $3 AS "inTime", c.state AS "campaignState",
       coalesce(c.plan ->> 'topic', 'offers') AS topic
     FROM attempts a LEFT JOIN campaigns c ON c.id = a.campaign_id WHERE a.store_id = $1 AND a.id = $2`,
    [tx.storeId, attemptId, now],
  );
  return rows[0] ?? { inTime: false, campaignState: null, topic: '' };
}

/** What a person said meanwhile that speaks against the mail; `changed`: somebody changed or erased the message. */
export type Stop = Extract<DropReason, 'unsubscribed' | 'replied' | AskedReason> | 'changed';

/** Which of the messages of a claim may not go any more, and why. `topic` is what the claim's mails are about. */
export async function findStopped(
  tx: StoreTransaction,
  messages: Claimed[],
  { now, topic }: { now: Date; topic: string },
): Promise<Map<string, Stop>> {
  // How often is settled by the claim: a claimed mail counts for the others, and none of them for it.
  const asked = askedSql({ topic: '$5::text', now: '$4::timestamptz', mailedAfter: () => 'false' });
  const rows = await tx.rows<{ id: string; stop: Stop }>(
    `SELECT id, stop FROM (
       SELECT ours.id, CASE WHEN m.id IS NULL THEN 'changed'
         WHEN (SELECT k.state FROM consents k WHERE k.store_id = $1 AND k.customer_id = m.customer_id AND k.channel = 'email'
           ORDER BY k.at DESC, k.id DESC LIMIT 1) = 'unsubscribed' THEN 'unsubscribed'
         WHEN ${repliedSql({ message: 'm.id', customer: 'm.customer_id', campaign: 'm.campaign_id' })} THEN 'replied' ELSE ${asked} END AS stop
       FROM unnest($2::uuid[], $3::int[]) AS ours (id, token)
       LEFT JOIN LATERAL (SELECT id, customer_id, campaign_id FROM messages
         WHERE store_id = $1 AND id = ours.id AND token = ours.token - 1 AND state = 'scheduled' OFFSET 0) m ON true
       ${newestPreferenceSql('m.customer_id')}
     ) looked WHERE stop IS NOT NULL`,
    [tx.storeId, uuids(messages.map((message) => message.id)), messages.map((message) => message.token), now, topic],
  );
  return new Map(rows.map((row) => [row.id, row.stop]));
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

/** A claim: the attempt and all messages that it names. */
export interface Claim {
  attemptId: string;
  messages: Claimed[];
}

/**
 * Writes down what became of messages of a claim (`some`, or all of them), where the claim is still the writer's: who lost it
 * changes nothing. One that ran out meanwhile is settled by its holder's word. Gives how many messages were changed.
 */
export async function saveOutcome(
  tx: StoreTransaction,
  claim: Claim,
  some: Claimed[],
  outcome: Outcome,
  now: Date,
): Promise<number> {
  if (some.length === 0) return 0;
  const whole = some.length === claim.messages.length;
  const attemptId = whole ? claim.attemptId : await carve(tx, claim.attemptId, some);
  if (attemptId === undefined || !(await closeAttempt(tx, attemptId, outcome, now))) return 0;
  // By the index of the ids and so in their order, in which everybody writes messages.
  await tx.run(`SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)`);
  let changed = 0;
  // A claim that ran out has counted its tokens already.
  for (const [token, alike] of Map.groupBy(some, (message) => message.token))
    changed += await tx.run(
      `UPDATE messages m SET state = $5, state_reason = $6, token = $4, attempt_id = $7, not_before = $8,
         accepted_at = CASE WHEN $5 = 'accepted' THEN $9::timestamptz END
       WHERE m.store_id = $1 AND m.id = ANY ($3::uuid[]) AND (m.state = 'scheduled' AND m.token = $4::int - 1
         OR m.attempt_id = $2 AND m.token = $4::int
           AND (m.state = 'in_doubt' OR m.state = 'dropped' AND m.state_reason = 'in_doubt_expired' AND $5 = 'accepted'))`,
      [
        tx.storeId,
        claim.attemptId,
        uuids(alike.map((message) => message.id)),
        token,
        outcome.state,
        outcome.reason,
        attemptId,
        outcome.notBefore,
        now,
      ],
    );
  return changed;
}

/** False: somebody else has said what became of it. */
async function closeAttempt(tx: StoreTransaction, attemptId: string, outcome: Outcome, now: Date): Promise<boolean> {
  const { attempt, status, error, providerMessageId } = outcome;
  const closed = await tx.run(
    `UPDATE attempts SET finished_at = $3, outcome = $4, status = $5, error = $6, provider_message_id = $7
     WHERE store_id = $1 AND id = $2 AND (outcome IS NULL OR outcome = 'in_doubt')`,
    [tx.storeId, attemptId, now, attempt, status, error, providerMessageId],
  );
  return closed > 0;
}

/** Messages of a claim that come to an end of their own get an attempt of their own. Undefined: the claim is not ours any more. */
async function carve(tx: StoreTransaction, attemptId: string, some: Claimed[]): Promise<string | undefined> {
  const ids = some.map((message) => message.id);
  const own = uuidOf('part of', attemptId, ids[0] ?? '', String(ids.length));
  const rows = await tx.rows<{ id: string }>(
    `WITH rest AS (
       UPDATE attempts a SET message_ids = ARRAY(SELECT id FROM unnest(a.message_ids) AS named (id) WHERE NOT id = ANY ($3::uuid[]))
       WHERE a.store_id = $1 AND a.id = $2 AND (a.outcome IS NULL OR a.outcome = 'in_doubt')
       RETURNING a.campaign_id, a.provider, a.started_at, a.lease_until, a.outcome)
     INSERT INTO attempts (store_id, id, campaign_id, provider, message_ids, started_at, lease_until, outcome)
     SELECT $1, $4, campaign_id, provider, $3, started_at, lease_until, outcome FROM rest RETURNING id`,
    [tx.storeId, attemptId, ids, own],
  );
  return rows[0]?.id;
}
