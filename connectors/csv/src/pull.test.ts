/** Pulls one after the other: what is delivered, once each, as time goes on and files grow. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Connector, RejectedRow } from '@rekindle/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCsvFake } from '../fake/index.ts';
import { csvConnector } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-pull-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
let files = 0;

const HEAD = 'customer_id,order_id,ordered_at,amount\n';
const row = (order: number, day: number): string => `c${String(order % 7)},${String(order)},${dateOf(day)},1.00\n`;
const dateOf = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString();

interface Pulled {
  orders: string[];
  customers: string[];
  rejected: RejectedRow[];
  rowsRead: number;
  cursor: unknown;
}

/** As ingest does it: the cursor goes through the database as JSON. */
async function pull(connector: Connector, cursor?: unknown, until?: string): Promise<Pulled> {
  const pulled: Pulled = { orders: [], customers: [], rejected: [], rowsRead: 0, cursor };
  for await (const batch of connector.pull({ cursor, ...(until === undefined ? {} : { until: new Date(until) }) })) {
    pulled.orders.push(...(batch.orderLines ?? []).map((line) => line.orderId));
    pulled.customers.push(...(batch.customers ?? []).map((customer) => customer.externalId));
    pulled.rejected.push(...(batch.rejected ?? []));
    pulled.rowsRead = batch.rowsRead;
    if (batch.cursor !== undefined) pulled.cursor = JSON.parse(JSON.stringify(batch.cursor)) as unknown;
  }
  return pulled;
}

describe('a file', () => {
  test('rows whose time has not come wait for it, in whatever order they stand', async () => {
    const file = path.join(folder, `${String(files++)}.csv`);
    await writeFile(file, HEAD + row(1, 5) + row(2, 1) + 'c,3,bad,1\n' + row(4, 9) + row(5, 2));
    const connector = csvConnector({ orders: file });
    const first = await pull(connector, undefined, dateOf(3));
    expect(first).toMatchObject({ orders: ['2', '5'], rejected: [{ line: 4, reason: 'bad_date' }], rowsRead: 5 });
    const same = await pull(connector, first.cursor, dateOf(4));
    expect(same).toMatchObject({ orders: [], rejected: [], rowsRead: 0 });
    expect(same.cursor).toEqual(first.cursor);
    const second = await pull(connector, first.cursor, dateOf(7));
    expect(second).toMatchObject({ orders: ['1'], rejected: [], rowsRead: 0 });
    expect(await pull(connector, second.cursor)).toMatchObject({ orders: ['4'] });
  });

  test('what is appended is delivered alone, with its true line', async () => {
    const file = path.join(folder, `${String(files++)}.csv`);
    await writeFile(file, HEAD + row(1, 1) + row(2, 2).trimEnd());
    const connector = csvConnector({ orders: file });
    const first = await pull(connector);
    await appendFile(file, `\n${row(3, 1)}c,4,bad,1\n`);
    const second = await pull(connector, first.cursor);
    expect(second).toMatchObject({ orders: ['3'], rejected: [{ line: 5, reason: 'bad_date' }], rowsRead: 2 });
    expect(await pull(connector, second.cursor)).toMatchObject({ orders: [], rowsRead: 0 });
  });

  test('a file that was written anew is read anew, and so is one whose last row grew', async () => {
    const file = path.join(folder, `${String(files++)}.csv`);
    await writeFile(file, HEAD + row(1, 1) + 'c,2,2026-01-02,12');
    const connector = csvConnector({ orders: file });
    const first = await pull(connector);
    await appendFile(file, '.50\n');
    const second = await pull(connector, first.cursor);
    expect(second.orders).toEqual(['1', '2']);
    await writeFile(file, HEAD + row(9, 1) + row(1, 1));
    expect((await pull(connector, second.cursor)).orders).toEqual(['9', '1']);
  });

  test('whatever grows when and is asked for until whenever, each row comes once', async () => {
    const part = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 30 });
    const plan = fc.array(fc.record({ append: part, until: fc.integer({ min: 0, max: 30 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(plan, fc.boolean(), async (steps, packed) => {
        const file = path.join(folder, `${String(files++)}.csv`);
        const connector = csvConnector({ orders: file });
        let text = HEAD;
        let until = 0;
        let order = 0;
        let cursor: unknown;
        const days = new Map<string, number>();
        const delivered: string[] = [];
        for (const step of steps) {
          for (const day of step.append) {
            days.set(String(order), day);
            text += row(order++, day);
          }
          until = Math.max(until, step.until);
          await writeFile(file, packed ? gzipSync(text) : text);
          const pulled = await pull(connector, cursor, dateOf(until));
          cursor = pulled.cursor;
          delivered.push(...pulled.orders);
          const due = [...days].filter(([, day]) => day <= until).map(([id]) => id);
          expect(delivered.toSorted()).toEqual(due.toSorted());
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a log of many blocks is read where it is due, and nothing is lost at their edges', async () => {
    const file = path.join(folder, `${String(files++)}.csv`);
    const count = 20_000;
    const day = (order: number): number => Math.floor(order / 400);
    await writeFile(file, HEAD + Array.from({ length: count }, (_, order) => row(order, day(order))).join(''));
    const connector = csvConnector({ orders: file });
    let cursor: unknown;
    const delivered: string[] = [];
    for (const until of [10, 11, 11, 30, 49, 60]) {
      const pulled = await pull(connector, cursor, dateOf(until));
      cursor = pulled.cursor;
      delivered.push(...pulled.orders);
      expect(delivered).toHaveLength(Math.min(count, (until + 1) * 400));
    }
    expect(new Set(delivered).size).toBe(count);
  });
});

describe('an address', () => {
  test('both lists, packed or not, and nothing at all while the ETag stays', async () => {
    let text = HEAD + row(1, 1);
    const fake = await startCsvFake({
      orders: () => text,
      customers: () =>
        'customer_id,email,consent_state,consent_basis,consent_at,created_at\na,a@mail.example,subscribed,express,,2026-01-01\nb,,maybe,,,2026-01-01\n',
      version: () => String(text.length),
    });
    try {
      const connector = csvConnector({ orders: `${fake.url}/orders.csv.gz`, customers: `${fake.url}/customers.csv` });
      const first = await pull(connector);
      expect(first).toMatchObject({
        orders: ['1'],
        customers: ['a'],
        rejected: [{ line: 3, reason: 'bad_consent', source: 'customers' }],
      });
      const gets = fake.requests.get;
      expect(await pull(connector, first.cursor)).toMatchObject({ orders: [], customers: [], cursor: first.cursor });
      expect(fake.requests.get).toBe(gets);
      text += row(2, 2);
      expect(await pull(connector, first.cursor)).toMatchObject({ orders: ['2'], customers: ['a'] });
    } finally {
      await fake.close();
    }
  });

  test('an answer that fails or breaks off is an error that trying again may mend; a missing file is not', async () => {
    const fake = await startCsvFake({ orders: () => (HEAD + row(1, 1)).repeat(10) });
    try {
      const connector = csvConnector({ orders: `${fake.url}/orders.csv?token=secret` });
      for (const fault of ['error', 'truncated'] as const) {
        fake.queueFaults(fault);
        await expect(pull(connector)).rejects.toMatchObject({ code: 'connector_unavailable', retryable: true });
      }
      fake.queueFaults('missing');
      const missing = await pull(connector).catch((error: unknown) => error);
      expect(missing).toMatchObject({ code: 'connector_refused', retryable: false });
      expect(String(missing)).not.toContain('secret');
      fake.queueFaults('slow');
      expect((await pull(connector)).orders.length).toBeGreaterThan(0);
    } finally {
      await fake.close();
    }
    const gone = csvConnector({ orders: `${fake.url}/orders.csv` });
    await expect(pull(gone)).rejects.toMatchObject({ code: 'connector_unavailable' });
  });
});

test('settings that are wrong are refused with a sentence', () => {
  for (const settings of [{ orders: '' }, { orders: 'x', currency: 'euro' }, { orders: 'x', timeZone: 'Nowhere' }])
    expect(() => csvConnector(settings)).toThrow(/^The CSV setting/);
});
