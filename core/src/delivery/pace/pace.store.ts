/** How a store sends and may send: what went out by the hour, its state, and what waits for today. */
import { UNDER_WAY } from '../../consent/index.ts';
import type { StoreTransaction } from '../../database/connect.ts';
import { healthReason, type Health, type Troubles } from './health.ts';

export interface SendingState {
  health: Health;
  since: Date | null;
  lookedAt: Date | null;
  countedFrom: Date | null;
  heldUntil: Date | null;
  heldReason: HeldReason | null;
  tokens: number;
  refilledAt: Date | null;
}

export type HeldReason = 'warm_up' | 'slowed' | 'hourly_limit';

const FREE: SendingState = {
  health: { state: 'normal', reason: null },
  since: null,
  lookedAt: null,
  countedFrom: null,
  heldUntil: null,
  heldReason: null,
  tokens: 0,
  refilledAt: null,
};

/** `hold`: until the transaction ends nobody else may change it, and who claims under a limit claims alone. */
export async function sendingState(tx: StoreTransaction, options: { hold: boolean }): Promise<SendingState> {
  if (options.hold)
    await tx.run('INSERT INTO sending_states (store_id) VALUES ($1) ON CONFLICT DO NOTHING', [tx.storeId]);
  const query = tx.db.selectFrom('sending_states').selectAll().where('store_id', '=', tx.storeId);
  const row = await (options.hold ? query.forUpdate() : query).executeTakeFirst();
  if (!row) return FREE;
  return {
    health: healthOf(row.state, row.reason),
    since: row.since,
    lookedAt: row.looked_at,
    countedFrom: row.counted_from,
    heldUntil: row.held_until,
    heldReason: row.held_reason as HeldReason | null,
    tokens: row.tokens,
    refilledAt: row.refilled_at,
  };
}

function healthOf(state: string, reason: unknown): Health {
  if (state === 'slowed' || state === 'stopped') return { state, reason: healthReason.parse(reason) };
  return { state: 'normal', reason: null };
}

/** Writes down how the store is; `since` moves only when the state is another. */
export async function saveHealth(tx: StoreTransaction, health: Health, now: Date): Promise<void> {
  await tx.run(
    `UPDATE sending_states SET since = CASE WHEN state = $2 THEN since ELSE $4 END, state = $2, reason = $3, looked_at = $4
     WHERE store_id = $1`,
    [tx.storeId, health.state, health.reason ? JSON.stringify(health.reason) : null, now],
  );
}

/** A person lets the store go on: what came before `now` counts no more. */
export async function clearStop(tx: StoreTransaction, now: Date): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE sending_states SET state = 'normal', reason = NULL, since = $2, looked_at = $2, counted_from = $2,
       held_until = NULL, held_reason = NULL
     WHERE store_id = $1 AND state = 'stopped'`,
    [tx.storeId, now],
  );
  return changed > 0;
}

/** Nothing is claimed before `until`. */
export async function holdStore(tx: StoreTransaction, until: Date, reason: HeldReason): Promise<void> {
  await tx.run('UPDATE sending_states SET held_until = $2, held_reason = $3 WHERE store_id = $1', [
    tx.storeId,
    until,
    reason,
  ]);
}

export async function saveTokens(tx: StoreTransaction, tokens: number, now: Date): Promise<void> {
  await tx.run('UPDATE sending_states SET tokens = $2, refilled_at = $3 WHERE store_id = $1', [
    tx.storeId,
    tokens,
    now,
  ]);
}

/** Counts mails that went, or may have gone, towards the hour. In the order of the key, so that two never wait crosswise. */
export async function countSent(
  tx: StoreTransaction,
  sent: { hour: Date; domain: string; byMailbox: ReadonlyMap<string, number> },
): Promise<void> {
  const mailboxes = [...sent.byMailbox.keys()].toSorted();
  await tx.run(
    `INSERT INTO send_hours (store_id, hour, domain, mailbox, sent)
     SELECT $1, $2, $3, n.mailbox, n.sent FROM unnest($4::text[], $5::int[]) AS n (mailbox, sent) ORDER BY n.mailbox
     ON CONFLICT (store_id, hour, domain, mailbox) DO UPDATE SET sent = send_hours.sent + excluded.sent`,
    [tx.storeId, sent.hour, sent.domain, mailboxes, mailboxes.map((mailbox) => sent.byMailbox.get(mailbox) ?? 0)],
  );
}

/** Mails by day of the store's calendar, oldest first; `domain` null: of all its domains. */
export function sentByDay(
  tx: StoreTransaction,
  given: { domain: string | null; from: Date; timeZone: string },
): Promise<{ day: string; sent: number }[]> {
  return tx.rows<{ day: string; sent: number }>(
    `SELECT to_char(hour AT TIME ZONE $4, 'YYYY-MM-DD') AS day, sum(sent)::int AS sent FROM send_hours
     WHERE store_id = $1 AND hour >= $2 AND ($3::text IS NULL OR domain = $3) GROUP BY 1 ORDER BY 1`,
    [tx.storeId, given.from, given.domain, given.timeZone],
  );
}

/** Mails under way at this moment: claimed, their fate not known. */
export async function underWay(tx: StoreTransaction): Promise<number> {
  const rows = await tx.rows<{ n: number }>(
    'SELECT coalesce(sum(cardinality(message_ids)), 0)::int AS n FROM attempts WHERE store_id = $1 AND outcome IS NULL',
    [tx.storeId],
  );
  return rows[0]?.n ?? 0;
}

/** What came of mails since `from`: hard bounces and complaints about mails that went since then, each mail once. */
export async function troublesSince(tx: StoreTransaction, from: Date, now: Date): Promise<Troubles> {
  const rows = await tx.rows<Troubles>(
    `SELECT (SELECT coalesce(sum(sent), 0)::int FROM send_hours WHERE store_id = $1 AND hour >= date_trunc('hour', $2::timestamptz)) AS sent,
       count(DISTINCT e.message_id) FILTER (WHERE e.kind = 'complaint')::int AS complaints,
       count(DISTINCT e.message_id) FILTER (WHERE e.kind = 'bounce' AND e.detail ->> 'permanent' = 'true')::int AS bounces
     FROM events e JOIN messages m ON m.store_id = $1 AND m.id = e.message_id AND m.accepted_at >= $2
     WHERE e.store_id = $1 AND e.kind IN ('bounce', 'complaint') AND e.at >= $2 AND e.at <= $3::timestamptz + interval '1 day'`,
    [tx.storeId, from, now],
  );
  return rows[0] ?? { sent: 0, complaints: 0, bounces: 0 };
}

/** How many mails of running campaigns would go before `until`, counted to `most` at the most. */
export async function waitingBefore(tx: StoreTransaction, until: Date, most: number): Promise<number> {
  const rows = await tx.rows<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT FROM messages m WHERE ${pendingSql} LIMIT $3) found`,
    [tx.storeId, until, most],
  );
  return rows[0]?.n ?? 0;
}

const pendingSql = `m.store_id = $1 AND m.state = 'scheduled' AND m.scheduled_at < $2 AND (m.not_before IS NULL OR m.not_before < $2)
  AND m.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = $1 AND c.state = 'running') AND m.id NOT IN (${UNDER_WAY})`;

/**
 * Of the mails that would go before `until` (the end of the day) the `places` best stay; each of the others waits for the same
 * hour of the next day on its person's own clock. Best: who clicked last, then who bought last.
 */
export function moveToNextDay(
  tx: StoreTransaction,
  given: { until: Date; places: number; timeZone: string },
): Promise<number> {
  return tx.run(
    `WITH pending AS (
       SELECT m.id, m.customer_id, greatest(m.scheduled_at, m.not_before) AS at, coalesce(m.time_zone, $4) AS zone
       FROM messages m WHERE ${pendingSql}
     ), ranked AS (
       SELECT p.id, p.at, p.zone, row_number() OVER (ORDER BY k.clicked DESC NULLS LAST, t.last_order_at DESC NULLS LAST, p.at, p.id) AS place
       FROM pending p
       LEFT JOIN LATERAL (SELECT max(o.clicked_at) AS clicked FROM messages o
         WHERE o.store_id = $1 AND o.customer_id = p.customer_id) k ON true
       LEFT JOIN customer_totals t ON t.store_id = $1 AND t.customer_id = p.customer_id
     ), moved AS (
       SELECT id, zone, (($2::timestamptz AT TIME ZONE zone)::date + (at AT TIME ZONE zone)::time) AT TIME ZONE zone AS next
       FROM ranked WHERE place > $3
     )
     UPDATE messages m SET not_before = CASE WHEN v.next >= $2 THEN v.next
       ELSE ((v.next AT TIME ZONE v.zone) + interval '1 day') AT TIME ZONE v.zone END
     FROM moved v WHERE m.store_id = $1 AND m.id = v.id AND m.state = 'scheduled'`,
    [tx.storeId, given.until, given.places, given.timeZone],
  );
}
