import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createTestDatabase, findRedis, startRedis, type TestDatabase, type TestRedis } from '../testing/index.ts';
import { payload, type Job } from './job.ts';
import { prepareQueue } from './prepare.ts';
import { openQueue, type JobQueue } from './queue.ts';

const STORE = '00000000-0000-4000-8000-000000000001';
const jobs: Job[] = (['delivery', 'ingest'] as const).map((name) => ({
  name,
  lane: name === 'delivery' ? 'prompt' : 'steady',
  payload,
  run: () => Promise.resolve(undefined),
}));

/** Something that can be waited for. */
function signal(): { fire: () => void; fired: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    fire: () => {
      resolve();
    },
    fired: promise,
  };
}

const redisBinary = findRedis();
if (redisBinary === undefined) console.info('queue on Redis: not tested here, there is no redis-server on PATH');

let base: TestDatabase;
let redis: TestRedis | undefined;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  await prepareQueue(base.ownerUrl);
  if (redisBinary !== undefined) redis = await startRedis(redisBinary);
});
afterAll(async () => {
  await redis?.stop();
  await base.drop();
});

async function asOwner(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: base.ownerUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const backends = [
  {
    name: 'PostgreSQL',
    there: true,
    open: () => openQueue({ databaseUrl: base.database.url, jobs, onError: () => undefined }),
    empty: async () => {
      await asOwner('DELETE FROM bullmq.job; DELETE FROM bullmq.event');
    },
  },
  {
    name: 'Redis',
    there: redisBinary !== undefined,
    open: () => openQueue({ databaseUrl: base.database.url, redisUrl: redis?.url, jobs, onError: () => undefined }),
    empty: async () => {
      const client = new Redis(redis?.url ?? '');
      await client.flushall();
      await client.quit();
    },
  },
];

describe.each(backends)('the queue on $name', ({ there, open, empty }) => {
  const queueTest = test.skipIf(!there);
  let queue: JobQueue;

  queueTest('runs what was woken, in its lane, as the application', async () => {
    queue = open();
    const seen = Promise.withResolvers<[string, unknown]>();
    const prompt = queue.work('prompt', {
      concurrency: 1,
      run: (name, data) => {
        seen.resolve([name, data]);
        return Promise.resolve();
      },
    });
    await queue.wake({ name: 'delivery', storeId: STORE });
    expect(await seen.promise).toEqual(['delivery', { version: 1, storeId: STORE }]);
    await prompt.close();
    await queue.close();
  });

  queueTest('asked thrice before it runs it runs once; asked thrice while it runs, once more', async () => {
    queue = open();
    const started = [signal(), signal(), signal()];
    const goOn = [signal(), signal(), signal()];
    let runs = 0;
    for (let time = 0; time < 3; time++) await queue.wake({ name: 'ingest', storeId: STORE });
    const steady = queue.work('steady', {
      concurrency: 3,
      run: async () => {
        const run = runs++;
        started[run]?.fire();
        await goOn[run]?.fired;
      },
    });
    await started[0]?.fired;
    for (let time = 0; time < 3; time++) await queue.wake({ name: 'ingest', storeId: STORE });
    goOn[0]?.fire();
    await started[1]?.fired;
    goOn[1]?.fire();
    await steady.close();
    expect(runs).toBe(2);
    await queue.close();
  });

  queueTest('can be asked again after it was emptied, also of what was under way', async () => {
    queue = open();
    await queue.wake({ name: 'ingest', storeId: STORE });
    await empty();
    await queue.wake({ name: 'ingest', storeId: STORE });
    const ran = signal();
    const steady = queue.work('steady', {
      concurrency: 1,
      run: () => {
        ran.fire();
        return Promise.resolve();
      },
    });
    await ran.fired;
    await steady.close();
    await queue.close();
  });
});

test('the application owns nothing of the queue, and preparing it many times at once is fine', async () => {
  await Promise.all(Array.from({ length: 6 }, () => prepareQueue(base.ownerUrl)));
  const owned = await asOwner(`
    SELECT relname FROM pg_class WHERE relowner = 'rekindle_app'::regrole
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = 'rekindle_app'::regrole
    UNION ALL SELECT proname FROM pg_proc WHERE proowner = 'rekindle_app'::regrole`);
  expect(owned).toEqual([]);
});
