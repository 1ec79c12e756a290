/** Facts of some people, to show why they are in a segment. For samples, never for a whole store. */
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/connect.ts';
import { compileRule, daysBefore, fromCustomers, numberColumn, type RuleScope } from './compile.store.ts';
import type { Facts } from './facts.ts';
import { NUMBER_FIELDS, type NumberField, type Rule } from './rule.ts';

export interface Person {
  customerId: string;
  firstName: string | null;
  lastName: string | null;
  facts: Facts;
}

/** Up to `limit` people whom the rule means, most value at risk first. */
export async function samplePeople(
  tx: StoreTransaction,
  rule: Rule,
  scope: RuleScope,
  limit: number,
): Promise<Person[]> {
  const numbers = NUMBER_FIELDS.map((field) => sql`${numberColumn(field, scope)} AS ${sql.ref(field)}`);
  type Row = Record<NumberField, number | null> &
    Pick<Facts, 'life_stage' | 'country' | 'language' | 'has_email' | 'has_phone'> & {
      id: string;
      first_name: string | null;
      last_name: string | null;
    };
  const { rows } = await sql<Row>`SELECT c.id, c.first_name, c.last_name, c.country, c.language, s.life_stage,
      c.email IS NOT NULL AS has_email, c.phone IS NOT NULL AS has_phone, ${sql.join(numbers)}
    FROM ${fromCustomers(scope)}
    WHERE c.store_id = ${scope.storeId}::uuid AND ${compileRule(rule, scope)}
    ORDER BY s.value_at_risk DESC NULLS LAST, c.id LIMIT ${limit}`.execute(tx.db);
  const bought = await productsOf(
    tx,
    scope,
    rows.map((row) => row.id),
  );
  return rows.map(({ id, first_name, last_name, ...facts }) => ({
    customerId: id,
    firstName: first_name,
    lastName: last_name,
    facts: { ...facts, bought: bought.get(id) ?? [] },
  }));
}

async function productsOf(
  tx: StoreTransaction,
  scope: RuleScope,
  ids: string[],
): Promise<Map<string, Facts['bought']>> {
  const { rows } = await sql<{ customer_id: string; product_id: string; days: number | null }>`
    SELECT o.customer_id, product_id, ${daysBefore(sql`max(o.ordered_at)`, scope)} AS days
    FROM orders o JOIN order_lines l ON l.store_id = o.store_id AND l.order_id = o.id CROSS JOIN unnest(l.product_ids) product_id
    WHERE o.store_id = ${scope.storeId}::uuid AND o.customer_id = ANY (${ids}::uuid[]) AND o.kind = 'sale'
      AND product_id IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1, 2`.execute(tx.db);
  const products = new Map<string, Facts['bought']>();
  for (const row of rows) {
    const list = products.get(row.customer_id) ?? [];
    // Without a scoring no day can be counted: then only rules without a window hold, as in SQL.
    list.push({ productId: row.product_id, daysAgo: row.days ?? Number.POSITIVE_INFINITY });
    products.set(row.customer_id, list);
  }
  return products;
}
