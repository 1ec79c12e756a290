/** customer_totals for the customers that a pull touched, and for nobody else. */
import { copyBinary } from '../database/copy.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { TOTAL_COLUMNS } from './tally.ts';

/**
 * Reckons the totals of everybody in `touched`, or of everybody, from their orders. A purchase day is a day of the store's own clock with a
 * sale; revenue is sales less returns; repeat revenue is what was sold on all purchase days but the first (Fader and
 * Hardie's zbar is repeat revenue by purchase day).
 */
export async function refreshTotals(tx: StoreTransaction, timeZone: string, whom: 'touched' | 'all'): Promise<number> {
  if (whom === 'touched') await tx.run('ANALYZE touched');
  const ofWhom =
    whom === 'all' ? '' : 'JOIN (SELECT DISTINCT customer_id FROM touched) t ON t.customer_id = o.customer_id';
  // An empty store has no totals yet, and a row that may meet another costs twice.
  const orElse =
    whom === 'all'
      ? ''
      : `ON CONFLICT (store_id, customer_id) DO UPDATE SET purchase_days = excluded.purchase_days, orders = excluded.orders, revenue = excluded.revenue,
      first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at, repeat_revenue = excluded.repeat_revenue`;
  return tx.run(
    `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue)
    SELECT $1, customer_id, count(*) FILTER (WHERE sale), sum(orders) FILTER (WHERE sale), sum(amount),
      min(first) FILTER (WHERE sale), max(last) FILTER (WHERE sale),
      sum(amount) FILTER (WHERE sale) - (array_agg(amount ORDER BY day) FILTER (WHERE sale))[1]
    FROM (
      SELECT o.customer_id, (o.ordered_at AT TIME ZONE $2)::date AS day, o.kind = 'sale' AS sale, count(*) AS orders, sum(o.amount)::bigint AS amount,
        min(o.ordered_at) AS first, max(o.ordered_at) AS last
      FROM orders o ${ofWhom}
      WHERE o.store_id = $1 GROUP BY 1, 2, 3
    ) days
    GROUP BY customer_id HAVING bool_or(sale) ORDER BY customer_id
    ${orElse}`,
    [tx.storeId, timeZone],
  );
}

/** Days that dayStarts tells of. */
const FIRST_DAY = '1995-01-01';
const LAST_DAY = '2040-01-01';

/**
 * When each day of the zone began (ms), for a Tally. Undefined for a zone in which a day has come a second time after the next had
 * begun (clocks that were put back just after midnight, as in Newfoundland until 2011): only a look at each order tells them apart.
 */
export async function dayStarts(tx: StoreTransaction, timeZone: string): Promise<Float64Array | undefined> {
  const [found] = await tx.rows<{ starts: number[]; plain: boolean }>(
    `WITH midnights AS (
      SELECT day::date AS day, day AT TIME ZONE $1 AS at FROM generate_series($2::timestamp, $3::timestamp, '1 day') day
    ), starts AS (
      -- Of a midnight that comes twice the database takes the second.
      SELECT day, changed, CASE WHEN changed AND ((at - interval '1 hour') AT TIME ZONE $1)::date >= day THEN at - interval '1 hour' ELSE at END AS at
      FROM (SELECT *, lead(at, 1, at) OVER w - lag(at, 1, at) OVER w <> interval '48 hours' AS changed FROM midnights WINDOW w AS (ORDER BY day)) m
    )
    SELECT array_agg(extract(epoch FROM at)::float8 * 1000 ORDER BY day) AS starts,
      bool_and(NOT changed OR (((at - interval '1 millisecond') AT TIME ZONE $1)::date < day AND NOT EXISTS (
        SELECT FROM generate_series(0, 12) AS tens WHERE ((at + tens * interval '10 minutes') AT TIME ZONE $1)::date < day))) AS plain
    FROM starts`,
    [timeZone, FIRST_DAY, LAST_DAY],
  );
  return found?.plain === true ? Float64Array.from(found.starts) : undefined;
}

/** Writes what a Tally has reckoned, where nobody has totals yet. */
export async function insertTotals(tx: StoreTransaction, rows: Buffer[] | undefined): Promise<void> {
  if (!rows) return;
  await tx.run(`CREATE TEMPORARY TABLE staged_totals (id uuid, purchase_days int, orders int, revenue bigint,
    first_order_at timestamptz, last_order_at timestamptz, repeat_revenue bigint) ON COMMIT DROP`);
  await copyBinary(tx.client, 'staged_totals', TOTAL_COLUMNS, rows);
  await tx.run(
    `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue)
    SELECT $1, id, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue FROM staged_totals ORDER BY id`,
    [tx.storeId],
  );
}
