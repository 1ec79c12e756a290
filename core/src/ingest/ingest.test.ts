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
    for (const [place, platform] of Object.keys(sources).entries())
      await db
        .insertInto('connections')
        .values({
          id: uuidOf('connection', storeId, platform),
          store_id: storeId,
          platform,
          account: platform,
          created_at: new Date(place),
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

describe('who is who', () => {
  const person = (externalId: string, email: string | undefined, more: object = {}): PullBatch => ({
    rowsRead: 1,
    customers: [{ externalId, email, ...more }],
  });
  const identities =
    'SELECT platform, external_id, key, email FROM identities JOIN customers ON customers.id = customer_id ORDER BY platform, external_id';

  test('the same proven address on a second platform is the same person, with one account of what was bought', async () => {
    const shop1 = await shop({
      alpha: {
        pull: () => [{ rowsRead: 1, orderLines: [line('1', 'a1', '2026-01-01', 1000, { email: 'ann@mail.example' })] }],
      },
      beta: {
        pull: () => [
          person('77', 'ANN@mail.example'),
          { rowsRead: 2, orderLines: [line('77', 'b1', '2026-02-01', 500, { email: 'ann@mail.example' })] },
        ],
      },
    });
    await shop1.run();
    expect(await shop1.rows(identities)).toEqual([
      { platform: 'alpha', external_id: '1', key: 'alpha:1', email: 'ann@mail.example' },
      { platform: 'beta', external_id: '77', key: 'alpha:1', email: 'ann@mail.example' },
    ]);
    expect(await shop1.rows('SELECT orders, revenue, purchase_days FROM customer_totals')).toEqual([
      { orders: 2, revenue: 1500, purchase_days: 2 },
    ]);
    await shop1.run();
    expect(await shop1.rows('SELECT orders FROM customer_totals')).toEqual([{ orders: 2 }]);
  });

  test('two ids of one platform stay two people, and an unproven address joins nobody', async () => {
    const shop1 = await shop({
      alpha: { pull: () => [person('1', 'family@mail.example'), person('2', 'family@mail.example')] },
      beta: { pull: () => [person('9', 'family@mail.example', { emailVerified: false })] },
    });
    await shop1.run();
    const rows = await shop1.rows<{ key: string }>(identities);
    expect(rows.map((row) => row.key)).toEqual(['alpha:1', 'alpha:2', 'beta:9']);
  });

  test('a changed address changes the person and makes no second one', async () => {
    let email = 'old@mail.example';
    const shop1 = await shop({ alpha: { pull: () => [person('1', email)] } });
    await shop1.run();
    email = 'new@mail.example';
    clock.advance(60_000);
    expect(await shop1.run()).toMatchObject({ customers: 0, changed: 1 });
    expect(await shop1.rows('SELECT key, email FROM customers')).toEqual([
      { key: 'alpha:1', email: 'new@mail.example' },
    ]);
    clock.advance(60_000);
    expect(await shop1.run()).toMatchObject({ customers: 0, changed: 0 });
    expect(await shop1.rows('SELECT data_version FROM stores')).toEqual([{ data_version: 2 }]);
  });

  test('a consent is kept when it changes, with its time and source', async () => {
    const told: [string, string][] = [
      ['subscribed', '2026-01-01T00:00:00Z'],
      ['subscribed', '2026-01-05T00:00:00Z'],
      ['unsubscribed', '2026-02-01T00:00:00Z'],
    ];
    let turn = 0;
    const shop1 = await shop({
      alpha: {
        pull: () => {
          const [state, at = ''] = told[turn] ?? [];
          return [person('1', 'a@mail.example', { consent: { state, basis: 'express', at: new Date(at) } })];
        },
      },
    });
    for (turn = 0; turn < told.length; turn++) await shop1.run();
    expect(await shop1.rows('SELECT state, at, source FROM consents ORDER BY at')).toEqual([
      { state: 'subscribed', at: new Date('2026-01-01T00:00:00Z'), source: 'alpha' },
      { state: 'unsubscribed', at: new Date('2026-02-01T00:00:00Z'), source: 'alpha' },
    ]);
  });

  test('a zone of the person’s own wins over the country’s; a country with many zones stands for its largest', async () => {
    const shop1 = await shop({
      alpha: {
        pull: () => [
          person('1', undefined, { country: 'US' }),
          person('2', undefined, { country: 'US', timeZone: 'America/Los_Angeles' }),
          person('3', undefined, {}),
        ],
      },
    });
    await shop1.run();
    expect(await shop1.rows('SELECT time_zone, time_zone_source FROM customers ORDER BY key')).toEqual([
      { time_zone: 'America/New_York', time_zone_source: 'country' },
      { time_zone: 'America/Los_Angeles', time_zone_source: 'profile' },
      { time_zone: null, time_zone_source: null },
    ]);
  });
});

describe('orders', () => {
  test('a line told again under its own id replaces itself, and the totals follow', async () => {
    let amount = 1000;
    const shop1 = await shop({
      alpha: { pull: () => [{ rowsRead: 1, orderLines: [line('1', 'o', '2026-01-01', amount, { lineId: 'x' })] }] },
    });
    await shop1.run();
    amount = 700;
    expect(await shop1.run()).toMatchObject({ orders: 0, lines: 0, changed: 1 });
    expect(await shop1.rows('SELECT amount FROM orders')).toEqual([{ amount: 700 }]);
    expect(await shop1.rows('SELECT revenue FROM customer_totals')).toEqual([{ revenue: 700 }]);
    expect(await shop1.run()).toMatchObject({ changed: 0 });
    expect(await shop1.rows('SELECT data_version FROM stores')).toEqual([{ data_version: 2 }]);
  });

  test('a day is a day of the shop’s own clock', async () => {
    const at = (time: string): Partial<SourceOrderLine> => ({ orderedAt: new Date(time) });
    const shop1 = await shop({
      alpha: {
        pull: () => [
          {
            rowsRead: 3,
            orderLines: [
              // 23:30 and 00:30 in Madrid: two days, though one in UTC.
              line('1', 'a', '', 100, at('2026-01-10T22:30:00Z')),
              line('1', 'b', '', 200, at('2026-01-10T23:30:00Z')),
              line('1', 'c', '', 300, at('2026-01-11T10:00:00Z')),
            ],
          },
        ],
      },
    });
    await shop1.run();
    expect(await shop1.rows('SELECT purchase_days, orders, repeat_revenue FROM customer_totals')).toEqual([
      { purchase_days: 2, orders: 3, repeat_revenue: 500 },
    ]);
  });

  test('another currency than the store’s, and figures that fit nowhere, are left out and counted', async () => {
    const shop1 = await shop({
      alpha: {
        pull: () => [
          {
            rowsRead: 4,
            orderLines: [
              line('1', 'a', '2026-01-01', 100),
              line('1', 'b', '2026-01-01', 100, { currency: 'USD', line: 3 }),
              line('1', 'c', '2026-01-01', 1.5, { line: 4 }),
              line('1', 'd'.repeat(300), '2026-01-01', 100, { line: 5 }),
            ],
          },
        ],
      },
    });
    expect(await shop1.run()).toMatchObject({ orders: 1, rejected: 3 });
    expect(await shop1.rows('SELECT line, reason FROM rejected_rows ORDER BY line')).toEqual([
      { line: 3, reason: 'other_currency' },
      { line: 4, reason: 'bad_amount' },
      { line: 5, reason: 'id_too_long' },
    ]);
  });
});

describe('what fails', () => {
  const batch = (order: string, cursor: unknown): PullBatch => ({
    rowsRead: 1,
    orderLines: [line('1', order, '2026-01-01', 100)],
    cursor,
  });

  test('a file that breaks in the middle leaves nothing but the sentence', async () => {
    const shop1 = await shop({
      csv: {
        commit: 'whole',
        async *pull() {
          yield* Array.from({ length: 30 }, (_, i) => ({
            rowsRead: 1000,
            orderLines: Array.from({ length: 1000 }, (__, j) =>
              line('1', `${String(i)}-${String(j)}`, '2026-01-01', 100),
            ),
          }));
          await Promise.resolve();
          throw fail('bad_file', 'Line 9 is wrong.');
        },
      },
    });
    await expect(shop1.run()).rejects.toThrow('Line 9 is wrong.');
    for (const table of ['customers', 'orders', 'order_lines', 'identities', 'customer_totals'])
      expect(await shop1.rows(`SELECT count(*)::int AS count FROM ${table}`)).toEqual([{ count: 0 }]);
    expect(await shop1.rows('SELECT state, last_error, cursor FROM connections')).toEqual([
      { state: 'failed', last_error: 'Line 9 is wrong.', cursor: null },
    ]);
    expect(await shop1.rows('SELECT state, error FROM imports')).toEqual([
      { state: 'failed', error: 'Line 9 is wrong.' },
    ]);
    expect(await shop1.rows('SELECT data_version FROM stores')).toEqual([{ data_version: 0 }]);
  });

  test('a pull by batches goes on after the last one that was committed', async () => {
    const cursors: unknown[] = [];
    let broken = true;
    const shop1 = await shop({
      alpha: {
        async *pull({ cursor }) {
          cursors.push(cursor);
          await Promise.resolve();
          for (let at = Number(cursor ?? 0); at < 4; at++) {
            if (at === 2 && broken) throw fail('connector_unavailable', 'gone');
            yield batch(`o${String(at)}`, at + 1);
          }
        },
      },
    });
    expect(await shop1.run()).toMatchObject({ unreachable: 1 });
    expect(await shop1.rows('SELECT count(*)::int AS count FROM orders')).toEqual([{ count: 2 }]);
    broken = false;
    expect(await shop1.run()).toMatchObject({ unreachable: 0, orders: 2 });
    expect(cursors).toEqual([undefined, 2]);
    expect(await shop1.rows('SELECT orders, revenue FROM customer_totals')).toEqual([{ orders: 4, revenue: 400 }]);
    expect(await shop1.rows('SELECT state FROM connections')).toEqual([{ state: 'connected' }]);
  });

  test('two workers at once take in everything once', async () => {
    const pull = (): PullBatch[] => Array.from({ length: 5 }, (_, i) => batch(`o${String(i)}`, i + 1));
    const shop1 = await shop({ alpha: { pull }, csv: { commit: 'whole', pull } });
    await Promise.all([shop1.run(), shop1.run()]);
    expect(await shop1.rows('SELECT platform, count(*)::int AS count FROM orders GROUP BY 1 ORDER BY 1')).toEqual([
      { platform: 'alpha', count: 5 },
      { platform: 'csv', count: 5 },
    ]);
  });

  test('one source that is away or has no customers holds up no other', async () => {
    const shop1 = await shop({
      alpha: {
        pull: () => {
          throw fail('connector_unavailable', 'gone');
        },
      },
      beta: { pull: () => [batch('o', 1)] },
    });
    await base.database.inStore(shop1.storeId, ({ db }) =>
      db
        .insertInto('connections')
        .values({
          id: uuidOf('connection', shop1.storeId, 'mail'),
          store_id: shop1.storeId,
          platform: 'mail',
          account: 'mail',
          created_at: new Date(0),
        })
        .execute(),
    );
    expect(await shop1.run()).toMatchObject({ sources: 2, unreachable: 1, orders: 1 });
  });
});
