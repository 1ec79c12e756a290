import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import type { Connector, PullBatch, PullRequest, SourceOrderLine } from '../ports.ts';
import { seededRandom, uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, fakeClock, type TestDatabase } from '../testing/index.ts';
import { ingest } from './index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

const clock = fakeClock('2026-03-01T12:00:00Z');
beforeEach(() => clock.set('2026-03-01T12:00:00Z'));
let stores = 0;

type Pull = (request: PullRequest) => Iterable<PullBatch> | AsyncIterable<PullBatch>;

/** A store with one connection for each platform; what they tell may be changed between pulls. */
async function shop(sources: Record<string, { commit?: 'whole' | 'batch'; pull: Pull }>): Promise<{
  storeId: string;
  engine: Engine;
  run(): Promise<Record<string, unknown>>;
  rows<Row extends object>(sql: string): Promise<Row[]>;
}> {
  const storeId = await buildStore(base.database, { name: `Shop ${String(stores++)}` });
  await base.database.inStore(storeId, async ({ db }) => {
    for (const platform of Object.keys(sources))
      await db
        .insertInto('connections')
        .values({
          id: uuidOf('connection', storeId, platform),
          store_id: storeId,
          platform,
          account: platform,
          created_at: new Date(0),
        })
        .execute();
  });
  const engine = {
    database: base.database,
    clock,
    random: seededRandom(1),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    connector: ({ platform }: { platform: string }): Promise<Connector> => {
      const source = sources[platform];
      if (!source) return Promise.reject(fail('not_found', 'no customers there'));
      return Promise.resolve({
        platform,
        takes: [],
        commit: source.commit ?? 'batch',
        pull: async function* (request: PullRequest) {
          yield* source.pull(request);
        },
        push: () => Promise.resolve([]),
      });
    },
  } as unknown as Engine;
  return {
    storeId,
    engine,
    run: () => ingest(engine, storeId),
    rows: (sql) => base.database.inStore(storeId, (tx) => tx.rows(sql)),
  };
}

function line(
  customerId: string,
  orderId: string,
  day: string,
  amount: number,
  more: Partial<SourceOrderLine> = {},
): SourceOrderLine {
  return {
    customerId,
    orderId,
    kind: amount < 0 ? 'return' : 'sale',
    orderedAt: new Date(`${day}T10:00:00Z`),
    amount,
    currency: 'EUR',
    quantity: 1,
    ...more,
  };
}

test('order lines become customers, products, orders and totals', async () => {
  const shop1 = await shop({
    csv: {
      commit: 'whole',
      pull: () => [
        {
          rowsRead: 5,
          orderLines: [
            line('ann', '1', '2026-01-01', 1000, {
              productId: 'p',
              productName: 'Cup',
              email: 'Ann@Mail.example',
              country: 'ES',
            }),
            line('ann', '1', '2026-01-01', 500, {
              productId: 'q',
              productName: 'Plate',
              email: 'Ann@Mail.example',
              country: 'ES',
            }),
            line('bob', '2', '2026-01-02', 700),
            line('ann', '3', '2026-01-05', 200),
            line('ann', '4', '2026-01-06', -300),
          ],
          rejected: [{ line: 9, reason: 'no_customer' }],
          cursor: { line: 5 },
        },
      ],
    },
  });
  expect(await shop1.run()).toMatchObject({ sources: 1, customers: 2, orders: 4, lines: 5, rejected: 1, rowsRead: 5 });
  expect(
    await shop1.rows(
      `SELECT key, email, country, time_zone, time_zone_source, purchase_days, orders, revenue, repeat_revenue, first_order_at, last_order_at
      FROM customers JOIN customer_totals ON customer_id = id ORDER BY key`,
    ),
  ).toEqual([
    {
      key: 'csv:ann',
      email: 'ann@mail.example',
      country: 'ES',
      time_zone: 'Europe/Madrid',
      time_zone_source: 'country',
      purchase_days: 2,
      orders: 2,
      revenue: 1400,
      repeat_revenue: 200,
      first_order_at: new Date('2026-01-01T10:00:00Z'),
      last_order_at: new Date('2026-01-05T10:00:00Z'),
    },
    expect.objectContaining({
      key: 'csv:bob',
      country: null,
      time_zone: null,
      purchase_days: 1,
      revenue: 700,
      repeat_revenue: 0,
    }),
  ]);
  expect(await shop1.rows('SELECT name FROM products ORDER BY name')).toEqual([{ name: 'Cup' }, { name: 'Plate' }]);
  expect(await shop1.rows('SELECT data_version FROM stores')).toEqual([{ data_version: 1 }]);
  expect(await shop1.rows('SELECT state, rows_read, customers, orders, rejected FROM imports')).toEqual([
    { state: 'done', rows_read: 5, customers: 2, orders: 4, rejected: { total: 1, byReason: { no_customer: 1 } } },
  ]);
  expect(await shop1.rows('SELECT line, reason, source FROM rejected_rows')).toEqual([
    { line: 9, reason: 'no_customer', source: 'orders' },
  ]);
  expect(await shop1.rows('SELECT state, progress, cursor FROM connections')).toEqual([
    { state: 'connected', progress: 100, cursor: { line: 5 } },
  ]);
});
