/** From the file to the tables: real logs, a real server, a real database. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { STAGES, uuidOf, type StageReport } from '@rekindle/core';
import {
  buildEngine,
  buildStore,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startCsvFake } from '../fake/index.ts';
import { csvConnector, type CsvSettings } from './index.ts';

const DATA = path.join(import.meta.dirname, '../../../../shared/data');
const UCI = path.join(DATA, 'online-retail/online_retail_I.csv.gz');
const CDNOW = path.join(DATA, 'cdnow/CDNOW_sample.txt');

let base: TestDatabase;
let folder: string;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-import-'));
});
afterAll(async () => {
  await base.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Shop {
  engine: TestEngine;
  run(): Promise<StageReport>;
  rows<Row extends object>(sql: string): Promise<Row[]>;
}

async function shop(name: string, settings: CsvSettings, currency: string, timeZone: string): Promise<Shop> {
  const storeId = await buildStore(base.database, { name, currency, timeZone });
  await base.database.inStore(storeId, ({ db }) =>
    db
      .insertInto('connections')
      .values({
        id: uuidOf('connection', storeId),
        store_id: storeId,
        platform: 'csv',
        account: name,
        created_at: new Date(0),
      })
      .execute(),
  );
  const engine = buildEngine(base.database, { connectors: { csv: csvConnector(settings) } });
  return {
    engine,
    run: () => STAGES.ingest(engine, storeId),
    rows: (sql) => base.database.inStore(storeId, (tx) => tx.rows(sql)),
  };
}

test.skipIf(!existsSync(UCI))('UCI Online Retail: up to a date, and then the rest of it', async () => {
  const uci = await shop('UCI', { orders: UCI, placeholderAddresses: true }, 'GBP', 'Europe/London');
  uci.engine.clock.set('2011-09-01T00:00:00Z');
  const first = await uci.run();
  expect(first).toMatchObject({ rowsRead: 541_909, rejected: 140_361, unreachable: 0 });
  expect(await uci.rows('SELECT max(ordered_at) < $$2011-09-01$$ AS early FROM orders')).toEqual([{ early: true }]);
  uci.engine.clock.set('2012-01-01T00:00:00Z');
  const second = await uci.run();
  expect(second).toMatchObject({ rowsRead: 0, rejected: 0 });
  // 4,372 customers less one whose only row has a price of zero; 4,338 of them bought something.
  expect(Number(first['customers']) + Number(second['customers'])).toBe(4371);
  expect(Number(first['lines']) + Number(second['lines'])).toBe(401_548);
  expect(
    await uci.rows(
      `SELECT kind, count(*)::int AS orders, sum(amount)::bigint AS amount FROM orders GROUP BY 1 ORDER BY 1`,
    ),
  ).toEqual([
    expect.objectContaining({ kind: 'return' }),
    // 8,911,407.90 less the 24,199.01 of the exact copies.
    { kind: 'sale', orders: 18_532, amount: 888_720_889 },
  ]);
  expect(await uci.rows('SELECT count(*)::int AS buyers, sum(orders)::int AS orders FROM customer_totals')).toEqual([
    { buyers: 4338, orders: 18_532 },
  ]);
  expect(await uci.rows(`SELECT time_zone, country FROM customers WHERE key = 'csv:12347'`)).toEqual([
    { time_zone: 'Atlantic/Reykjavik', country: 'IS' },
  ]);
  // Told again from the beginning nothing changes.
  await uci.rows('UPDATE connections SET cursor = NULL');
  expect(await uci.run()).toMatchObject({ customers: 0, orders: 0, lines: 0, changed: 0 });
});

test.skipIf(!existsSync(CDNOW))('CDNOW: purchase days as in the published summary', async () => {
  const cdnow = await shop('CDNOW', { orders: CDNOW }, 'USD', 'America/New_York');
  expect(await cdnow.run()).toMatchObject({ customers: 2357, orders: 6919, rejected: 0 });
  expect(
    await cdnow.rows('SELECT sum(purchase_days)::int AS days, sum(orders)::int AS orders FROM customer_totals'),
  ).toEqual([{ days: 6696, orders: 6919 }]);
});

test('a shop’s list and log over HTTP, in virtual time', async () => {
  const fake = await startCsvFake({
    orders: () =>
      'customer_id,order_id,ordered_at,amount,currency,product_id,product_name\n' +
      'a,1,2026-01-05T10:00:00Z,10.00,EUR,p,Tea\na,2,2026-02-05T10:00:00Z,20.00,EUR,p,Tea\nb,3,2026-01-06T10:00:00Z,5.00,EUR,q,Cup\n',
    customers: () =>
      'customer_id,email,first_name,language,country,time_zone,consent_state,consent_basis,consent_at,created_at\n' +
      'a,A@mail.example,Ann,es,ES,Atlantic/Canary,subscribed,express,2026-01-05T10:00:00Z,2026-01-05T10:00:00Z\n' +
      'c,c@mail.example,Cid,,,,,,,2026-03-01T10:00:00Z\n',
    version: () => 'one',
  });
  try {
    const source = { orders: `${fake.url}/orders.csv`, customers: `${fake.url}/customers.csv.gz` };
    const far = await shop('Far', source, 'EUR', 'Europe/Madrid');
    far.engine.clock.set('2026-02-01T00:00:00Z');
    expect(await far.run()).toMatchObject({ customers: 2, orders: 2, rowsRead: 5 });
    expect(
      await far.rows('SELECT key, email, first_name, time_zone, time_zone_source FROM customers ORDER BY key'),
    ).toEqual([
      {
        key: 'csv:a',
        email: 'a@mail.example',
        first_name: 'Ann',
        time_zone: 'Atlantic/Canary',
        time_zone_source: 'profile',
      },
      { key: 'csv:b', email: null, first_name: null, time_zone: null, time_zone_source: null },
    ]);
    expect(await far.rows('SELECT state, basis, source FROM consents')).toEqual([
      { state: 'subscribed', basis: 'express', source: 'csv' },
    ]);
    far.engine.clock.set('2026-04-01T00:00:00Z');
    expect(await far.run()).toMatchObject({ customers: 1, orders: 1 });
    expect(await far.run()).toMatchObject({ customers: 0, orders: 0, changed: 0, rowsRead: 0 });
    expect(await far.rows('SELECT data_version FROM stores')).toEqual([{ data_version: 2 }]);
  } finally {
    await fake.close();
  }
});

test('a bad file leaves nothing, and its sentence', async () => {
  const file = path.join(folder, 'bad.csv');
  const good = 'a,1,2026-01-05T10:00:00Z,10.00\n'.repeat(20_000);
  await writeFile(
    file,
    Buffer.from(`customer_id,order_id,ordered_at,amount\n${good}Jos\u00e9,2,2026-01-05,1\n`, 'latin1'),
  );
  const bad = await shop('Bad', { orders: file }, 'EUR', 'Europe/Madrid');
  await expect(bad.run()).rejects.toMatchObject({ code: 'bad_file' });
  expect(await bad.rows('SELECT count(*)::int AS count FROM orders')).toEqual([{ count: 0 }]);
  expect(await bad.rows('SELECT state FROM imports')).toEqual([{ state: 'failed' }]);
  expect(await bad.rows('SELECT state, last_error FROM connections')).toEqual([
    { state: 'failed', last_error: expect.stringMatching(/^Line 20002 of .* is not UTF-8/) as string },
  ]);
});
