import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { PullBatch } from '../ports.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { line, toldShop } from './testing/told-shop.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

describe('who is who', () => {
  const person = (externalId: string, email: string | undefined, more: object = {}): PullBatch => ({
    rowsRead: 1,
    customers: [{ externalId, email, ...more }],
  });
  const identities =
    'SELECT platform, external_id, key, customers.email FROM identities JOIN customers ON customers.id = customer_id ORDER BY platform, external_id';

  test('the same proven address on a second platform is the same person, with one account of what was bought', async () => {
    const shop1 = await toldShop(base, {
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
    const shop1 = await toldShop(base, {
      alpha: { pull: () => [person('1', 'family@mail.example'), person('2', 'family@mail.example')] },
      beta: { pull: () => [person('9', 'family@mail.example', { emailVerified: false })] },
    });
    await shop1.run();
    const rows = await shop1.rows<{ key: string }>(identities);
    expect(rows.map((row) => row.key)).toEqual(['alpha:1', 'alpha:2', 'beta:9']);
  });

  test('a changed address changes the person and makes no second one', async () => {
    let email = 'old@mail.example';
    const shop1 = await toldShop(base, { alpha: { pull: () => [person('1', email)] } });
    await shop1.run();
    email = 'new@mail.example';
    shop1.clock.advance(60_000);
    expect(await shop1.run()).toMatchObject({ customers: 0, changed: 1 });
    expect(await shop1.rows('SELECT key, email FROM customers')).toEqual([
      { key: 'alpha:1', email: 'new@mail.example' },
    ]);
    shop1.clock.advance(60_000);
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
    const shop1 = await toldShop(base, {
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
    const shop1 = await toldShop(base, {
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
