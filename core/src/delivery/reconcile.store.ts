/** What time and events do to messages that nobody reported on. Rows that another holds are left for the next round. */
import { UNDER_WAY } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { missingMessages } from '../scheduling/index.ts';

/**
 * Claims whose lease is over are in doubt: the bytes may have left. They stay the holder's, who can still tell. Gives how many
 * messages that concerns.
 */
export async function expireLeases(tx: StoreTransaction, now: Date): Promise<number> {
  return tx.run(
    `WITH over AS (
       SELECT id, message_ids FROM attempts WHERE store_id = $1 AND outcome IS NULL AND lease_until <= $2
       ORDER BY id FOR NO KEY UPDATE SKIP LOCKED),
     noted AS (
       UPDATE attempts a SET finished_at = $2, outcome = 'in_doubt', error = 'the lease ran out' FROM over
       WHERE a.store_id = $1 AND a.id = over.id)
     UPDATE messages m SET state = 'in_doubt', token = m.token + 1, attempt_id = named.attempt_id
     FROM (SELECT over.id AS attempt_id, unnest(over.message_ids) AS id FROM over ORDER BY 2) named
     WHERE m.store_id = $1 AND m.id = named.id AND m.state = 'scheduled'`,
    [tx.storeId, now],
  );
}

/** The provider has told of a message: so it had it. Only `dropped` says that it kept it from going. */
export async function settleByEvents(tx: StoreTransaction): Promise<number> {
  return tx.run(
    `WITH held AS (
       SELECT m.id FROM messages m
       WHERE m.store_id = $1 AND (m.state = 'in_doubt' OR m.state_reason = 'in_doubt_expired')
         AND EXISTS (SELECT FROM events e WHERE e.store_id = $1 AND e.message_id = m.id)
       ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED),
     told AS (
       SELECT held.id, min(e.at) AS at, bool_and(e.kind = 'dropped') AS kept
       FROM held JOIN events e ON e.store_id = $1 AND e.message_id = held.id GROUP BY held.id)
     UPDATE messages m SET state = CASE WHEN told.kept THEN 'refused' ELSE 'accepted' END,
       state_reason = CASE WHEN told.kept THEN 'provider_dropped' END, accepted_at = CASE WHEN NOT told.kept THEN told.at END
     FROM told WHERE m.store_id = $1 AND m.id = told.id`,
    [tx.storeId],
  );
}

/** Marketing mails in doubt since before `before` are given up. */
export async function expireDoubts(tx: StoreTransaction, before: Date): Promise<number> {
  return tx.run(
    `WITH held AS (
       SELECT m.id FROM messages m JOIN attempts a ON a.store_id = m.store_id AND a.id = m.attempt_id
       WHERE m.store_id = $1 AND m.state = 'in_doubt' AND m.message_class = 'marketing' AND a.started_at <= $2
       ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED)
     UPDATE messages m SET state = 'dropped', state_reason = 'in_doubt_expired' FROM held
     WHERE m.store_id = $1 AND m.id = held.id`,
    [tx.storeId, before],
  );
}

/** Messages of cancelled campaigns that nobody has claimed never go. */
export async function dropCancelled(tx: StoreTransaction): Promise<number> {
  return tx.run(
    `WITH held AS (
       SELECT m.id FROM messages m JOIN campaigns c ON c.id = m.campaign_id
       WHERE m.store_id = $1 AND m.state IN ('planned', 'scheduled') AND c.state = 'cancelled' AND m.id NOT IN (${UNDER_WAY})
       ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED)
     UPDATE messages m SET state = 'dropped', state_reason = 'cancelled' FROM held WHERE m.store_id = $1 AND m.id = held.id`,
    [tx.storeId],
  );
}

const OPEN = `('planned', 'scheduled', 'in_doubt')`;

/** Running campaigns in which no message is under way and nobody waits for one. A journey goes on. */
export async function finishedCampaigns(tx: StoreTransaction): Promise<string[]> {
  const quiet = await tx.rows<{ id: string }>(
    `SELECT c.id FROM campaigns c WHERE c.store_id = $1 AND c.state = 'running' AND c.journey_id IS NULL
       AND NOT EXISTS (SELECT FROM messages m WHERE m.store_id = $1 AND m.campaign_id = c.id AND m.state IN ${OPEN})
     ORDER BY c.id`,
    [tx.storeId],
  );
  const finished: string[] = [];
  for (const { id } of quiet) if ((await missingMessages(tx, id)) <= 0) finished.push(id);
  return finished;
}

/** When something is next to be done: a message falls due, a lease or the wait for word ends. Null: nothing is under way. */
export async function nextDue(tx: StoreTransaction, doubtWindowMs: number): Promise<Date | null> {
  const rows = await tx.rows<{ at: Date | null }>(
    `SELECT min(at) AS at FROM (
       SELECT greatest(min(greatest(m.scheduled_at, m.not_before)), p.held_until) AS at
       FROM messages m JOIN campaigns c ON c.id = m.campaign_id LEFT JOIN sending_states p ON p.store_id = $1
       WHERE m.store_id = $1 AND m.state = 'scheduled' AND c.state = 'running' AND m.id NOT IN (${UNDER_WAY})
         AND p.state IS DISTINCT FROM 'stopped'
       GROUP BY p.held_until
       UNION ALL SELECT min(lease_until) FROM attempts WHERE store_id = $1 AND outcome IS NULL
       UNION ALL SELECT min(a.started_at) + make_interval(secs => $2::float8 / 1000) FROM messages m
       JOIN attempts a ON a.store_id = m.store_id AND a.id = m.attempt_id
       WHERE m.store_id = $1 AND m.state = 'in_doubt') moments`,
    [tx.storeId, doubtWindowMs],
  );
  return rows[0]?.at ?? null;
}

/** How many messages are due, for whoever watches. */
export async function countDue(tx: StoreTransaction, now: Date): Promise<number> {
  const rows = await tx.rows<{ due: number }>(
    `SELECT count(*)::int AS due FROM messages WHERE store_id = $1 AND state = 'scheduled' AND scheduled_at <= $2`,
    [tx.storeId, now],
  );
  return rows[0]?.due ?? 0;
}
