/** What the ledger says of past mails, and what was learned from it, as rows. People by the thousand, so that memory stays flat. */
import type { StoreTransaction } from '../../database/connect.ts';
import type { MailFact } from './mail.ts';

/** Before every id. */
export const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Mails of the next `limit` mailed customers after `after`, by customer and time. `zone`: of the store, for messages without
 * one of their own.
 */
export function readMails(
  tx: StoreTransaction,
  options: { after: string; limit: number; zone: string; until: Date },
): Promise<MailFact[]> {
  return tx.rows<MailFact>(
    `WITH chosen AS (
       SELECT DISTINCT customer_id FROM messages WHERE store_id = $1 AND state = 'accepted' AND customer_id > $2
       ORDER BY customer_id LIMIT $3)
     SELECT m.customer_id AS "customerId", (extract(epoch FROM m.accepted_at) * 1000)::float8 AS at,
       ((extract(isodow FROM l.local)::int - 1) * 24 + extract(hour FROM l.local)::int) AS hour,
       (extract(epoch FROM m.opened_at) * 1000)::float8 AS "openedAt",
       (extract(epoch FROM m.clicked_at) * 1000)::float8 AS "clickedAt",
       (extract(epoch FROM least(m.unsubscribed_at, m.complained_at)) * 1000)::float8 AS "leftAt",
       (extract(epoch FROM o.next) * 1000)::float8 AS "orderedAt",
       (extract(epoch FROM m.accepted_at - o.last) / 86400)::float8 AS "silentDays", o.before AS "ordersBefore"
     FROM chosen JOIN messages m ON m.store_id = $1 AND m.customer_id = chosen.customer_id
     CROSS JOIN LATERAL (SELECT m.accepted_at AT TIME ZONE coalesce(m.time_zone, $4)) AS l (local)
     CROSS JOIN LATERAL (
       SELECT max(ordered_at) FILTER (WHERE ordered_at <= m.accepted_at) AS last,
         count(*) FILTER (WHERE ordered_at <= m.accepted_at)::int AS before,
         min(ordered_at) FILTER (WHERE ordered_at > m.accepted_at AND ordered_at <= m.accepted_at + interval '7 days') AS next
       FROM orders WHERE store_id = $1 AND customer_id = m.customer_id AND kind = 'sale') o
     WHERE m.state = 'accepted' AND m.accepted_at <= $5
     ORDER BY m.customer_id, m.accepted_at, m.id`,
    [tx.storeId, options.after, options.limit, options.zone, options.until],
  );
}

/** Whether anybody was ever mailed. */
export async function anyMail(tx: StoreTransaction): Promise<boolean> {
  const rows = await tx.rows(`SELECT FROM messages WHERE store_id = $1 AND state = 'accepted' LIMIT 1`, [tx.storeId]);
  return rows.length > 0;
}

/** What a score says of a person, as the models of uplift and of offers look at it; the same then and now. */
export interface PersonFacts {
  silentDays: number;
  usualDays: number | null;
  alive: number | null;
  /** Minor units */
  value365: number | null;
  stage: string;
}

const FACTS = `s.days_since_last AS "silentDays", s.usual_interval_days AS "usualDays",
  coalesce(s.p_alive, s.p_return_90) AS alive, s.expected_value_365::float8 AS "value365", s.life_stage AS stage`;

export interface TrialRow extends PersonFacts {
  treated: boolean;
  ordered: boolean;
  /** Null: who had the offer was not drawn, or nobody wrote down who had it */
  offered: boolean | null;
}

/** A campaign's window must have run so long before its people teach anything. */
const TAUGHT_AFTER = '28 days';

/** People whom campaigns of the past drew, with their scores as of then and what they did. At most `limit`. */
export function readTrial(tx: StoreTransaction, now: Date, limit: number): Promise<TrialRow[]> {
  return tx.rows<TrialRow>(
    `SELECT h.arm = 'treated' AS treated, coalesce(o.orders, 0) > 0 AS ordered, v.offer AS offered, ${FACTS}
     FROM campaigns c
     JOIN holdouts h ON h.store_id = c.store_id AND h.campaign_id = c.id AND h.arm IN ('treated', 'holdout')
     JOIN scores s ON s.store_id = c.store_id AND s.version = c.score_version AND s.customer_id = h.customer_id
       AND s.state = 'scored'
     LEFT JOIN outcomes o ON o.campaign_id = c.id AND o.customer_id = h.customer_id
     LEFT JOIN LATERAL (
       SELECT bool_or((v.content->>'offered')::boolean) AS offer FROM variants v
       WHERE v.store_id = c.store_id AND v.campaign_id = c.id AND v.key = h.variant_key
         AND (c.plan->>'offerTest' = 'true' OR h.offer_reason = 'drawn')) v ON true
     WHERE c.store_id = $1 AND c.approved_at <= $2::timestamptz - interval '${TAUGHT_AFTER}' AND c.state <> 'cancelled'
     ORDER BY h.customer_id, c.id LIMIT $3`,
    [tx.storeId, now, limit],
  );
}

/** What the tried offer cost as a share of an order's value, on average over campaigns; null: none was tried. */
export async function offerCost(tx: StoreTransaction): Promise<number | null> {
  const [row] = await tx.rows<{ cost: number | null }>(
    `SELECT avg(CASE c.plan#>>'{offer,kind}' WHEN 'percent' THEN (c.plan#>>'{offer,value}')::float8 / 100
       ELSE least(1, (c.plan#>>'{offer,value}')::float8 / greatest(1, t.mean)) END) AS cost
     FROM campaigns c, LATERAL (
       SELECT sum(revenue)::float8 / greatest(1, sum(orders)) AS mean FROM customer_totals WHERE store_id = $1) t
     WHERE c.store_id = $1 AND (c.plan->>'offerTest' = 'true' OR c.plan#>>'{offerDeal,by}' = 'person')`,
    [tx.storeId],
  );
  return row?.cost ?? null;
}

/** The next scored people who may be won back, after `after`. */
export function readLapsing(
  tx: StoreTransaction,
  options: { version: number; after: string; limit: number },
): Promise<(PersonFacts & { customerId: string })[]> {
  return tx.rows<PersonFacts & { customerId: string }>(
    `SELECT s.customer_id AS "customerId", ${FACTS} FROM scores s
     WHERE s.store_id = $1 AND s.version = $2 AND s.customer_id > $3 AND s.state = 'scored'
       AND s.life_stage IN ('slipping', 'lapsed') ORDER BY s.customer_id LIMIT $4`,
    [tx.storeId, options.version, options.after, options.limit],
  );
}

/** Orders and the last of them, of these customers. */
export function buyingOf(
  tx: StoreTransaction,
  ids: string[],
): Promise<{ id: string; orders: number; lastAt: number }[]> {
  return tx.rows<{ id: string; orders: number; lastAt: number }>(
    `SELECT customer_id AS id, orders, (extract(epoch FROM last_order_at) * 1000)::float8 AS "lastAt"
     FROM customer_totals WHERE store_id = $1 AND customer_id = ANY ($2)`,
    [tx.storeId, ids],
  );
}

export interface MailScore {
  customerId: string;
  bestHour: number | null;
  click: number | null;
  leave: number | null;
}

export async function addMailScores(tx: StoreTransaction, version: number, rows: MailScore[]): Promise<void> {
  await tx.run(
    `INSERT INTO mail_scores (store_id, version, customer_id, best_hour, click_chance, leave_chance)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::int[], $5::float8[], $6::float8[])`,
    [
      tx.storeId,
      version,
      rows.map((row) => row.customerId),
      rows.map((row) => row.bestHour),
      rows.map((row) => row.click),
      rows.map((row) => row.leave),
    ],
  );
}

export interface WinBackScore {
  customerId: string;
  uplift: number | null;
  offer: number | null;
  offerNet: number | null;
}

export async function addWinBackScores(tx: StoreTransaction, version: number, rows: WinBackScore[]): Promise<void> {
  await tx.run(
    `INSERT INTO mail_scores (store_id, version, customer_id, uplift, offer_uplift, offer_net)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::float8[], $5::float8[], $6::float8[])
     ON CONFLICT (store_id, version, customer_id) DO UPDATE SET uplift = excluded.uplift, offer_uplift = excluded.offer_uplift,
       offer_net = excluded.offer_net`,
    [
      tx.storeId,
      version,
      rows.map((row) => row.customerId),
      rows.map((row) => row.uplift),
      rows.map((row) => row.offer),
      rows.map((row) => row.offerNet),
    ],
  );
}

/** Those of versions whose scores are gone. */
export function pruneMailScores(tx: StoreTransaction, newest: number): Promise<number> {
  return tx.run(
    `DELETE FROM mail_scores m WHERE m.store_id = $1 AND m.version < $2 AND NOT EXISTS (
       SELECT FROM scores s WHERE s.store_id = $1 AND s.version = m.version AND s.customer_id = m.customer_id)`,
    [tx.storeId, newest],
  );
}

/** Baskets of the last orders up to `until`, newest first: distinct products of an order, two at least. */
export async function readBaskets(tx: StoreTransaction, until: Date, limit: number): Promise<string[][]> {
  const rows = await tx.rows<{ products: string[] }>(
    `SELECT products FROM (
       SELECT o.ordered_at, o.id, (SELECT array_agg(DISTINCT product_id::text) FROM order_lines l, unnest(l.product_ids) product_id
         WHERE l.store_id = o.store_id AND l.order_id = o.id AND product_id IS NOT NULL) AS products
       FROM orders o WHERE o.store_id = $1 AND o.kind = 'sale' AND o.ordered_at <= $2
       ORDER BY o.ordered_at DESC, o.id LIMIT $3) b
     WHERE products IS NOT NULL`,
    [tx.storeId, until, limit],
  );
  return rows.map((row) => row.products);
}

export interface Pair {
  productId: string;
  nextId: string;
  baskets: number;
  support: number;
  confidence: number;
  lift: number;
  surely: number;
}

export async function replacePairs(tx: StoreTransaction, pairs: Pair[], at: Date): Promise<void> {
  await tx.run('DELETE FROM product_pairs WHERE store_id = $1', [tx.storeId]);
  if (pairs.length === 0) return;
  await tx.run(
    `INSERT INTO product_pairs (store_id, product_id, next_id, baskets, support, confidence, lift, surely, made_at)
     SELECT $1, *, $2 FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])`,
    [
      tx.storeId,
      at,
      pairs.map((one) => one.productId),
      pairs.map((one) => one.nextId),
      pairs.map((one) => one.baskets),
      pairs.map((one) => one.support),
      pairs.map((one) => one.confidence),
      pairs.map((one) => one.lift),
      pairs.map((one) => one.surely),
    ],
  );
}
