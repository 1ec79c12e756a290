/** customer_totals for the customers that a pull touched, and for nobody else. */
import type { StoreTransaction } from '../database/connect.ts';

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
