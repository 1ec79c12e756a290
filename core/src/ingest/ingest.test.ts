import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fail } from '../errors.ts';
import type { PullBatch, SourceOrderLine } from '../ports.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { line, toldShop } from './testing/told-shop.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

test('order lines become customers, products, orders and totals', async () => {
  const shop1 = await toldShop(base, {
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

describe('orders', () => {
  test('a line told again under its own id replaces itself, and the totals follow', async () => {
    let amount = 1000;
    const shop1 = await toldShop(base, {
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
    const shop1 = await toldShop(base, {
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
    const shop1 = await toldShop(base, {
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

test('orders whose lines stand far apart in a large file are whole in the end', async () => {
  const ORDERS = 15_000;
  const pass = (product: string, amount: number): PullBatch[] =>
    Array.from({ length: ORDERS / 1000 }, (_, i) => ({
      rowsRead: 0,
      orderLines: Array.from({ length: 1000 }, (__, j) => {
        const number = i * 1000 + j;
        return line(`c${String(number % 100)}`, `o${String(number)}`, '2026-01-01', amount, { productId: product });
      }),
    }));
  const shop1 = await toldShop(base, {
    csv: { commit: 'whole', pull: () => [...pass('p', 100), ...pass('q', 200), ...pass('p', 100)] },
  });
  expect(await shop1.run()).toMatchObject({ customers: 100, orders: ORDERS, lines: 2 * ORDERS });
  expect(await shop1.rows('SELECT amount, count(*)::int AS orders FROM orders GROUP BY 1')).toEqual([
    { amount: 300, orders: ORDERS },
  ]);
  expect(await shop1.rows('SELECT sum(revenue)::bigint AS revenue FROM customer_totals')).toEqual([
    { revenue: 300 * ORDERS },
  ]);
});

describe('what fails', () => {
  const batch = (order: string, cursor: unknown): PullBatch => ({
    rowsRead: 1,
    orderLines: [line('1', order, '2026-01-01', 100)],
    cursor,
  });

  test('a file that breaks in the middle leaves nothing but the sentence', async () => {
    const shop1 = await toldShop(base, {
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
    const shop1 = await toldShop(base, {
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
    const shop1 = await toldShop(base, { alpha: { pull }, csv: { commit: 'whole', pull } });
    await Promise.all([shop1.run(), shop1.run()]);
    expect(await shop1.rows('SELECT platform, count(*)::int AS count FROM orders GROUP BY 1 ORDER BY 1')).toEqual([
      { platform: 'alpha', count: 5 },
      { platform: 'csv', count: 5 },
    ]);
  });

  test('one source that is away or has no customers holds up no other', async () => {
    const shop1 = await toldShop(base, {
      alpha: {
        pull: () => {
          throw fail('connector_unavailable', 'gone');
        },
      },
      mail: undefined,
      beta: { pull: () => [batch('o', 1)] },
    });
    expect(await shop1.run()).toMatchObject({ sources: 2, unreachable: 1, orders: 1 });
  });
});
