/** However the same lines are told, in which order, in what pieces, how often: the store ends the same. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Connector, PullBatch, SourceOrderLine } from '../ports.ts';
import { uuidOf } from '../random.ts';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { ingest } from './index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

const START = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;

/** Orders with their lines; what lines of one order share they share, the rest is anybody's guess. */
const orders = fc.array(
  fc.record({
    customer: fc.integer({ min: 1, max: 4 }),
    at: fc.integer({ min: 0, max: 60 }),
    email: fc.constantFrom(undefined, 'a@mail.example', 'B@mail.example', 'not an address'),
    country: fc.constantFrom(undefined, 'ES', 'US', 'xx1'),
    timeZone: fc.constantFrom(undefined, 'Atlantic/Canary', 'Nowhere/None'),
    lines: fc.array(
      fc.record({
        product: fc.constantFrom(undefined, 'p1', 'p2'),
        name: fc.constantFrom(undefined, 'Cup', 'Mug'),
        quantity: fc.integer({ min: 1, max: 2 }),
        amount: fc.integer({ min: 0, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

const telling = orders.chain((made) => {
  const lines = made.flatMap((order, number) =>
    order.lines.map((line): SourceOrderLine => {
      const returned = number % 4 === 3;
      return {
        customerId: `c${String(order.customer)}`,
        orderId: `o${String(number)}`,
        kind: returned ? 'return' : 'sale',
        orderedAt: new Date(START + order.at * 7 * HOUR),
        amount: returned ? -line.amount : line.amount,
        currency: 'EUR',
        productId: line.product,
        productName: line.name,
        quantity: line.quantity,
        email: order.email,
        country: order.country,
        timeZone: order.timeZone,
      };
    }),
  );
  return fc.record({
    lines: fc.constant(lines),
    shuffled: fc.shuffledSubarray(lines, { minLength: lines.length }),
    again: fc.subarray(lines),
    cuts: fc.array(fc.integer({ min: 0, max: lines.length }), { maxLength: 3 }),
    commit: fc.constantFrom('whole' as const, 'batch' as const),
    separate: fc.boolean(),
  });
});

let stores = 0;

/** Tells the batches, each in a pull of its own or all in one, and gives all that is left of them but when it was written. */
async function endState(batches: SourceOrderLine[][], commit: 'whole' | 'batch', separate: boolean): Promise<unknown> {
  const name = `Property ${String(stores++)}`;
  const storeId = await buildStore(base.database, { name });
  await base.database.inStore(storeId, ({ db }) =>
    db
      .insertInto('connections')
      .values({
        id: uuidOf('connection', storeId),
        store_id: storeId,
        platform: 'csv',
        account: 'x',
        created_at: new Date(0),
      })
      .execute(),
  );
  let told: SourceOrderLine[][] = batches;
  const csv: Connector = {
    platform: 'csv',
    takes: [],
    commit,
    async *pull(): AsyncGenerator<PullBatch> {
      await Promise.resolve();
      let rowsRead = 0;
      for (const orderLines of told) yield { orderLines, rowsRead: (rowsRead += orderLines.length) };
    },
    push: () => Promise.resolve([]),
  };
  const engine = buildEngine(base.database, { connectors: { csv } });
  for (const pull of separate ? batches.map((batch) => [batch]) : [batches]) {
    told = pull;
    await ingest(engine, storeId);
  }
  return base.database.inStore(storeId, async (tx) => ({
    customers: await tx.rows(
      `SELECT key, email, email_at, country, country_at, time_zone, time_zone_at, time_zone_source, created_at FROM customers ORDER BY key`,
    ),
    identities: await tx.rows(
      `SELECT platform, external_id, key FROM identities JOIN customers ON customers.id = customer_id ORDER BY external_id`,
    ),
    products: await tx.rows('SELECT external_id, name, name_at, created_at FROM products ORDER BY external_id'),
    orders: await tx.rows(
      `SELECT external_id, key, kind, ordered_at, amount, currency FROM orders JOIN customers ON customers.id = customer_id ORDER BY external_id`,
    ),
    lines: await tx.rows(
      `SELECT orders.external_id, line, place, products.external_id AS product, quantity, told.amount FROM order_lines
      CROSS JOIN unnest(lines, product_ids, quantities, amounts) WITH ORDINALITY AS told (line, product_id, quantity, amount, place)
      JOIN orders ON orders.id = order_id LEFT JOIN products ON products.id = product_id ORDER BY 1, 2`,
    ),
    totals: await tx.rows(
      `SELECT key, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue FROM customer_totals
      JOIN customers ON customers.id = customer_id ORDER BY key`,
    ),
  }));
}

function cutUp(lines: SourceOrderLine[], cuts: number[]): SourceOrderLine[][] {
  const at = [0, ...cuts.toSorted((a, b) => a - b), lines.length];
  return at.slice(1).map((end, i) => lines.slice(at[i], end));
}

test('the same lines end in the same store', async () => {
  await fc.assert(
    fc.asyncProperty(telling, async ({ lines, shuffled, again, cuts, commit, separate }) => {
      const plain = await endState([lines], 'whole', false);
      const other = await endState([...cutUp(shuffled, cuts), again], commit, separate);
      expect(other).toEqual(plain);
    }),
    { numRuns: 25 },
  );
});
