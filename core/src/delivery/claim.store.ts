/**
 * Claiming: the rows that are due, the facts that decide, what was decided, and the attempt that names what is ours. All of it in
 * one transaction, so that what was checked is what is claimed. Of one store one claims at a time, so that nobody's cap is filled
 * twice; what is claimed is not written to until it is known what became of it.
 */
import { permissionSql, UNDER_WAY, type RefusalReason } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { askedSql, newestPreferenceSql, type AskedReason } from '../preferences/index.ts';
import { repliedSql } from '../replies/index.ts';
import type { DropReason, Due } from './message.ts';

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

/** Due messages of one variant: that of the message that has waited longest. Not those that an attempt names already. */
export async function findDue(tx: StoreTransaction, now: Date, limit: number): Promise<Due[]> {
  const due = `m.store_id = $1 AND m.state = 'scheduled' AND m.scheduled_at <= $2
    AND (m.not_before IS NULL OR m.not_before <= $2) AND m.campaign_id IN (SELECT id FROM running) AND m.id NOT IN (${UNDER_WAY})`;
  return tx.rows<Due>(
    `WITH running AS MATERIALIZED (SELECT id FROM campaigns WHERE store_id = $1 AND state = 'running'),
     first AS MATERIALIZED (SELECT m.variant_id, m.scheduled_at FROM messages m WHERE ${due} ORDER BY m.scheduled_at, m.id LIMIT 1)
     SELECT m.id, m.customer_id AS "customerId", m.campaign_id AS "campaignId", m.variant_id AS "variantId",
       m.step, m.occurrence, m.time_zone AS "timeZone", m.token
     FROM messages m WHERE ${due} AND m.variant_id = (SELECT variant_id FROM first)
       AND m.scheduled_at >= (SELECT scheduled_at FROM first)
     ORDER BY m.scheduled_at, m.id LIMIT $3`,
    [tx.storeId, now, limit],
  );
}

/** What is known now of a due message and its person. */
export interface Facts {
  id: string;
  /** Undefined: the person is not there any more */
  person: { email: string | null; firstName: string | null; country: string | null } | undefined;
  refusal: RefusalReason | null;
  asked: AskedReason | null;
  replied: boolean;
  orderedSince: boolean;
  /** Of a journey's mail: the person has left it, or must. */
  leftJourney: 'replied' | 'left_journey' | null;
  recent: number;
  sameAddress: boolean;
}

interface FactRow extends Omit<Facts, 'person'> {
  isThere: boolean;
  email: string | null;
  firstName: string | null;
  country: string | null;
}

/**
 * What is known now about messages and their people; `since` is where the cap's days begin, `topic` what they are about. Each fact is looked up by its key
 * (OFFSET 0 keeps it so): what the planner believes of a store that has just grown would have it walk through all of it.
 */
export async function readFacts(
  tx: StoreTransaction,
  due: Due[],
  { now, since, topic }: { now: Date; since: Date; topic: string },
): Promise<Map<string, Facts>> {
  const gone = `(o.state IN ('in_doubt', 'accepted') OR o.state = 'scheduled' AND o.id IN (${UNDER_WAY}))`;
  const asked = askedSql({
    topic: '$8::text',
    now: '$6::timestamptz',
    mailedAfter: (instant) =>
      `EXISTS (SELECT FROM messages o WHERE o.store_id = $1 AND o.customer_id = m.customer_id AND o.id <> m.id
         AND ${gone} AND (o.state <> 'accepted' OR o.accepted_at > ${instant}))`,
  });
  const rows = await tx.rows<FactRow>(
    `WITH people AS MATERIALIZED (
       SELECT d.id, d.customer_id, d.campaign_id, d.step, d.occurrence, c.id IS NOT NULL AS is_there, c.email, c.first_name, c.country,
         t.last_order_at, k.state, k.basis, k.at
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $9::int[]) AS d (id, customer_id, campaign_id, step, occurrence)
       LEFT JOIN LATERAL (SELECT id, email, first_name, country FROM customers
         WHERE store_id = $1 AND id = d.customer_id OFFSET 0) c ON true
       LEFT JOIN LATERAL (SELECT last_order_at FROM customer_totals
         WHERE store_id = $1 AND customer_id = d.customer_id OFFSET 0) t ON true
       LEFT JOIN LATERAL (SELECT state, basis, at FROM consents WHERE store_id = $1 AND customer_id = d.customer_id AND channel = 'email'
         ORDER BY at DESC, id DESC LIMIT 1) k ON true)
     SELECT m.id, m.is_there AS "isThere", m.email, m.first_name AS "firstName", m.country, p.reason AS refusal, ${asked} AS asked,
       ${repliedSql({ message: 'm.id', customer: 'm.customer_id', campaign: 'm.campaign_id' })} AS replied,
       coalesce(m.last_order_at > coalesce(h.decided_at, e.entered_at), false) AS "orderedSince",
       CASE WHEN m.step = '' THEN NULL WHEN EXISTS (SELECT FROM events v WHERE v.store_id = $1 AND v.customer_id = m.customer_id
           AND v.at > e.entered_at AND v.kind = 'reply') THEN 'replied'
         WHEN e.state IS DISTINCT FROM 'inside' THEN 'left_journey' END AS "leftJourney",
       (SELECT count(*)::int FROM messages o WHERE o.store_id = $1 AND o.customer_id = m.customer_id AND o.id <> m.id
         AND ${gone} AND (o.state <> 'accepted' OR o.accepted_at > $7)) AS recent,
       EXISTS (SELECT FROM customers twin CROSS JOIN LATERAL (SELECT FROM messages o WHERE o.store_id = $1 AND o.customer_id = twin.id
           AND o.campaign_id = m.campaign_id AND o.step = m.step AND ${gone}
           -- In a journey each comes in her own time: long after the other's mail it is no second copy.
           AND (m.step = '' OR o.created_at > $6::timestamptz - interval '30 days') OFFSET 0) o
         WHERE twin.store_id = $1 AND twin.email = m.email AND twin.id <> m.customer_id) AS "sameAddress"
     FROM people m
     JOIN (${permissionSql({
       facts: 'SELECT id AS customer_id, country, last_order_at, state, basis, at FROM people',
       now: '$6::timestamptz',
     })}) p ON p.customer_id = m.id
     LEFT JOIN LATERAL (SELECT decided_at FROM holdouts
       WHERE store_id = $1 AND campaign_id = m.campaign_id AND customer_id = m.customer_id OFFSET 0) h ON true
     LEFT JOIN LATERAL (SELECT entered_at, n.state FROM enrolments n WHERE m.step <> '' AND n.campaign_id = m.campaign_id
       AND n.customer_id = m.customer_id AND n.occurrence = m.occurrence OFFSET 0) e ON true
     ${newestPreferenceSql('m.customer_id')}`,
    [
      tx.storeId,
      due.map((message) => message.id),
      due.map((message) => message.customerId),
      due.map((message) => message.campaignId),
      due.map((message) => message.step),
      now,
      since,
      topic,
      due.map((message) => message.occurrence),
    ],
  );
  return new Map(
    rows.map(({ isThere, email, firstName, country, ...facts }) => [
      facts.id,
      { ...facts, person: isThere ? { email, firstName, country } : undefined },
    ]),
  );
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
      attempt.messageIds,
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
