/** Sums over everybody who was ever placed by a campaign, in the audience or in the store-wide control. */
import type { StoreTransaction } from '../database/connect.ts';
import { sumsOfRows, type SumRow, type Sums } from './outcomes.store.ts';

/** No person counts beyond this (minor units): squares of it still fit a bigint. */
const LIMIT = 3_000_000_000;

export async function sumStoreControl(
  tx: StoreTransaction,
  currency: string,
  now: Date,
): Promise<(Sums & { from: Date; cap: number | null }) | null> {
  const [first] = await tx.rows<{ from: Date | null; cap: number | null }>(
    `SELECT min(c.approved_at) AS "from", percentile_disc(0.999) WITHIN GROUP (ORDER BY nullif(h.pre_revenue, 0)) AS cap
     FROM campaigns c JOIN holdouts h ON h.store_id = $1 AND h.campaign_id = c.id
     WHERE c.store_id = $1 AND c.approved_at IS NOT NULL AND (h.arm <> 'left_out' OR h.reason = 'store_control')`,
    [tx.storeId],
  );
  if (!first?.from) return null;
  const rows = await tx.rows<SumRow>(
    `WITH placed AS (
       SELECT DISTINCT ON (h.customer_id) h.customer_id, h.pre_revenue, h.pre_orders, c.approved_at,
         CASE WHEN h.reason = 'store_control' THEN 'holdout' ELSE 'treated' END AS arm
       FROM campaigns c JOIN holdouts h ON h.store_id = $1 AND h.campaign_id = c.id
       WHERE c.store_id = $1 AND c.approved_at IS NOT NULL AND (h.arm <> 'left_out' OR h.reason = 'store_control')
       ORDER BY h.customer_id, c.approved_at
     ), since AS (
       SELECT p.customer_id, count(*) FILTER (WHERE o.kind = 'sale')::bigint AS n,
         coalesce(sum(o.amount) FILTER (WHERE o.currency = $3), 0)::bigint AS raw
       FROM placed p JOIN orders o ON o.store_id = $1 AND o.customer_id = p.customer_id
         AND o.ordered_at > p.approved_at AND o.ordered_at <= $2
       GROUP BY p.customer_id
     )
     SELECT arm, count(*) AS people, count(*) FILTER (WHERE n > 0) AS buyers, sum(raw)::float8 AS revenue,
       sum(x)::float8 AS pre, sum(x * x)::float8 AS pre2, sum(y)::float8 AS spent, sum(y * y)::float8 AS spent2,
       sum(x * y)::float8 AS spent_pre, sum(n)::float8 AS bought, sum(n * n)::float8 AS bought2,
       sum(m)::float8 AS before, sum(m * m)::float8 AS before2, sum(n * m)::float8 AS bought_before,
       coalesce(sum(m) FILTER (WHERE n > 0), 0)::float8 AS returned_before
     FROM (
       SELECT p.arm, coalesce(s.n, 0)::bigint AS n, p.pre_orders::bigint AS m, coalesce(s.raw, 0) AS raw,
         greatest(least(coalesce(s.raw, 0), $4::bigint), -$4::bigint) AS y,
         greatest(least(p.pre_revenue, $4::bigint), -$4::bigint) AS x
       FROM placed p LEFT JOIN since s USING (customer_id)) people
     GROUP BY arm`,
    [tx.storeId, now, currency, Math.min(first.cap ?? LIMIT, LIMIT)],
  );
  return { ...sumsOfRows(rows), from: first.from, cap: first.cap };
}
