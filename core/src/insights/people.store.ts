/** Customers as findings look at them: life stages, worth, consent, second orders. One row each. */
import { mailableSql } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';

export interface PeopleFacts {
  customers: number;
  once: number;
  /** Share of all revenue that the tenth with most of it brought, 0..1 */
  topTenth: number;
  /** Revenue of all, minor units */
  revenue: number;
  /** Days between first and second purchase day: a quarter, half and three quarters of those who came back */
  secondAfter: [number, number, number] | null;
  stages: { stage: string; people: number; risk: number }[];
  /** Of the dearest fifth by what they are worth: who is slipping now */
  dearSlipping: { people: number; risk: number };
  /** Slipping or lapsed without an address that may be mailed */
  outOfReach: { people: number; risk: number };
}

export async function peopleFacts(tx: StoreTransaction, scoreVersion: number, now: Date): Promise<PeopleFacts> {
  const [totals] = await tx.rows<Omit<PeopleFacts, 'stages' | 'dearSlipping' | 'outOfReach'>>(
    `WITH ranked AS (
       SELECT purchase_days, greatest(revenue, 0) AS revenue, ntile(10) OVER (ORDER BY revenue DESC) AS tenth
       FROM customer_totals WHERE store_id = $1 AND purchase_days > 0)
     SELECT count(*)::int AS customers, count(*) FILTER (WHERE purchase_days = 1)::int AS once,
       coalesce(sum(revenue) FILTER (WHERE tenth = 1)::float8 / nullif(sum(revenue), 0)::float8, 0) AS "topTenth",
       coalesce(sum(revenue), 0)::float8 AS revenue, (
         SELECT percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY gap) FROM (
           SELECT extract(day FROM min(o.ordered_at) - t.first_order_at)::int AS gap
           FROM (SELECT customer_id, first_order_at FROM customer_totals WHERE store_id = $1 AND purchase_days > 1
             ORDER BY customer_id LIMIT 5000) t
           JOIN orders o ON o.store_id = $1 AND o.customer_id = t.customer_id AND o.kind = 'sale'
             AND o.ordered_at > t.first_order_at + interval '1 day'
           GROUP BY t.customer_id, t.first_order_at) gaps) AS "secondAfter"
     FROM ranked`,
    [tx.storeId],
  );
  const stages = await tx.rows<PeopleFacts['stages'][number]>(
    `SELECT life_stage AS stage, count(*)::int AS people, coalesce(sum(value_at_risk), 0)::float8 AS risk FROM scores
     WHERE store_id = $1 AND version = $2 AND state = 'scored' GROUP BY 1 ORDER BY 1`,
    [tx.storeId, scoreVersion],
  );
  const [dear] = await tx.rows<{ people: number; risk: number }>(
    `SELECT count(*)::int AS people, coalesce(sum(s.value_at_risk), 0)::float8 AS risk
     FROM scores s JOIN customer_totals t ON t.store_id = $1 AND t.customer_id = s.customer_id
     WHERE s.store_id = $1 AND s.version = $2 AND s.life_stage = 'slipping' AND t.revenue >= (
       SELECT percentile_disc(0.8) WITHIN GROUP (ORDER BY revenue) FROM customer_totals WHERE store_id = $1 AND purchase_days > 0)`,
    [tx.storeId, scoreVersion],
  );
  const lapsing = `SELECT customer_id FROM scores WHERE store_id = $1 AND version = $2 AND life_stage IN ('slipping', 'lapsed')`;
  const [far] = await tx.rows<{ people: number; risk: number }>(
    `SELECT count(*)::int AS people, coalesce(sum(s.value_at_risk), 0)::float8 AS risk
     FROM (${mailableSql({ customers: lapsing, now: '$3::timestamptz' })}) p
     JOIN customers c ON c.store_id = $1 AND c.id = p.customer_id
     JOIN scores s ON s.store_id = $1 AND s.version = $2 AND s.customer_id = p.customer_id
     WHERE p.reason IS NOT NULL OR c.email IS NULL`,
    [tx.storeId, scoreVersion, now],
  );
  return {
    customers: totals?.customers ?? 0,
    once: totals?.once ?? 0,
    topTenth: totals?.topTenth ?? 0,
    revenue: totals?.revenue ?? 0,
    secondAfter: totals?.secondAfter ?? null,
    stages,
    dearSlipping: dear ?? { people: 0, risk: 0 },
    outOfReach: far ?? { people: 0, risk: 0 },
  };
}

/** People who may be mailed now and may not in 30 days, because their permission runs out; with what they are worth a year. */
export async function expiringConsents(
  tx: StoreTransaction,
  scoreVersion: number,
  now: Date,
): Promise<{ people: number; worth: number; weeks: number[] }> {
  const [row] = await tx.rows<{ people: number; worth: number; weeks: number[] }>(
    `SELECT count(*)::int AS people, coalesce(sum(s.expected_value_365), 0)::float8 AS worth,
       ARRAY[count(*) FILTER (WHERE week = 0), count(*) FILTER (WHERE week = 1), count(*) FILTER (WHERE week = 2),
         count(*) FILTER (WHERE week >= 3)]::int[] AS weeks
     FROM (
       SELECT customer_id, floor(extract(epoch FROM expires_at - $2::timestamptz) / 604800)::int AS week
       FROM (${mailableSql({ customers: 'SELECT id AS customer_id FROM customers WHERE store_id = $1', now: '$2::timestamptz' })}) m
       WHERE reason IS NULL AND expires_at <= $2::timestamptz + interval '30 days') soon
     LEFT JOIN scores s ON s.store_id = $1 AND s.version = $3 AND s.customer_id = soon.customer_id`,
    [tx.storeId, now, scoreVersion],
  );
  return row ?? { people: 0, worth: 0, weeks: [] };
}

/** When the last order came, and orders a day over the 56 days before that. */
export async function lastOrders(tx: StoreTransaction): Promise<{ last: Date; perDay: number } | undefined> {
  const [row] = await tx.rows<{ last: Date | null; orders: number }>(
    `SELECT max(last_order_at) AS last, (SELECT count(*) FROM orders o WHERE o.store_id = $1 AND o.kind = 'sale'
       AND o.ordered_at > (SELECT max(last_order_at) FROM customer_totals WHERE store_id = $1) - interval '56 days')::int AS orders
     FROM customer_totals WHERE store_id = $1`,
    [tx.storeId],
  );
  return row?.last ? { last: row.last, perDay: row.orders / 56 } : undefined;
}
