/** customer_totals for the customers that a pull touched, and for nobody else. */
import type { StoreTransaction } from '../database/connect.ts';

/**
 * Reckons the totals of everybody in `touched` from their orders. A purchase day is a day of the store's own clock with a
 * sale; revenue is sales less returns; repeat revenue is what was sold on all purchase days but the first (Fader and
 * Hardie's zbar is repeat revenue by purchase day).
 */
export async function refreshTotals(tx: StoreTransaction, timeZone: string): Promise<number> {
  await tx.run('ANALYZE touched');
  return tx.run(
    `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue)
    SELECT $1, customer_id, count(*) FILTER (WHERE sales > 0), sum(sales), sum(net), min(first_sale), max(last_sale),
      coalesce(sum(sold), 0) - (array_agg(sold ORDER BY day) FILTER (WHERE sales > 0))[1]
    FROM (
      SELECT o.customer_id, (o.ordered_at AT TIME ZONE $2)::date AS day, count(*) FILTER (WHERE o.kind = 'sale') AS sales,
        sum(o.amount) FILTER (WHERE o.kind = 'sale') AS sold, sum(o.amount) AS net,
        min(o.ordered_at) FILTER (WHERE o.kind = 'sale') AS first_sale, max(o.ordered_at) FILTER (WHERE o.kind = 'sale') AS last_sale
      FROM orders o JOIN (SELECT DISTINCT customer_id FROM touched) t ON t.customer_id = o.customer_id
      WHERE o.store_id = $1 GROUP BY 1, 2
    ) days
    GROUP BY customer_id HAVING sum(sales) > 0 ORDER BY customer_id
    ON CONFLICT (store_id, customer_id) DO UPDATE SET purchase_days = excluded.purchase_days, orders = excluded.orders, revenue = excluded.revenue,
      first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at, repeat_revenue = excluded.repeat_revenue`,
    [tx.storeId, timeZone],
  );
}
