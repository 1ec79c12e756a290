/** What findings are looked for in: sums by the database, a few hundred rows each at most. Days and weeks are the store's own. */
import type { StoreTransaction } from '../database/connect.ts';

export interface AsOf {
  now: Date;
  zone: string;
}

export interface Week {
  /** Weeks before now, 0: the last whole one */
  ago: number;
  revenue: number;
  orders: number;
  returns: number;
  newCustomers: number;
  returning: number;
}

/** Whole weeks that end with yesterday, newest first, back to the first order; at most three years. */
export function weeksOf(tx: StoreTransaction, { now, zone }: AsOf): Promise<Week[]> {
  return tx.rows<Week>(
    `WITH today AS (SELECT ($2::timestamptz AT TIME ZONE $3)::date AS day),
     counted AS (
       SELECT (today.day - 1 - (o.ordered_at AT TIME ZONE $3)::date) / 7 AS ago, o.customer_id, o.kind, o.amount,
         (o.ordered_at AT TIME ZONE $3)::date > (t.first_order_at AT TIME ZONE $3)::date AS again
       FROM today, orders o JOIN customer_totals t ON t.store_id = $1 AND t.customer_id = o.customer_id
       WHERE o.store_id = $1 AND o.ordered_at < (today.day::timestamp AT TIME ZONE $3)
         AND o.ordered_at >= ((today.day - 1092)::timestamp AT TIME ZONE $3)
     ), sums AS (
       SELECT ago, sum(amount)::float8 AS revenue, count(*) FILTER (WHERE kind = 'sale')::int AS orders,
         count(*) FILTER (WHERE kind = 'return')::int AS returns,
         count(DISTINCT customer_id) FILTER (WHERE kind = 'sale' AND NOT again)::int AS fresh,
         count(DISTINCT customer_id) FILTER (WHERE kind = 'sale' AND again)::int AS again
       FROM counted GROUP BY ago
     )
     SELECT g AS ago, coalesce(revenue, 0) AS revenue, coalesce(orders, 0) AS orders, coalesce(returns, 0) AS returns,
       coalesce(fresh, 0) AS "newCustomers", coalesce(again, 0) AS returning
     FROM generate_series(0, (SELECT max(ago) FROM sums)) g LEFT JOIN sums ON sums.ago = g ORDER BY g`,
    [tx.storeId, now, zone],
  );
}

export interface Bucket {
  name: string;
  /** Orders of the last 182 days */
  orders: number;
}

/** Orders by day of the week (1 = Monday) or by hour of the store's clock, over half a year. */
export async function ordersBy(tx: StoreTransaction, { now, zone }: AsOf, what: 'isodow' | 'hour'): Promise<Bucket[]> {
  const rows = await tx.rows<Bucket>(
    `SELECT extract(${what} FROM ordered_at AT TIME ZONE $3)::int::text AS name, count(*)::int AS orders FROM orders
     WHERE store_id = $1 AND kind = 'sale' AND ordered_at > $2::timestamptz - interval '182 days' AND ordered_at <= $2
     GROUP BY 1`,
    [tx.storeId, now, zone],
  );
  return rows.toSorted((one, other) => Number(one.name) - Number(other.name));
}

export interface Cohort {
  /** 2026-03 */
  month: string;
  people: number;
  /** Bought again within 90 days */
  back: number;
}

/** Customers by the month they came, whose 90 days are over; the last thirteen. */
export function cohortsOf(tx: StoreTransaction, { now, zone }: AsOf): Promise<Cohort[]> {
  return tx.rows<Cohort>(
    `SELECT to_char(month, 'YYYY-MM') AS month, count(*)::int AS people, count(*) FILTER (WHERE back)::int AS back FROM (
       SELECT date_trunc('month', t.first_order_at AT TIME ZONE $3) AS month, EXISTS (
         SELECT FROM orders o WHERE o.store_id = $1 AND o.customer_id = t.customer_id AND o.kind = 'sale'
           AND (o.ordered_at AT TIME ZONE $3)::date > (t.first_order_at AT TIME ZONE $3)::date
           AND o.ordered_at <= t.first_order_at + interval '90 days') AS back
       FROM customer_totals t WHERE t.store_id = $1 AND t.first_order_at > $2::timestamptz - interval '18 months') c
     WHERE month + interval '1 month' <= ($2::timestamptz AT TIME ZONE $3) - interval '90 days'
     GROUP BY month ORDER BY month DESC LIMIT 13`,
    [tx.storeId, now, zone],
  );
}

export interface FirstProduct {
  id: string;
  name: string;
  people: number;
  back: number;
}

/** Products of first orders that are half a year to two years old, and how many of those buyers came back within it. */
export function firstProducts(tx: StoreTransaction, { now }: AsOf): Promise<FirstProduct[]> {
  return tx.rows<FirstProduct>(
    `WITH firsts AS (
       SELECT t.customer_id, l.product_ids, EXISTS (
         SELECT FROM orders b WHERE b.store_id = $1 AND b.customer_id = t.customer_id AND b.kind = 'sale'
           AND b.ordered_at > t.first_order_at + interval '1 day' AND b.ordered_at <= t.first_order_at + interval '182 days') AS back
       FROM customer_totals t
       JOIN orders o ON o.store_id = $1 AND o.customer_id = t.customer_id AND o.ordered_at = t.first_order_at
       JOIN order_lines l ON l.store_id = $1 AND l.order_id = o.id
       WHERE t.store_id = $1 AND t.first_order_at BETWEEN $2::timestamptz - interval '730 days' AND $2::timestamptz - interval '182 days'
     ), sold AS (
       SELECT DISTINCT f.customer_id, product_id, f.back FROM firsts f CROSS JOIN unnest(f.product_ids) product_id
       WHERE product_id IS NOT NULL
     )
     SELECT p.id, p.name, count(*)::int AS people, count(*) FILTER (WHERE s.back)::int AS back
     FROM sold s JOIN products p ON p.store_id = $1 AND p.id = s.product_id
     GROUP BY p.id, p.name HAVING count(*) >= 50 ORDER BY count(*) DESC, p.id LIMIT 60`,
    [tx.storeId, now],
  );
}

export interface Moving {
  id: string;
  name: string;
  /** Orders with it in the last 28 days, and in the 84 before */
  lately: number;
  before: number;
  /** Minor units in the last 28 and in the 84 before */
  revenue: number;
  revenueBefore: number;
}

/** Products sold lately, the most ordered ones. */
export function productsMoving(tx: StoreTransaction, { now }: AsOf): Promise<Moving[]> {
  return tx.rows<Moving>(
    `SELECT p.id, p.name, lately, before, revenue, "revenueBefore" FROM (
       SELECT line.product_id, count(DISTINCT o.id) FILTER (WHERE o.ordered_at > $2::timestamptz - interval '28 days')::int AS lately,
         count(DISTINCT o.id) FILTER (WHERE o.ordered_at <= $2::timestamptz - interval '28 days')::int AS before,
         coalesce(sum(line.amount) FILTER (WHERE o.ordered_at > $2::timestamptz - interval '28 days'), 0)::float8 AS revenue,
         coalesce(sum(line.amount) FILTER (WHERE o.ordered_at <= $2::timestamptz - interval '28 days'), 0)::float8 AS "revenueBefore"
       FROM orders o JOIN order_lines l ON l.store_id = $1 AND l.order_id = o.id
       CROSS JOIN unnest(l.product_ids, l.amounts) AS line (product_id, amount)
       WHERE o.store_id = $1 AND o.kind = 'sale' AND o.ordered_at > $2::timestamptz - interval '112 days' AND o.ordered_at <= $2
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 60) s
     JOIN products p ON p.store_id = $1 AND p.id = s.product_id`,
    [tx.storeId, now],
  );
}

/** The same by country of the buyer. */
export function countriesMoving(tx: StoreTransaction, { now }: AsOf): Promise<Moving[]> {
  return tx.rows<Moving>(
    `SELECT c.country AS id, c.country AS name,
       count(*) FILTER (WHERE o.ordered_at > $2::timestamptz - interval '28 days')::int AS lately,
       count(*) FILTER (WHERE o.ordered_at <= $2::timestamptz - interval '28 days')::int AS before,
       coalesce(sum(o.amount) FILTER (WHERE o.ordered_at > $2::timestamptz - interval '28 days'), 0)::float8 AS revenue,
       coalesce(sum(o.amount) FILTER (WHERE o.ordered_at <= $2::timestamptz - interval '28 days'), 0)::float8 AS "revenueBefore"
     FROM orders o JOIN customers c ON c.store_id = $1 AND c.id = o.customer_id
     WHERE o.store_id = $1 AND o.kind = 'sale' AND c.country IS NOT NULL
       AND o.ordered_at > $2::timestamptz - interval '112 days' AND o.ordered_at <= $2
     GROUP BY c.country ORDER BY count(*) DESC, 1 LIMIT 30`,
    [tx.storeId, now],
  );
}

export interface PairFact {
  name: string;
  next: string;
  baskets: number;
  confidence: number;
  lift: number;
}

export function surestPairs(tx: StoreTransaction): Promise<PairFact[]> {
  return tx.rows<PairFact>(
    `SELECT p.name, n.name AS next, g.baskets, g.confidence, g.lift FROM product_pairs g
     JOIN products p ON p.store_id = $1 AND p.id = g.product_id JOIN products n ON n.store_id = $1 AND n.id = g.next_id
     WHERE g.store_id = $1 ORDER BY g.surely DESC, p.external_id LIMIT 5`,
    [tx.storeId],
  );
}
