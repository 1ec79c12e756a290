/** Order logs as files: what is read, what is left out and why, and what a file must not be. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RejectedRow, SourceOrderLine } from '@rekindle/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeOrderLog, readOrderLog, type ReadOptions } from './index.ts';

const DATA = path.join(import.meta.dirname, '../../../../shared/data');
const UCI = path.join(DATA, 'online-retail/online_retail_I.csv.gz');
const CDNOW = path.join(DATA, 'cdnow/CDNOW_sample.txt');
for (const file of [UCI, CDNOW]) if (!existsSync(file)) console.info(`skipped: ${path.basename(file)} is not here`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function file(content: string | Uint8Array): Promise<string> {
  const name = path.join(folder, `log-${String(files++)}.csv`);
  await writeFile(name, content);
  return name;
}

interface Read {
  lines: SourceOrderLine[];
  rejected: RejectedRow[];
  rowsRead: number;
  byReason: Record<string, number>;
}

async function read(address: string, options?: ReadOptions): Promise<Read> {
  const all: Read = { lines: [], rejected: [], rowsRead: 0, byReason: {} };
  for await (const batch of readOrderLog(address, options)) {
    all.lines.push(...batch.lines);
    all.rejected.push(...batch.rejected);
    all.rowsRead = batch.rowsRead;
  }
  for (const { reason } of all.rejected) all.byReason[reason] = (all.byReason[reason] ?? 0) + 1;
  return all;
}

const HEAD = 'customer_id,order_id,ordered_at,amount';

describe('the house format', () => {
  test('every column says what it should', async () => {
    const log = await file(
      `${HEAD},currency,product_id,product_name,quantity,email,country,time_zone\n` +
        'a,1,2026-01-02T03:04:05Z,12.50,EUR,p,"Cup, ""blue""",2,a@mail.example,Spain,Europe/Madrid\n' +
        'b,2,2026-01-02 03:04,-7,JPY,,,,,,\n',
    );
    const { lines } = await read(log);
    expect(lines).toEqual([
      {
        customerId: 'a',
        orderId: '1',
        kind: 'sale',
        orderedAt: new Date('2026-01-02T03:04:05Z'),
        amount: 1250,
        currency: 'EUR',
        productId: 'p',
        productName: 'Cup, "blue"',
        quantity: 2,
        email: 'a@mail.example',
        country: 'ES',
        timeZone: 'Europe/Madrid',
        line: 2,
      },
      expect.objectContaining({ kind: 'return', amount: -7, currency: 'JPY', quantity: 1, line: 3 }),
    ]);
  });

  test('a bad row is told with its line and its reason, and the good ones around it are read', async () => {
    const log = await file(
      [
        `${HEAD},product_name`,
        'a,1,2026-01-02,1,x',
        'a,2,yesterday,1,x',
        'a,3,2026-02-30,1,x',
        'a,4,2026-01-02,1e3,x',
        'a,5,2026-01-02,"1,000.00",x',
        ',6,2026-01-02,1,x',
        'a,,2026-01-02,1,x',
        'a,8,2026-01-02,1',
        'a,9,2026-01-02,1,x,y',
        '',
        'a,10,2026-01-02,1,"two',
        'lines"',
        'a,11,2026-01-02,,x',
        'a,12,2026-01-02,1,x',
      ].join('\r\n'),
    );
    const { lines, rejected, rowsRead } = await read(log);
    expect(lines.map((line) => [line.orderId, line.line])).toEqual([
      ['1', 2],
      ['10', 12],
      ['12', 15],
    ]);
    expect(rejected).toEqual([
      { line: 3, reason: 'bad_date' },
      { line: 4, reason: 'bad_date' },
      { line: 5, reason: 'bad_amount' },
      { line: 6, reason: 'bad_amount' },
      { line: 7, reason: 'no_customer' },
      { line: 8, reason: 'no_order' },
      { line: 9, reason: 'wrong_number_of_columns' },
      { line: 10, reason: 'wrong_number_of_columns' },
      { line: 14, reason: 'bad_amount' },
    ]);
    expect(rowsRead).toBe(12);
  });

  test('other headers are mapped, other delimiters are seen, decimals may have a comma beside semicolons', async () => {
    const log = await file('Kunde;Auftrag;Datum;Summe\nä;1;2026-03-29 02:30;1234,56\n');
    const columns = { customer_id: 'kunde', order_id: 'Auftrag', ordered_at: 'Datum', amount: 'Summe' };
    const { lines } = await read(log, { columns, timeZone: 'Europe/Berlin', country: 'DE' });
    // 02:30 does not exist in Berlin on that night: read with the offset before the change.
    expect(lines).toMatchObject([
      { customerId: 'ä', amount: 123_456, orderedAt: new Date('2026-03-29T01:30:00Z'), country: 'DE' },
    ]);
  });

  test('a byte order mark and gzip under any name make no difference', async () => {
    const text = `\ufeff${HEAD}\na,1,2026-01-02,1\n`;
    expect((await read(await file(text))).lines).toHaveLength(1);
    expect((await read(await file(gzipSync(text)))).lines).toHaveLength(1);
  });

  test('placeholder addresses are made where asked for', async () => {
    const log = await file(`${HEAD}\n"a b",1,2026-01-02,1\n`);
    expect((await read(log, { placeholderAddresses: true })).lines[0]?.email).toBe('a%20b@customers.example');
    expect((await read(log)).lines[0]?.email).toBeUndefined();
  });
});

test('a Shopify export is orders with their line items, and what else was paid as a line of its own', async () => {
  const log = await file(
    [
      'Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Country,Shipping Country,Cancelled at,Refunded Amount,Id,Accepts Marketing',
      '#1001,Ann@mail.example,paid,2026-01-02 10:00:00 +0100,EUR,28.00,2026-01-02 10:00:00 +0100,2,Cup,10.00,cup,ES,ES,,0.00,501,yes',
      '#1001,,,,,,,1,Plate,5.00,,,,,,,',
      '#1002,bob@mail.example,pending,,EUR,5.00,2026-01-03 10:00:00 +0100,1,Cup,5.00,cup,ES,ES,,0.00,502,no',
      '#1003,bob@mail.example,partially_refunded,2026-01-03 10:00:00 +0100,EUR,5.00,2026-01-03 10:00:00 +0100,1,Cup,5.00,cup,FR,,,2.00,503,no',
    ].join('\n'),
  );
  const { lines, byReason } = await read(log);
  expect(
    lines.map((line) => [line.orderId, line.kind, line.amount, line.productId, line.customerId, line.country]),
  ).toEqual([
    ['501', 'sale', 2000, 'cup', 'ann@mail.example', 'ES'],
    ['501', 'sale', 500, 'Plate', 'ann@mail.example', 'ES'],
    ['501', 'sale', 300, undefined, 'ann@mail.example', 'ES'],
    ['503', 'sale', 500, 'cup', 'bob@mail.example', 'FR'],
    ['503 refund', 'return', -200, undefined, 'bob@mail.example', 'FR'],
  ]);
  expect(lines[0]?.orderedAt).toEqual(new Date('2026-01-02T09:00:00Z'));
  expect(byReason).toEqual({ not_paid: 1 });
});

describe('the published logs', () => {
  test.skipIf(!existsSync(UCI))('UCI Online Retail gives the widely quoted counts', async () => {
    const { lines, byReason, rowsRead } = await read(UCI);
    expect(rowsRead).toBe(541_909);
    expect(byReason).toEqual({ no_customer: 135_080, zero_price: 40, not_a_sale: 16, duplicate: 5225 });
    const sales = lines.filter((line) => line.kind === 'sale');
    expect(new Set(sales.map((line) => line.customerId)).size).toBe(4338);
    expect(new Set(sales.map((line) => line.orderId)).size).toBe(18_532);
    // The quoted 397,884 rows and 8,911,407.90 pounds hold 5,192 exact copies: taken out here and in the check by hand.
    const copies = copiesOf(gunzipSync(await readFile(UCI)).toString());
    expect(sales.length + copies.rows).toBe(397_884);
    const pounds = sales.reduce((sum, line) => sum + line.amount, 0) / 100 + copies.pounds;
    expect(Math.abs(pounds - 8_911_407.9)).toBeLessThan(0.02);
    expect(await describeOrderLog(UCI)).toEqual({
      format: 'uci-online-retail',
      currency: 'GBP',
      country: 'GB',
      timeZone: 'Europe/London',
    });
    expect(lines[0]).toMatchObject({ orderedAt: new Date('2010-12-01T08:26:00Z'), country: 'GB', amount: 1530 });
  });

  test.skipIf(!existsSync(CDNOW))('the CDNOW sample has 6,919 orders of 2,357 customers', async () => {
    const { lines, rejected } = await read(CDNOW);
    expect(lines).toHaveLength(6919);
    expect(rejected).toEqual([]);
    expect(new Set(lines.map((line) => line.customerId)).size).toBe(2357);
    expect(new Set(lines.map((line) => line.orderId)).size).toBe(6919);
    const days = new Set(lines.map((line) => `${line.customerId} ${line.orderedAt.toISOString().slice(0, 10)}`));
    expect(days.size).toBe(6696);
    expect(await describeOrderLog(CDNOW)).toMatchObject({
      format: 'cdnow',
      currency: 'USD',
      timeZone: 'America/New_York',
    });
  });
});

/** Clean sales that stand in the file a second time, counted without the code under test. */
function copiesOf(text: string): { rows: number; pounds: number } {
  const seen = new Set<string>();
  const copies = { rows: 0, pounds: 0 };
  for (const line of text.split('\n')) {
    const [, invoice = '', quantity = '', price = '', customer = ''] =
      /^([^,]*),.*,(-?\d+),[^,]*,([\d.]+),(\d+),[^,]*$/.exec(line) ?? [];
    if (customer === '' || invoice.startsWith('C') || Number(quantity) <= 0 || Number(price) <= 0) continue;
    if (seen.has(line)) {
      copies.rows++;
      copies.pounds += Number(quantity) * Number(price);
    } else seen.add(line);
  }
  return copies;
}

describe('what is no order log is refused with one sentence', () => {
  async function refusal(address: string, options?: ReadOptions): Promise<unknown> {
    return read(address, options).then(
      () => 'was read',
      (error: unknown) => error,
    );
  }
  const bad = (sentence: RegExp): unknown =>
    expect.objectContaining({ code: 'bad_file', message: expect.stringMatching(sentence) as string });
  const good = `${HEAD}\n${'a,1,2026-01-02,1.00\n'.repeat(20_000)}`;

  test('missing, a folder, empty', async () => {
    expect(await refusal(path.join(folder, 'nothing.csv'))).toEqual(bad(/^There is no file .*nothing.csv\.$/));
    const inner = path.join(folder, 'folder.csv');
    await mkdir(inner);
    expect(await refusal(inner)).toEqual(bad(/is a folder/));
    expect(await refusal(await file(''))).toEqual(bad(/is empty/));
    expect(await refusal(await file(gzipSync('')))).toEqual(bad(/is empty/));
  });

  test('gzip that ends too early or is damaged', async () => {
    const packed = gzipSync(good);
    expect(await refusal(await file(packed.subarray(0, packed.length - 200)))).toEqual(bad(/ends too early/));
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 40, 80);
    expect(await refusal(await file(damaged))).toEqual(bad(/damaged gzip/));
  });

  test('binary, a spreadsheet, UTF-16', async () => {
    expect(await refusal(await file(Buffer.from([1, 2, 3, 0, 255])))).toEqual(bad(/is not text/));
    expect(await refusal(await file(Buffer.concat([Buffer.from(good), Buffer.from([0, 10])])))).toEqual(
      bad(/line 20002 holds a null byte/),
    );
    expect(await refusal(await file(Buffer.from('PK\u0003\u0004rest')))).toEqual(bad(/ZIP or Excel/));
    expect(await refusal(await file(Buffer.from(`\ufeff${good}`, 'utf16le')))).toEqual(bad(/UTF-16/));
  });

  test('Latin-1, with the line', async () => {
    const latin = Buffer.from(`${good}Jos\u00e9,2,2026-01-02,1\n${good}`, 'latin1');
    expect(await refusal(await file(latin))).toEqual(bad(/^Line 20002 of .* is not UTF-8/));
  });

  test('a header without a needed column names what is missing and what is there', async () => {
    expect(await refusal(await file('customer_id,when,amount\na,b,c\n'))).toEqual(
      bad(/lacks the columns order_id, ordered_at; its header has the columns customer_id, when, amount\.$/),
    );
    expect(await refusal(await file(`${HEAD}\n`), { columns: { amount: 'Summe' } })).toEqual(
      bad(/lacks the column Summe/),
    );
    expect(await refusal(await file(`${HEAD}\n`), { columns: { total: 'Summe' } })).toMatchObject({
      code: 'bad_configuration',
    });
  });

  test('a quote that is never closed', async () => {
    const open = `${HEAD}\na,1,2026-01-02,1\n"a,2,2026-01-02,1\n${'a,3,2026-01-02,1.00\n'.repeat(60_000)}`;
    expect(await refusal(await file(open))).toEqual(bad(/^Line 3 of .* opens a quote/));
  });

  test('a line without an end is refused after a megabyte, not after two gigabytes', async () => {
    const wide = path.join(folder, 'wide.csv');
    const out = createWriteStream(wide);
    out.write(`${HEAD}\n`);
    // 2 GB that take no room on the disk.
    out.end();
    await finished(out);
    execFileSync('truncate', ['-s', '+2G', wide]);
    expect(await refusal(wide)).toEqual(bad(/longer than 1 MB|is not text|null byte/));
    const text = path.join(folder, 'wide.txt');
    await writeFile(text, `${HEAD}\n${'a'.repeat(3 << 20)}`);
    const before = process.memoryUsage().rss;
    expect(await refusal(text)).toEqual(bad(/^Line 2 of .* is longer than 1 MB/));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });
});
