/**
 * `node bench/ingest.ts [--rows N] [--runs N] [--json]`: rows a second from a CSV file to committed customers, orders and
 * lines, and what raw COPY of the same file into a typed, logged table takes, one after the other in every run, in a
 * durable PostgreSQL of its own.
 */
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { csvConnector } from '@rekindle/connector-csv';
import { connectDatabase, migrate, STAGES, uuidOf, wallClock, type Connector } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { asOwner, buildEngine, buildStore, withDatabase } from '@rekindle/core/testing';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { writeOrderLog } from './order-log.ts';
import { compareRow, printRows, round, type BenchRow } from './row.ts';

const AT_LEAST = 0.25;

interface Log {
  name: string;
  file: string;
  currency: string;
  timeZone: string;
  rows: number;
  /** Columns of the peer's table, in the order of the file */
  columns: string;
}

const MADE_UP =
  'customer_id text, order_id text, ordered_at timestamptz, amount numeric(14,2), currency char(3), product_id text, product_name text, quantity int, email text, country char(2)';
const UCI =
  'invoice text, stock_code text, description text, quantity int, invoice_date timestamptz, unit_price numeric(14,3), customer_id text, country text';

interface Run {
  figure: number;
  limit: number;
  report: Record<string, unknown>;
}

/** One run of both on an empty database. */
async function measure(ownerUrl: string, log: Log, number: number): Promise<Run> {
  const name = `bench_${String(number)}`;
  await asOwner(ownerUrl, `CREATE DATABASE ${name} TEMPLATE bench_template`);
  const url = withDatabase(ownerUrl, name);
  try {
    // Who comes first changes from run to run: a warm cache must not always favour the same one.
    const copyFirst = number % 2 === 0;
    const before = copyFirst ? await copySeconds(url, log) : 0;
    const { seconds, report } = await ingestSeconds(url, log);
    const copied = copyFirst ? before : await copySeconds(url, log);
    return { figure: log.rows / seconds, limit: log.rows / copied, report };
  } finally {
    await asOwner(ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function copySeconds(url: string, log: Log): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE TABLE copied (${log.columns})`);
    const start = performance.now();
    const into = client.query(copyFrom('COPY copied FROM STDIN (FORMAT csv, HEADER)'));
    const file = createReadStream(log.file, { highWaterMark: 1 << 18 });
    if (log.file.endsWith('.gz')) await pipeline(file, createGunzip({ chunkSize: 1 << 18 }), into);
    else await pipeline(file, into);
    return (performance.now() - start) / 1000;
  } finally {
    await client.end();
  }
}

async function ingestSeconds(
  ownerUrl: string,
  log: Log,
): Promise<{ seconds: number; report: Record<string, unknown> }> {
  const appUrl = new URL(template.appUrl);
  appUrl.pathname = new URL(ownerUrl).pathname;
  const database = connectDatabase({ url: appUrl.href });
  try {
    const storeId = await buildStore(database, { name: 'Bench', currency: log.currency, timeZone: log.timeZone });
    await database.inStore(storeId, ({ db }) =>
      db
        .insertInto('connections')
        .values({
          id: uuidOf('connection', storeId),
          store_id: storeId,
          platform: 'csv',
          account: log.name,
          created_at: new Date(0),
        })
        .execute(),
    );
    const csv: Connector = csvConnector({ orders: log.file });
    let committed = 0;
    const engine = {
      ...buildEngine(database, { now: wallClock.now(), connectors: { csv } }),
      // The last word comes when everything is committed; what follows is for the planner (ANALYZE).
      progress: () => (committed = performance.now()),
    };
    const start = performance.now();
    const report = await STAGES.ingest(engine, storeId);
    return {
      seconds: (committed - start) / 1000,
      report: { ...report, analysed: round((performance.now() - committed) / 1000) },
    };
  } finally {
    await database.close();
  }
}

async function bench(ownerUrl: string, log: Log, runs: number, counter: { next: number }): Promise<BenchRow> {
  const measured: Run[] = [];
  for (let run = 0; run < runs; run++) measured.push(await measure(ownerUrl, log, counter.next++));
  return compareRow(`ingest ${log.name}`, 'rows/s', measured, {
    atLeast: AT_LEAST,
    rows: log.rows,
    report: measured[0]?.report,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  });
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '600000' },
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    log: {
      type: 'string',
      default: path.join(import.meta.dirname, '../../shared/data/online-retail/online_retail_I.csv.gz'),
    },
  },
});
const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-bench-'));
// As root PostgreSQL runs as a user of its own, who must be able to enter.
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'bench' });
const template = { appUrl: '' };
try {
  await asOwner(server.ownerUrl, 'CREATE DATABASE bench_template');
  const { url } = await migrate({
    ownerUrl: withDatabase(server.ownerUrl, 'bench_template'),
    folder: path.join(import.meta.dirname, '../prisma/migrations'),
    secret: 'bench secret',
  });
  template.appUrl = url;
  const rows = Number(values.rows);
  const runs = Number(values.runs);
  const counter = { next: 0 };
  const file = path.join(folder, 'orders.csv');
  await writeOrderLog(file, rows, 1);
  const results = [
    await bench(
      server.ownerUrl,
      { name: 'vs-copy', file, currency: 'EUR', timeZone: 'Europe/Madrid', rows, columns: MADE_UP },
      runs,
      counter,
    ),
  ];
  if (existsSync(values.log))
    results.push(
      await bench(
        server.ownerUrl,
        {
          name: 'vs-copy uci',
          file: values.log,
          currency: 'GBP',
          timeZone: 'Europe/London',
          rows: 541_909,
          columns: UCI,
        },
        runs,
        counter,
      ),
    );
  else console.info(`no ${values.log}: the row of the real log is left out`);
  printRows(results, values.json);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
