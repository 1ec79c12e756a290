/** The operator's command on real order logs, and on files that are none. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';

const ROOT = path.resolve(import.meta.dirname, '..');
const DATA = path.resolve(ROOT, '../shared/data');
const UCI = path.join(DATA, 'online-retail/online_retail_I.csv.gz');
const CDNOW = path.join(DATA, 'cdnow/CDNOW_sample.txt');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-logs-'));
  for (const file of [UCI, CDNOW]) if (!existsSync(file)) console.info(`skipped: ${path.basename(file)} is not here`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function rekindle(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'server/src/cli.ts'), ...words], {
    env: { ...process.env, DATABASE_URL: inject('testServer').ownerUrl, LOG_LEVEL: 'warn' },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, ...said });
    });
  });
}

const amount = z.int();
/** The keys of the house plan; more may stand beside them. */
const figures = z.object({
  customers: z.int(),
  orders: z.int(),
  rejectedRows: z.object({ total: z.int(), byReason: z.record(z.string(), z.int()) }),
  lapsing: z.int(),
  revenueAtRisk: z.object({ amount, currency: z.string() }),
  audience: z.int(),
  holdout: z.int(),
  messages: z.int(),
  accepted: z.int(),
  inDoubt: z.int(),
  opens: z.int(),
  clicks: z.int(),
  ordersAfter: z.object({ treated: z.int(), holdout: z.int() }),
  incrementalRevenue: z.object({
    estimate: amount,
    interval: z.tuple([amount, amount]),
    confidence: z.number(),
    verdict: z.string(),
  }),
  seconds: z.record(z.string(), z.number()),
  peakMemoryBytes: z.int(),
});

describe('a real log', () => {
  test.skipIf(!existsSync(UCI))('of a shop with invoices, returns and seasons', { timeout: 600_000 }, async () => {
    const { code, out, err } = await rekindle('demo', '--orders', UCI, '--as-of', '2011-09-01', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const seen = figures.parse(JSON.parse(out));
    // Known counts of this log once lines without customer, cancellations and zero prices are set aside.
    expect([seen.customers, seen.orders]).toEqual([4338, 18532]);
    expect(seen.rejectedRows.byReason['no_customer']).toBe(135_080);
    expect(seen.messages).toBe(seen.audience - seen.holdout);
    expect([seen.inDoubt, seen.opens]).toEqual([0, 0]);
    // Nobody was mailed: the truth is zero.
    const [low, high] = seen.incrementalRevenue.interval;
    expect(low < 0 && high > 0).toBe(true);
    expect(seen.peakMemoryBytes).toBeLessThan(1 << 30);
  });

  test.skipIf(!existsSync(CDNOW))('without a header, the same to the byte twice', { timeout: 600_000 }, async () => {
    const words = ['demo', '--orders', CDNOW, '--as-of', '1997-10-01', '--no-timings', '--json'];
    const [first, second] = [await rekindle(...words), await rekindle(...words)];
    expect(first.code).toBe(0);
    expect(first.out).toBe(second.out);
    const seen = figures.partial({ seconds: true, peakMemoryBytes: true }).parse(JSON.parse(first.out));
    expect(seen.customers).toBe(2357);
    const [low, high] = seen.incrementalRevenue.interval;
    expect(low < 0 && high > 0).toBe(true);
  });
});

describe('a log that is none is one sentence and exit code 1', () => {
  test.each([
    ['nothing in it', Buffer.from('')],
    ['bytes of something else', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 37) % 256))],
    ['another encoding', Buffer.from('\ufeffcustomer_id,order_id,ordered_at,amount\n1,2,2026-01-01,3\n', 'utf16le')],
    ['half a gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b])],
    ['columns missing', Buffer.from('name,price\nCup,3\n')],
  ])('%s', { timeout: 120_000 }, async (name, bytes) => {
    const file = path.join(folder, `${name}.csv`);
    await writeFile(file, bytes);
    const { code, out, err } = await rekindle('demo', '--orders', file, '--json');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/internal error/);
  });

  test('no such file', { timeout: 120_000 }, async () => {
    const { code, err } = await rekindle('demo', '--orders', path.join(folder, 'nowhere.csv'));
    expect(code).toBe(1);
    expect(err).toMatch(/nowhere\.csv/);
  });
});
