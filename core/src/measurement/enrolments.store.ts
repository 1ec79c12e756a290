/**
 * What people of a journey did, each in days of her own: from her entry on, for the journey's days of measuring. An entry is
 * one unit of the experiment; nobody may come in again before her days are over, so no order counts twice.
 */
import type { StoreTransaction } from '../database/connect.ts';
import { sumsOfRows, type SumRow, type Sums } from './outcomes.store.ts';

export interface MeasuredRun {
  id: string;
  holdoutShare: number;
  switchedOnAt: Date;
  /** Null: it goes on */
  measureUntil: Date | null;
  measureDays: number;
  expected: number;
  cap: number | null;
}

/** Runs of journeys that were switched on and whose last person's days are not over, or were not looked at since. */
export function runsToMeasure(tx: StoreTransaction, now: Date): Promise<MeasuredRun[]> {
  return tx.rows<MeasuredRun>(
    `SELECT id, holdout_share AS "holdoutShare", approved_at AS "switchedOnAt", measure_until AS "measureUntil",
       (plan->>'measureDays')::int AS "measureDays", (plan#>>'{standing,expected}')::int AS expected,
       (plan#>>'{standing,cap}')::float8 AS cap
     FROM campaigns c WHERE store_id = $1 AND journey_id IS NOT NULL AND approved_at < $2 AND plan#>>'{standing,expected}' IS NOT NULL
       AND (state IN ('running', 'paused') OR state = 'cancelled' AND NOT EXISTS (SELECT FROM measurements m
         WHERE m.store_id = $1 AND m.campaign_id = c.id AND m.measured_at >= c.measure_until))
     ORDER BY approved_at, id`,
    [tx.storeId, now],
  );
}

/** Counts orders of everybody drawn, each in her own days up to now. Gives the number of rows that changed. */
export function countEnrolled(
  tx: StoreTransaction,
  run: Pick<MeasuredRun, 'id' | 'measureDays'>,
  currency: string,
  now: Date,
): Promise<number> {
  return tx.run(
    `UPDATE enrolments e SET orders = s.orders, revenue = s.revenue, first_order_at = s.first
     FROM (
       SELECT n.customer_id, n.occurrence, count(o.id) FILTER (WHERE o.kind = 'sale')::int AS orders,
         coalesce(sum(o.amount) FILTER (WHERE o.currency = $4), 0)::bigint AS revenue,
         min(o.ordered_at) FILTER (WHERE o.kind = 'sale') AS first
       FROM enrolments n LEFT JOIN orders o ON o.store_id = $1 AND o.customer_id = n.customer_id AND o.ordered_at > n.entered_at
         AND o.ordered_at <= $3 AND o.ordered_at <= n.entered_at + make_interval(days => $5::int)
       WHERE n.store_id = $1 AND n.campaign_id = $2 AND n.arm <> 'left_out'
       GROUP BY n.customer_id, n.occurrence) s
     WHERE e.store_id = $1 AND e.campaign_id = $2 AND e.customer_id = s.customer_id AND e.occurrence = s.occurrence
       AND (e.orders, e.revenue, e.first_order_at) IS DISTINCT FROM (s.orders, s.revenue, s.first)`,
    [tx.storeId, run.id, now, currency, run.measureDays],
  );
}

/** No person counts beyond this (minor units): squares of it still fit a bigint. */
const LIMIT = 3_000_000_000;

/** Both arms' sums as of now. */
export async function sumEnrolled(
  tx: StoreTransaction,
  run: Pick<MeasuredRun, 'id' | 'cap'>,
  asOf: Date,
): Promise<Sums> {
  const rows = await tx.rows<SumRow>(
    `SELECT arm, count(*) AS people, count(*) FILTER (WHERE n > 0) AS buyers, sum(raw)::float8 AS revenue,
       sum(x)::float8 AS pre, sum(x * x)::float8 AS pre2, sum(y)::float8 AS spent, sum(y * y)::float8 AS spent2,
       sum(x * y)::float8 AS spent_pre, sum(n)::float8 AS bought, sum(n * n)::float8 AS bought2,
       sum(m)::float8 AS before, sum(m * m)::float8 AS before2, sum(n * m)::float8 AS bought_before,
       coalesce(sum(m) FILTER (WHERE n > 0), 0)::float8 AS returned_before
     FROM (
       SELECT arm, orders::bigint AS n, pre_orders::bigint AS m, revenue AS raw,
         greatest(least(revenue, $3::bigint), -$3::bigint) AS y, greatest(least(pre_revenue, $3::bigint), -$3::bigint) AS x
       FROM enrolments WHERE store_id = $1 AND campaign_id = $2 AND arm IN ('treated', 'holdout') AND entered_at < $4
     ) people
     GROUP BY arm`,
    [tx.storeId, run.id, Math.min(run.cap ?? LIMIT, LIMIT), asOf],
  );
  return sumsOfRows(rows);
}

/** How much of everybody's days has been watched, in whole windows, and how many windows are open. */
export async function watchedSoFar(
  tx: StoreTransaction,
  run: Pick<MeasuredRun, 'id' | 'measureDays'>,
  now: Date,
): Promise<{ watched: number; open: number }> {
  const [row] = await tx.rows<{ watched: number; open: number }>(
    `SELECT coalesce(sum(least(1, extract(epoch FROM $3::timestamptz - entered_at)::float8 / 86400 / $4::int)), 0)::float8 AS watched,
       count(*) FILTER (WHERE entered_at + make_interval(days => $4::int) > $3)::int AS open
     FROM enrolments WHERE store_id = $1 AND campaign_id = $2 AND arm IN ('treated', 'holdout') AND entered_at < $3`,
    [tx.storeId, run.id, now, run.measureDays],
  );
  return row ?? { watched: 0, open: 0 };
}
