/**
 * Claiming: the rows that are due, held; the facts that decide; what was decided. All of it in one transaction, so that
 * what was checked is what is claimed. Locks never wait: what another one holds is left to it.
 */
import { mailableSql, type RefusalReason } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { askedSql, newestPreferenceSql, type AskedReason } from '../preferences/index.ts';
import type { Claimed, DropReason, Due } from './message.ts';

/** Due messages of one variant, held: that of the message that has waited longest. */
export async function holdDue(tx: StoreTransaction, now: Date, limit: number): Promise<Due[]> {
  const due = `m.store_id = $1 AND m.state = 'scheduled' AND m.scheduled_at <= $2
    AND (m.not_before IS NULL OR m.not_before <= $2) AND m.campaign_id IN (SELECT id FROM running)`;
  return tx.rows<Due>(
    `WITH running AS MATERIALIZED (SELECT id FROM campaigns WHERE store_id = $1 AND state = 'running'),
     first AS (SELECT m.variant_id FROM messages m WHERE ${due}
       ORDER BY m.scheduled_at, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED)
     SELECT m.id, m.customer_id AS "customerId", m.campaign_id AS "campaignId", m.variant_id AS "variantId",
       m.time_zone AS "timeZone", m.token
     FROM messages m WHERE ${due} AND m.variant_id = (SELECT variant_id FROM first)
     ORDER BY m.scheduled_at, m.id LIMIT $3 FOR UPDATE OF m SKIP LOCKED`,
    [tx.storeId, now, limit],
  );
}

export interface Held {
  id: string;
  email: string | null;
  firstName: string | null;
}

/**
 * The people of due messages, held, so that two campaigns cannot both find room under one person's cap. `busy` are held by
 * another (an import, another worker): their messages are left for later.
 */
export async function holdPeople(
  tx: StoreTransaction,
  customerIds: string[],
): Promise<{ people: Map<string, Held>; busy: Set<string> }> {
  const held = await tx.rows<Held>(
    `SELECT id, email, first_name AS "firstName" FROM customers WHERE store_id = $1 AND id = ANY ($2)
     ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.storeId, customerIds],
  );
  const people = new Map(held.map((person) => [person.id, person]));
  const missing = customerIds.filter((id) => !people.has(id));
  const there = await tx.rows<{ id: string }>('SELECT id FROM customers WHERE store_id = $1 AND id = ANY ($2)', [
    tx.storeId,
    missing,
  ]);
  return { people, busy: new Set(there.map((row) => row.id)) };
}

export interface MessageFacts {
  id: string;
  refusal: RefusalReason | null;
  asked: AskedReason | null;
  orderedSince: boolean;
  recent: number;
  sameAddress: boolean;
}

/** What is known now about messages and their people; `since` is where the cap's days begin, `topic` what they are about. */
export async function readFacts(
  tx: StoreTransaction,
  ids: string[],
  customerIds: string[],
  { now, since, topic }: { now: Date; since: Date; topic: string },
): Promise<Map<string, MessageFacts>> {
  const gone = `o.state IN ('claimed', 'in_doubt', 'accepted')`;
  const asked = askedSql({
    topic: '$6::text',
    now: '$4::timestamptz',
    mailedAfter: (instant) =>
      `EXISTS (SELECT FROM messages o WHERE o.store_id = m.store_id AND o.customer_id = m.customer_id AND o.id <> m.id
         AND ${gone} AND (o.state <> 'accepted' OR o.accepted_at > ${instant}))`,
  });
  const rows = await tx.rows<MessageFacts>(
    `SELECT m.id, p.reason AS refusal, ${asked} AS asked, coalesce(t.last_order_at > h.decided_at, false) AS "orderedSince",
       (SELECT count(*)::int FROM messages o WHERE o.store_id = m.store_id AND o.customer_id = m.customer_id AND o.id <> m.id
         AND ${gone} AND (o.state <> 'accepted' OR o.accepted_at > $5)) AS recent,
       EXISTS (SELECT FROM customers c JOIN customers twin ON twin.store_id = c.store_id AND twin.email = c.email AND twin.id <> c.id
         JOIN messages o ON o.store_id = twin.store_id AND o.customer_id = twin.id
         WHERE c.id = m.customer_id AND o.campaign_id = m.campaign_id AND o.step = m.step AND ${gone}) AS "sameAddress"
     FROM messages m
     JOIN (${mailableSql({ customers: 'SELECT unnest($3::uuid[]) AS customer_id', now: '$4::timestamptz' })}) p
       ON p.customer_id = m.customer_id
     ${newestPreferenceSql('m.customer_id')}
     LEFT JOIN customer_totals t ON t.store_id = m.store_id AND t.customer_id = m.customer_id
     LEFT JOIN holdouts h ON h.campaign_id = m.campaign_id AND h.customer_id = m.customer_id
     WHERE m.store_id = $1 AND m.id = ANY ($2)`,
    [tx.storeId, ids, [...new Set(customerIds)], now, since, topic],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Takes messages: their token grows, their lease runs, and the attempt is written before any byte leaves. */
export async function takeMessages(
  tx: StoreTransaction,
  ids: string[],
  attempt: { batchId: string; provider: string; now: Date; leaseUntil: Date },
): Promise<Claimed[]> {
  const rows = await tx.rows<Claimed>(
    `WITH taken AS (
       UPDATE messages SET state = 'claimed', state_reason = NULL, token = token + 1, lease_until = $3, not_before = NULL, provider = $4
       WHERE store_id = $1 AND id = ANY ($2) RETURNING id, token, customer_id),
     written AS (
       INSERT INTO attempts (message_id, token, store_id, provider, batch_id, started_at)
       SELECT id, token, $1, $4, $5, $6 FROM taken)
     SELECT id, token, customer_id AS "customerId" FROM taken`,
    [tx.storeId, ids, attempt.leaseUntil, attempt.provider, attempt.batchId, attempt.now],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Gives up messages for good, each with its reason. */
export async function dropMessages(tx: StoreTransaction, drops: { id: string; reason: DropReason }[]): Promise<void> {
  if (drops.length === 0) return;
  await tx.run(
    `UPDATE messages m SET state = 'dropped', state_reason = d.reason, lease_until = NULL
     FROM unnest($2::uuid[], $3::text[]) AS d (id, reason) WHERE m.store_id = $1 AND m.id = d.id`,
    [tx.storeId, drops.map((drop) => drop.id), drops.map((drop) => drop.reason)],
  );
}

/** Puts messages off. */
export async function postponeMessages(tx: StoreTransaction, waits: { id: string; until: Date }[]): Promise<void> {
  if (waits.length === 0) return;
  await tx.run(
    `UPDATE messages m SET not_before = w.until FROM unnest($2::uuid[], $3::timestamptz[]) AS w (id, until)
     WHERE m.store_id = $1 AND m.id = w.id`,
    [tx.storeId, waits.map((wait) => wait.id), waits.map((wait) => wait.until)],
  );
}

/** Refuses messages that never left: their words cannot be used. */
export async function refuseUnsent(tx: StoreTransaction, ids: string[], reason: string): Promise<void> {
  await tx.run(`UPDATE messages SET state = 'refused', state_reason = $3 WHERE store_id = $1 AND id = ANY ($2)`, [
    tx.storeId,
    ids,
    reason,
  ]);
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
