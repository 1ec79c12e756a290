/**
 * Claiming: the rows that are due, the facts that decide, what was decided, and the attempt that names what is ours. All of it in
 * one transaction, so that what was checked is what is claimed. Of one store one claims at a time, so that nobody's cap is filled
 * twice; what is claimed is not written to until it is known what became of it.
 */
import { addressHashSql, permissionSql, UNDER_WAY } from '../consent/index.ts';
import { uuids, type StoreTransaction } from '../database/connect.ts';
import { askedSql, newestPreferenceSql } from '../preferences/index.ts';
import { repliedSql } from '../replies/index.ts';
import type { Facts } from './check.ts';
import type { DropReason } from './message.ts';

/**
 * Nobody else claims in this store until the transaction ends. A process that falls asleep in it is thrown out by the database
 * after `longestMs`: it has sent nothing, and loses nothing.
 */
export async function claimAlone(tx: StoreTransaction, longestMs: number): Promise<void> {
  await tx.run(
    `SELECT set_config('idle_in_transaction_session_timeout', $2, true),
       pg_advisory_xact_lock(hashtext('rekindle claims'), hashtext($1))`,
    [tx.storeId, String(longestMs)],
  );
}

/** A message that is due, not ours yet, and what is known of it and its person at this moment. */
export interface Due extends Omit<Facts, 'timeZone' | 'isHoliday'> {
  id: string;
  customerId: string;
  campaignId: string;
  variantId: string;
  timeZone: string | null;
  /** Claims of it that are over; the one that claims it next holds the next number */
  token: number;
  /** Undefined: the person is not there any more */
  person: { email: string | null; firstName: string | null; country: string | null } | undefined;
}

interface DueRow extends Omit<Due, 'person'> {
  isThere: boolean;
  email: string | null;
  firstName: string | null;
  country: string | null;
}

/**
 * Due messages of one variant (that of the message that has waited longest), and all that is known now of each and its person. Not
 * those that an attempt names already. `since` is where the cap's days begin; `pads` hash an address as suppression does.
 *
 * Each fact is looked up by its key (OFFSET 0 keeps it so): what the planner believes of a store that has just grown would have it
 * walk through all of it for a thousand people.
 */
export async function findDue(
  tx: StoreTransaction,
  given: { now: Date; since: Date; limit: number; pads: { inner: Buffer; outer: Buffer } },
): Promise<Due[]> {
  const due = `m.store_id = $1 AND m.state = 'scheduled' AND m.scheduled_at <= $2
    AND (m.not_before IS NULL OR m.not_before <= $2) AND m.campaign_id IN (SELECT id FROM running) AND m.id NOT IN (${UNDER_WAY})`;
  const gone = `(o.state IN ('in_doubt', 'accepted') OR o.state = 'scheduled' AND o.id IN (${UNDER_WAY}))`;
  const others = `FROM messages o WHERE o.store_id = $1 AND o.customer_id = m.customer_id AND o.id <> m.id AND ${gone}`;
  const asked = askedSql({
    topic: '(SELECT topic FROM first)',
    now: '$2::timestamptz',
    mailedAfter: (instant) => `EXISTS (SELECT ${others} AND (o.state <> 'accepted' OR o.accepted_at > ${instant}))`,
  });
  const rows = await tx.rows<DueRow>(
    `WITH running AS MATERIALIZED (
       SELECT id, coalesce(plan ->> 'topic', 'offers') AS topic FROM campaigns WHERE store_id = $1 AND state = 'running'),
     first AS MATERIALIZED (
       SELECT m.variant_id, m.campaign_id, m.step, m.scheduled_at, (SELECT topic FROM running WHERE id = m.campaign_id) AS topic
       FROM messages m WHERE ${due} ORDER BY m.scheduled_at, m.id LIMIT 1),
     due AS MATERIALIZED (
       SELECT m.id, m.customer_id, m.occurrence, m.scheduled_at, m.time_zone, m.token FROM messages m WHERE ${due}
         AND m.variant_id = (SELECT variant_id FROM first) AND m.step = (SELECT step FROM first)
         AND m.scheduled_at >= (SELECT scheduled_at FROM first)
       ORDER BY m.scheduled_at, m.id LIMIT $3),
     people AS MATERIALIZED (
       SELECT d.*, c.id IS NOT NULL AS is_there, c.email, c.first_name, c.country, t.last_order_at, k.state, k.basis, k.at
       FROM due d
       LEFT JOIN LATERAL (SELECT id, email, first_name, country FROM customers
         WHERE store_id = $1 AND id = d.customer_id OFFSET 0) c ON true
       LEFT JOIN LATERAL (SELECT last_order_at FROM customer_totals
         WHERE store_id = $1 AND customer_id = d.customer_id OFFSET 0) t ON true
       LEFT JOIN LATERAL (SELECT state, basis, at FROM consents WHERE store_id = $1 AND customer_id = d.customer_id AND channel = 'email'
         ORDER BY at DESC, id DESC LIMIT 1) k ON true)
     SELECT m.id, m.customer_id AS "customerId", first.campaign_id AS "campaignId", first.variant_id AS "variantId",
       m.time_zone AS "timeZone", m.token, m.is_there AS "isThere", m.email, m.first_name AS "firstName", m.country,
       EXISTS (SELECT FROM suppressions x WHERE x.store_id = $1
         AND x.address_hash = ${addressHashSql('lower(btrim(m.email))', '$5', '$6')}) AS suppressed,
       p.reason AS refusal, ${asked} AS asked,
       ${repliedSql({ message: 'm.id', customer: 'm.customer_id', campaign: 'first.campaign_id' })} AS replied,
       coalesce(m.last_order_at > coalesce(h.decided_at, e.entered_at), false) AS "orderedSince",
       CASE WHEN first.step = '' THEN NULL WHEN EXISTS (SELECT FROM events v WHERE v.store_id = $1 AND v.customer_id = m.customer_id
           AND v.at > e.entered_at AND v.kind = 'reply') THEN 'replied'
         WHEN e.state IS DISTINCT FROM 'inside' THEN 'left_journey' END AS "leftJourney",
       (SELECT count(*)::int ${others} AND (o.state <> 'accepted' OR o.accepted_at > $4)) AS recent,
       EXISTS (SELECT FROM customers twin CROSS JOIN LATERAL (SELECT FROM messages o WHERE o.store_id = $1 AND o.customer_id = twin.id
           AND o.campaign_id = first.campaign_id AND o.step = first.step AND ${gone}
           -- In a journey each comes in her own time: long after the other's mail it is no second copy.
           AND (first.step = '' OR o.created_at > $2::timestamptz - interval '30 days') OFFSET 0) o
         WHERE twin.store_id = $1 AND twin.email = m.email AND twin.id <> m.customer_id) AS "sameAddress"
     FROM first CROSS JOIN people m
     JOIN (${permissionSql({
       facts: 'SELECT id AS customer_id, country, last_order_at, state, basis, at FROM people',
       now: '$2::timestamptz',
     })}) p ON p.customer_id = m.id
     LEFT JOIN LATERAL (SELECT decided_at FROM holdouts
       WHERE store_id = $1 AND campaign_id = first.campaign_id AND customer_id = m.customer_id OFFSET 0) h ON true
     LEFT JOIN LATERAL (SELECT entered_at, n.state FROM enrolments n WHERE first.step <> '' AND n.campaign_id = first.campaign_id
       AND n.customer_id = m.customer_id AND n.occurrence = m.occurrence OFFSET 0) e ON true
     ${newestPreferenceSql('m.customer_id')}
     ORDER BY m.scheduled_at, m.id`,
    [tx.storeId, given.now, given.limit, given.since, given.pads.inner, given.pads.outer],
  );
  return rows.map(({ isThere, email, firstName, country, ...due }) => ({
    ...due,
    person: isThere ? { email, firstName, country } : undefined,
  }));
}

export interface NewAttempt {
  id: string;
  campaignId: string;
  provider: string;
  messageIds: string[];
  startedAt: Date;
  leaseUntil: Date;
}

/** Takes messages: the attempt that names them is written before any byte leaves. */
export async function writeAttempt(tx: StoreTransaction, attempt: NewAttempt): Promise<void> {
  await tx.run(
    `INSERT INTO attempts (store_id, id, campaign_id, provider, message_ids, started_at, lease_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      tx.storeId,
      attempt.id,
      attempt.campaignId,
      attempt.provider,
      uuids(attempt.messageIds),
      attempt.startedAt,
      attempt.leaseUntil,
    ],
  );
}

/** Gives up messages for good, each with its reason. */
export async function dropMessages(tx: StoreTransaction, drops: { id: string; reason: DropReason }[]): Promise<void> {
  if (drops.length === 0) return;
  await tx.run(
    `UPDATE messages m SET state = 'dropped', state_reason = d.reason
     FROM unnest($2::uuid[], $3::text[]) AS d (id, reason) WHERE m.store_id = $1 AND m.id = d.id AND m.state = 'scheduled'`,
    [tx.storeId, drops.map((drop) => drop.id), drops.map((drop) => drop.reason)],
  );
}

/** Puts messages off. */
export async function postponeMessages(tx: StoreTransaction, waits: { id: string; until: Date }[]): Promise<void> {
  if (waits.length === 0) return;
  await tx.run(
    `UPDATE messages m SET not_before = w.until FROM unnest($2::uuid[], $3::timestamptz[]) AS w (id, until)
     WHERE m.store_id = $1 AND m.id = w.id AND m.state = 'scheduled'`,
    [tx.storeId, waits.map((wait) => wait.id), waits.map((wait) => wait.until)],
  );
}

/** Refuses messages that never left: their words cannot be used. */
export async function refuseUnsent(tx: StoreTransaction, ids: string[], reason: string): Promise<void> {
  await tx.run(
    `UPDATE messages SET state = 'refused', state_reason = $3 WHERE store_id = $1 AND id = ANY ($2) AND state = 'scheduled'`,
    [tx.storeId, ids, reason],
  );
}

export interface VariantRow {
  id: string;
  subject: string;
  html: string;
  text: string;
  measureUntil: Date | null;
  topic: string;
}

/** The words of a variant, what its campaign is about, and until when its campaign counts orders. */
export async function loadVariant(tx: StoreTransaction, variantId: string): Promise<VariantRow | undefined> {
  const rows = await tx.rows<VariantRow>(
    `SELECT v.id, v.subject, v.html, v.text, c.measure_until AS "measureUntil",
       coalesce(c.plan ->> 'topic', 'offers') AS topic
     FROM variants v JOIN campaigns c ON c.id = v.campaign_id WHERE v.store_id = $1 AND v.id = $2`,
    [tx.storeId, variantId],
  );
  return rows[0];
}
