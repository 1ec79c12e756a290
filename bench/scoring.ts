/**
 * `node bench/scoring.ts [--customers N] [--runs N] [--json]`: seconds to fit BG/NBD on a million simulated customers, and
 * seconds to score a million from table to table beside the sum of what cannot be saved: raw COPY out of the same totals, the
 * mathematics alone over the same rows in memory, raw COPY of the same scores into an identical table. In a durable PostgreSQL
 * of its own; the three are taken in every run, before or after the stage by turns.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import {
  connectDatabase,
  fitNamed,
  migrate,
  scorer,
  seededRandom,
  STAGES,
  totalsQuery,
  type Database,
  type ScoringPlan,
} from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { buildEngine, buildStore, drawHistories, drawRepeats, type BuyingLaw } from '@rekindle/core/testing';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { machine, median, printRows, round, type BenchRow } from './row.ts';

/** A twentieth of what lifetimes 0.11 on numpy/scipy takes for the same on two cores. */
const FIT_LIMIT = 0.525;
const LIFETIMES_SECONDS = 10.5;
const AT_MOST = 1.5;
const NOW = Date.UTC(2026, 2, 1, 10);
const DAY = 86_400_000;
const ZONE = 'Europe/Madrid';
/** Published fits to CDNOW: BG/NBD (Fader, Hardie & Lee 2005), MBG/NBD (BTYDplus). Weeks. */
const BG_NBD: BuyingLaw = { leaves: 'after_repeats', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const MBG_NBD: BuyingLaw = { leaves: 'after_purchases', r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 };
/** As many customers as the stage looks at orders of, to choose its model. */
const WITH_ORDERS = 30_000;

function seconds(start: number): number {
  return (performance.now() - start) / 1000;
}

/** Fits on customers watched for 27 to 39 weeks, as CDNOW's were. */
function benchFit(name: string, customers: number, runs: number, wholeDays: boolean): BenchRow {
  const drawn = drawHistories(seededRandom('bench fit'), BG_NBD, customers, (random) => 27 + 12 * random.next());
  const days = (times: Float64Array): Float64Array => times.map((time) => Math.round(time * 7) / 7);
  const histories = wholeDays ? { x: drawn.x, tx: days(drawn.tx), T: days(drawn.T) } : drawn;
  const taken: number[] = [];
  let fit = fitNamed('bg-nbd', { histories });
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    fit = fitNamed('bg-nbd', { histories });
    taken.push(round(seconds(start)));
  }
  const figure = median(taken);
  return {
    name,
    figure,
    unit: 's',
    limit: FIT_LIMIT,
    ratio: round(figure / FIT_LIMIT),
    peer: LIFETIMES_SECONDS,
    peerRatio: round(figure / LIFETIMES_SECONDS),
    runs: taken,
    machine: machine(),
    atMost: 1,
    converged: fit.converged,
    params: fit.parameters,
  };
}

/** Customers with their totals, and orders of the first ones; ids rise evenly through the space of ids. */
async function fillStore(database: Database, storeId: string, customers: number): Promise<void> {
  const random = seededRandom('bench predict');
  const id = (i: number): string => {
    const high = Math.floor((i / customers) * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
    return `${high}-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
  };
  const orders: [string, string, string, Date][] = [];
  function* totals(): Generator<(string | number | Date)[]> {
    for (let i = 0; i < customers; i++) {
      const first = NOW - Math.floor(1 + random.next() * 545) * DAY;
      const days = [0, ...drawRepeats(random, MBG_NBD, (NOW - first) / DAY / 7)].map((week) => Math.floor(week * 7));
      const distinct = [...new Set(days)];
      const spend = 2000 + Math.floor(random.next() * 5000);
      if (i < WITH_ORDERS)
        for (const day of distinct) {
          const name = `${String(i)}-${String(day)}`;
          orders.push([
            `${id(i).slice(0, 24)}${(i * 1000 + day).toString(16).padStart(12, '0')}`,
            id(i),
            name,
            new Date(first + day * DAY),
          ]);
        }
      const last = distinct.at(-1) ?? 0;
      yield [
        id(i),
        distinct.length,
        spend * distinct.length,
        new Date(first),
        new Date(first + last * DAY),
        spend * (distinct.length - 1),
      ];
    }
  }
  await database.inStore(storeId, async (tx) => {
    await tx.run(
      'CREATE TEMPORARY TABLE t (id uuid, days int, revenue bigint, first timestamptz, last timestamptz, repeat bigint) ON COMMIT DROP',
    );
    await tx.copyIn('t', ['id', 'days', 'revenue', 'first', 'last', 'repeat'], totals());
    await tx.run(
      `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at, repeat_revenue)
       SELECT $1, id, days, days, revenue, first, last, repeat FROM t`,
      [storeId],
    );
    await tx.run('CREATE TEMPORARY TABLE o (id uuid, customer uuid, name text, at timestamptz) ON COMMIT DROP');
    await tx.copyIn('o', ['id', 'customer', 'name', 'at'], orders);
    await tx.run(
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
       SELECT id, $1, customer, 'csv', name, 'sale', at, 1000, 'EUR' FROM o`,
      [storeId],
    );
    await tx.run('UPDATE stores SET data_version = data_version + 1');
  });
}

interface Bound {
  copyOut: number;
  mathematics: number;
  copyIn: number;
}

/** What cannot be saved, on the rows of the last scoring. */
async function measureBound(owner: pg.Client, database: Database, storeId: string, file: string): Promise<Bound> {
  let start = performance.now();
  await database.inStore(storeId, async (tx) => {
    for await (const part of tx.client.query(copyTo(`COPY (${totalsQuery(ZONE)}) TO STDOUT`))) void part;
  });
  const copyOut = seconds(start);
  const plan = await readPlan(owner);
  const { rows } = await owner.query<[number, number, number, number, number]>({
    text: `SELECT purchase_days, (first_order_at AT TIME ZONE '${ZONE}')::date - DATE '1970-01-01', (last_order_at AT TIME ZONE '${ZONE}')::date - DATE '1970-01-01',
             revenue, repeat_revenue FROM customer_totals ORDER BY customer_id`,
    rowMode: 'array',
  });
  const people = rows.map(([purchaseDays, firstDay, lastDay, revenue, repeatRevenue]) => ({
    purchaseDays,
    firstDay,
    lastDay,
    revenue,
    repeatRevenue,
  }));
  start = performance.now();
  const scored = scorer(plan);
  let scoredValue = 0;
  for (const person of people) scoredValue += scored(person).value365 ?? 0;
  const mathematics = seconds(start);
  if (!(scoredValue > 0)) throw new Error('the mathematics gave nothing');
  await owner.query('DROP TABLE IF EXISTS raw_scores');
  await owner.query('CREATE TABLE raw_scores (LIKE scores INCLUDING ALL)');
  start = performance.now();
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 18 }),
    owner.query(copyFrom('COPY raw_scores FROM STDIN')),
  );
  return { copyOut, mathematics, copyIn: seconds(start) };
}

/** The plan that the last scoring used, from what it recorded. */
async function readPlan(owner: pg.Client): Promise<ScoringPlan> {
  const { rows } = await owner.query<{ name: string; parameters: Record<string, number>; method: string }>(
    `SELECT m.name, m.parameters, r.method FROM models m JOIN score_runs r ON r.as_of = m.as_of
     WHERE r.version = (SELECT max(version) FROM score_runs)`,
  );
  const method = rows[0]?.method as ScoringPlan['method'];
  const take = (name: string, keys: string[]): Float64Array => {
    const found = rows.find((row) => row.name === name)?.parameters;
    if (!found) throw new Error(`the scoring recorded no ${name}`);
    return Float64Array.from(keys, (key) => found[key] ?? Number.NaN);
  };
  return {
    method,
    model: take(method, method === 'pareto-nbd' ? ['r', 'alpha', 's', 'beta'] : ['r', 'alpha', 'a', 'b']),
    spend: take('gamma-gamma', ['p', 'q', 'gamma']),
    chart: take('control-chart', ['p', 'q', 'gamma']),
    returns: undefined,
    storeMean: 4000,
    repeaters: 1000,
    today: Math.floor(NOW / DAY),
  };
}

async function benchPredict(ownerUrl: string, appUrl: string, customers: number, runs: number): Promise<BenchRow> {
  const database = connectDatabase({ url: appUrl });
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const file = path.join(folder, 'scores.copy');
  const measured: { figure: number; stage: number; bound: Bound }[] = [];
  /** Of the first run, before anything here held a million rows itself */
  let growth = 0;
  try {
    const storeId = await buildStore(database, { name: 'Bench', timeZone: ZONE });
    await fillStore(database, storeId, customers);
    await owner.query('VACUUM ANALYZE customer_totals, orders');
    const engine = buildEngine(database, { now: new Date(NOW) });
    for (let run = 0; run <= runs; run++) {
      // The first run only warms up and leaves the rows that the bound is measured on.
      const boundFirst = run % 2 === 0 && run > 0;
      const before = boundFirst ? await measureBound(owner, database, storeId, file) : undefined;
      await owner.query('TRUNCATE scores');
      engine.clock.advance(DAY);
      const start = performance.now();
      let predicting = start;
      const rss = process.memoryUsage.rss();
      const progress = ({ done }: { done: number }): void => {
        if (done === 0) predicting = performance.now();
        if (run === 0) growth = Math.max(growth, process.memoryUsage.rss() - rss);
      };
      await STAGES.scoring({ ...engine, progress }, storeId);
      const [figure, stage] = [seconds(predicting), seconds(start)];
      await pipeline(
        owner.query(copyTo('COPY (SELECT * FROM scores ORDER BY customer_id) TO STDOUT')),
        createWriteStream(file),
      );
      if (run > 0)
        measured.push({ figure, stage, bound: before ?? (await measureBound(owner, database, storeId, file)) });
    }
  } finally {
    await owner.end();
    await database.close();
  }
  const sum = ({ copyOut, mathematics, copyIn }: Bound): number => copyOut + mathematics + copyIn;
  const part = (of: keyof Bound): number => round(median(measured.map(({ bound }) => bound[of])));
  return {
    name: 'scoring predict-1m',
    figure: round(median(measured.map(({ figure }) => figure))),
    unit: 's',
    limit: round(median(measured.map(({ bound }) => sum(bound)))),
    ratio: round(median(measured.map(({ figure, bound }) => figure / sum(bound)))),
    peer: null,
    peerRatio: null,
    runs: measured.map(({ figure }) => round(figure)),
    machine: machine(),
    atMost: AT_MOST,
    customers,
    copyOutSeconds: part('copyOut'),
    mathematicsSeconds: part('mathematics'),
    copyInSeconds: part('copyIn'),
    stageSeconds: round(median(measured.map(({ stage }) => stage))),
    memoryGrowthBytes: growth,
  };
}

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const customers = Number(values.customers);
const runs = Number(values.runs);
const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-bench-'));
// As root PostgreSQL runs as a user of its own, who must be able to enter.
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'bench' });
try {
  const { url } = await migrate({
    ownerUrl: server.ownerUrl,
    folder: path.join(import.meta.dirname, '../prisma/migrations'),
    secret: 'bench secret',
  });
  const predict = await benchPredict(server.ownerUrl, url, customers, runs);
  const fits = Math.max(runs, 5);
  const rows = [
    benchFit('scoring fit-bg-nbd-1m', customers, fits, true),
    benchFit('scoring fit-bg-nbd-1m ungrouped', customers, fits, false),
    predict,
  ];
  printRows(rows, values.json);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
