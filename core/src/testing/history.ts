/** A store with customers, orders and totals, straight into the tables as ingest would leave them. */
import type { CopyValue } from '../database/copy.ts';
import type { Database } from '../database/connect.ts';
import { uuidOf } from '../random.ts';

export interface PastPurchase {
  /** Any name of the person */
  customer: string;
  at: Date;
  /** Minor units */
  amount: number;
}

/** Writes the purchases (one order each) and the totals that follow from them; bumps the data version. */
export async function buildHistory(
  database: Database,
  storeId: string,
  purchases: readonly PastPurchase[],
): Promise<{ customerId(name: string): string }> {
  const customerId = (name: string): string => uuidOf('customer', storeId, name);
  const firsts = new Map<string, Date>();
  for (const { customer, at } of purchases) {
    const known = firsts.get(customer);
    if (!known || at < known) firsts.set(customer, at);
  }
  await database.inStore(storeId, async (tx) => {
    await tx.run('CREATE TEMPORARY TABLE past_customers (id uuid, name text, at timestamptz) ON COMMIT DROP');
    await tx.run(
      'CREATE TEMPORARY TABLE past_orders (id uuid, customer_id uuid, name text, at timestamptz, amount bigint) ON COMMIT DROP',
    );
    await tx.copyIn(
      'past_customers',
      ['id', 'name', 'at'],
      [...firsts].map(([name, at]): CopyValue[] => [customerId(name), name, at]),
    );
    await tx.copyIn(
      'past_orders',
      ['id', 'customer_id', 'name', 'at', 'amount'],
      purchases.map(({ customer, at, amount }, i): CopyValue[] => [
        uuidOf('order', storeId, String(i)),
        customerId(customer),
        String(i),
        at,
        amount,
      ]),
    );
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, created_at, updated_at)
       SELECT id, $1, 'csv:' || name, name || '@customers.example', at, at FROM past_customers`,
      [storeId],
    );
    await tx.run(
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
       SELECT id, $1, customer_id, 'csv', name, 'sale', at, amount, (SELECT currency FROM stores) FROM past_orders`,
      [storeId],
    );
    await tx.run(
      `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue)
       SELECT $1, customer_id, count(DISTINCT day), count(*), sum(amount), min(at), max(at), coalesce(sum(amount) FILTER (WHERE day > first), 0)
       FROM (SELECT o.*, day, min(day) OVER (PARTITION BY customer_id) AS first
             FROM past_orders o, stores s, LATERAL (SELECT (o.at AT TIME ZONE s.time_zone)::date AS day) d) d
       GROUP BY customer_id`,
      [storeId],
    );
    await tx.run('UPDATE stores SET data_version = data_version + 1');
  });
  return { customerId };
}
