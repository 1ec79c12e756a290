/** The production start as an operator meets it: real processes, real signals. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, buildStore, TEST_SECRET, type TestDatabase } from '@rekindle/core/testing';

const MAIN = path.join(import.meta.dirname, 'main.ts');

let base: TestDatabase;
let storeId: string;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(base.database, {});
});
afterAll(() => base.drop());

/** Starts the program with this environment and nothing else. */
function start(environment: Record<string, string | undefined>) {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env['PATH'],
      DATABASE_URL: base.ownerUrl,
      APP_SECRET: TEST_SECRET,
      PORT: '0',
      SENDGRID_API_KEY: 'SG.not.real',
      SENDGRID_URL: 'http://127.0.0.1:9',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  const heard = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output.text += bytes.toString();
      const url = /"url":"([^"]+)"/.exec(output.text)?.[1];
      if (url !== undefined) heard.resolve(url);
    });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      heard.reject(new Error(output.text));
      resolve(code);
    });
  });
  // Whoever waits for the end only does not wait for the address.
  heard.promise.catch(() => undefined);
  return { child, ended, url: heard.promise, said: () => output.text };
}

const status = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;

describe('a process', () => {
  test('is ready, works off what waits, and ends on SIGTERM with nothing left', async () => {
    const running = start({ ROLE: 'all' });
    const url = await running.url;
    expect(await status(`${url}/readyz`)).toBe(200);
    await base.database.inStore(storeId, (tx) =>
      tx.run(
        `INSERT INTO webhook_inbox (store_id, source, vendor_event_id, received_at, body) VALUES ($1, 'sendgrid', '1', now(), '[]')`,
        [storeId],
      ),
    );
    const waiting = () =>
      base.database.inStore(storeId, (tx) => tx.rows('SELECT FROM webhook_inbox WHERE processed_at IS NULL'));
    await expect.poll(waiting, { timeout: 30_000 }).toEqual([]);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.said()).toContain('"msg":"stopped"');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('has its role: a worker has no pages, public pages no worker', async () => {
    const worker = start({ ROLE: 'worker' });
    const pages = start({ ROLE: 'public' });
    const [workerUrl, pagesUrl] = await Promise.all([worker.url, pages.url]);
    expect(await status(`${workerUrl}/readyz`)).toBe(200);
    expect(await (await fetch(`${workerUrl}/u/x`)).json()).toMatchObject({
      detail: 'There is nothing at this address.',
    });
    expect(await (await fetch(`${pagesUrl}/u/x`)).text()).toContain('This link is not complete.');
    for (const { child } of [worker, pages]) child.kill('SIGINT');
    expect(await Promise.all([worker.ended, pages.ended])).toEqual([0, 0]);
  });

  test('of a network serves no dashboard, which has no sign-in', async () => {
    const running = start({ ROLE: 'web', HOST: '0.0.0.0' });
    const url = await running.url;
    expect(await status(`${url}/`)).toBe(404);
    expect(running.said()).toContain('dashboard is not served');
    running.child.kill('SIGTERM');
    await running.ended;
  });
});

describe('what is wrong is one sentence and exit code 1', () => {
  test.each([
    ['no database', { DATABASE_URL: undefined }, /^rekindle: DATABASE_URL is not set/],
    ['no secret', { APP_SECRET: undefined }, /^rekindle: APP_SECRET is not set/],
    ['a wrong role', { ROLE: 'boss' }, /^rekindle: The configuration is wrong: ROLE must be/],
    [
      'a database that is away',
      { DATABASE_URL: 'postgresql://u:hush@127.0.0.1:9/x' },
      /^rekindle: No PostgreSQL answers at 127\.0\.0\.1:9/,
    ],
  ])('%s', async (_, environment, sentence) => {
    const failed = start(environment);
    expect(await failed.ended).toBe(1);
    expect(failed.said()).toMatch(sentence);
    expect(failed.said()).not.toContain('hush');
    expect(failed.said().trim().split('\n')).toHaveLength(1);
  });

  test('a taken port', async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taker.once('listening', resolve));
    const failed = start({ PORT: String((taker.address() as AddressInfo).port) });
    expect(await failed.ended).toBe(1);
    expect(failed.said()).toMatch(/rekindle: Port \d+ is in use/);
    taker.close();
  });
});
