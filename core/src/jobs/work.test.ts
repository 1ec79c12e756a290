import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { Redis } from 'ioredis';
import pg from 'pg';
import { approveCampaign } from '../campaigns/index.ts';
import type { Engine } from '../engine.ts';
import { playbookWriter } from '../generation/index.ts';
import { uuidOf } from '../random.ts';
import { schedule } from '../scheduling/index.ts';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  countingProvider,
  createTestDatabase,
  findRedis,
  startRedis,
  buyingShop,
  type TestDatabase,
  type TestRedis,
} from '../testing/index.ts';
import { JOBS, openQueue, prepareQueue, startWorkers, type Workers } from './index.ts';

const START = new Date('2026-03-02T10:00:00Z');
const DAY = 86_400_000;

const redisBinary = findRedis();
if (redisBinary === undefined) console.info('cycle on Redis: not tested here, there is no redis-server on PATH');

let base: TestDatabase;
let redis: TestRedis | undefined;
beforeAll(async () => {
  if (redisBinary !== undefined) redis = await startRedis(redisBinary);
});
afterAll(() => redis?.stop());
// Workers serve every store there is: each test has a database to itself.
beforeEach(async () => {
  base = await createTestDatabase(inject('testServer'));
  await prepareQueue(base.ownerUrl);
});
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await base.drop();
});

/** One process's worth of workers, stopped after the test. */
function startProcess(engine: Engine, redisUrl?: string): Workers {
  const queue = openQueue({ databaseUrl: base.database.url, redisUrl, jobs: JOBS, onError: () => undefined });
  const workers = startWorkers(engine, queue, { jobs: JOBS, beatMs: 100 });
  closers.push(
    () => queue.close(),
    () => workers.stop(),
  );
  return workers;
}

async function emptyPostgres(): Promise<void> {
  const client = new pg.Client({ connectionString: base.ownerUrl });
  await client.connect();
  await client.query('DELETE FROM bullmq.job; DELETE FROM bullmq.dedup; DELETE FROM bullmq.dedup_next');
  await client.end();
}

async function emptyRedis(): Promise<void> {
  const client = new Redis(redis?.url ?? '');
  await client.flushall();
  await client.quit();
}

/** A store with a connection to a shop, and an engine that lives in it. */
async function shop(name: string) {
  const storeId = await buildStore(base.database, { name, createdAt: START });
  const provider = countingProvider(50);
  const engine = buildEngine(base.database, {
    now: START,
    email: provider,
    writer: playbookWriter,
    connectors: { csv: buyingShop(400, START) },
  });
  await base.database.inStore(storeId, (tx) =>
    tx.run(`INSERT INTO connections (id, store_id, platform, account, created_at) VALUES ($1, $2, 'csv', 'shop', $3)`, [
      uuidOf('connection', name),
      storeId,
      START,
    ]),
  );
  const rows = <Row extends object>(sql: string) => base.database.inStore(storeId, (tx) => tx.rows<Row>(sql));
  return {
    storeId,
    engine,
    provider,
    campaigns: () =>
      rows<{ id: string; state: string }>(
        'SELECT id, state FROM campaigns WHERE journey_id IS NULL ORDER BY planned_at, id',
      ),
    messages: () =>
      rows<{ state: string; count: number }>('SELECT state, count(*)::int FROM messages GROUP BY state ORDER BY state'),
  };
}

test('workers that are asked to stop end a delivery between two batches: nothing is in doubt', async () => {
  const { storeId, engine, provider, messages } = await shop('shop that stops');
  await buildCampaign(base.database, storeId, { people: 400, plannedAt: START, variants: ['a'] });
  engine.clock.set('2026-03-02T10:00:00Z');
  await schedule(engine, storeId);
  await base.database.inStore(storeId, (tx) =>
    tx.run(`UPDATE messages SET scheduled_at = $1 WHERE state = 'scheduled'`, [START]),
  );
  const second = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  provider.behave = async () => {
    if (provider.requests.length >= 2) {
      second.resolve();
      await goOn.promise;
    }
    return { kind: 'accept' };
  };
  const workers = startProcess(engine);
  await second.promise;
  const stopped = workers.stop();
  goOn.resolve();
  await stopped;
  // Those that were on their way were brought to their end, and no other was begun.
  const begun = provider.requests.length;
  expect(begun).toBeLessThan(6);
  expect(await messages()).toEqual([
    { state: 'accepted', count: 50 * begun },
    { state: 'scheduled', count: 400 - 50 * begun },
  ]);
});

describe.each([
  { name: 'PostgreSQL', there: true, empty: emptyPostgres },
  { name: 'Redis', there: redisBinary !== undefined, empty: emptyRedis },
])('workers on $name', ({ name, there, empty }) => {
  test.skipIf(!there)('go through the whole path although the queue is emptied again and again', async () => {
    const { storeId, engine, provider, campaigns, messages } = await shop(`shop on ${name}`);
    // Two processes' worth.
    for (let process = 0; process < 2; process++) startProcess(engine, name === 'Redis' ? redis?.url : undefined);
    let emptied = 0;
    /** Waits for committed state, and empties the queue each time it looks: half a minute at most. */
    const eventually = <Value>(read: () => Promise<Value>) =>
      expect.poll(
        async () => {
          const value = await read();
          await empty();
          emptied++;
          return value;
        },
        { timeout: 30_000, interval: 150 },
      );

    await eventually(async () => (await campaigns()).map((one) => one.state)).toEqual(['awaiting_approval']);
    const [campaign] = await campaigns();
    await approveCampaign(engine, storeId, campaign?.id ?? '', 'user:test');
    await eventually(messages).toMatchObject([{ state: 'scheduled' }]);
    const planned = (await messages())[0]?.count ?? 0;
    expect(planned).toBeGreaterThan(10);

    engine.clock.advance(8 * DAY);
    await eventually(async () => (await campaigns()).map((one) => one.state)).toEqual(['measuring']);
    engine.clock.advance(60 * DAY);
    await eventually(async () => (await campaigns())[0]?.state).toBe('completed');

    const counts = Object.fromEntries((await messages()).map((row) => [row.state, row.count]));
    expect(counts['accepted']).toBe([...provider.accepted.values()].length);
    expect([...provider.accepted.values()].every((times) => times === 1)).toBe(true);
    expect(emptied).toBeGreaterThan(4);
    expect(engine.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
