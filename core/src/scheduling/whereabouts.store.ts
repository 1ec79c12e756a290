/** When people bought of whom nobody knows where they live. */
import type { StoreTransaction } from '../database/connect.ts';
import { ENOUGH_ORDERS } from './behaviour.ts';

/** By customer, of those with enough orders to say anything. */
export async function boughtAt(tx: StoreTransaction, customerIds: string[]): Promise<Map<string, Date[]>> {
  if (customerIds.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; at: Date[] }>(
    `SELECT t.customer_id AS id, array_agg(o.ordered_at ORDER BY o.ordered_at, o.id) AS at
     FROM customer_totals t JOIN orders o ON o.store_id = $1 AND o.customer_id = t.customer_id AND o.kind = 'sale'
     WHERE t.store_id = $1 AND t.customer_id = ANY ($2) AND t.orders >= $3 GROUP BY 1`,
    [tx.storeId, customerIds, ENOUGH_ORDERS],
  );
  return new Map(rows.map(({ id, at }) => [id, at]));
}

/** People with the times of their orders, where it takes those to guess where they live. */
export async function withOrders<
  Person extends { customerId: string; timeZone: string | null; country: string | null },
>(tx: StoreTransaction, people: Person[]): Promise<(Person & { bought?: Date[] })[]> {
  const unknown = people.filter(({ timeZone, country }) => timeZone === null && country === null);
  const bought = await boughtAt(
    tx,
    unknown.map(({ customerId }) => customerId),
  );
  if (bought.size === 0) return people;
  return people.map((person) => {
    const orders = bought.get(person.customerId);
    return orders ? { ...person, bought: orders } : person;
  });
}
