import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { playbookWriter } from '@rekindle/core';
import {
  buildEngine,
  buildJourneyStore,
  createTestDatabase,
  TEST_SECRET,
  type BuiltJourneyStore,
  type TestDatabase,
} from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

let files: TestDatabase;
let shop: BuiltJourneyStore;
beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  const engine = buildEngine(files.database, { writer: playbookWriter });
  shop = await buildJourneyStore(engine, { name: 'By command', slipping: 12, simulated: true });
});
afterAll(() => files.drop());

async function rekindle(...args: string[]): Promise<unknown> {
  const cli = path.join(import.meta.dirname, '../cli.ts');
  const env = { ...process.env, DATABASE_URL: files.ownerUrl, APP_SECRET: TEST_SECRET };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { env });
  return args.includes('--json') ? JSON.parse(stdout) : stdout;
}

test('journeys are listed, switched on, shown, paused, let go on and stopped', async () => {
  const id = await shop.runId('slipping-away');
  expect(await rekindle('journeys', 'list', '--json')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id, key: 'slipping-away', state: 'awaiting_approval', waiting: 12, inside: 0 }),
    ]),
  );
  expect(await rekindle('journeys', 'on', 'slipping-away', '--json')).toEqual({ id, step: 'on' });
  expect(await rekindle('journeys', 'show', id)).toMatch(
    /Slipping away \(on\)[^]*\n {2}reminder: mail, 0 here, 0 sent/,
  );
  await rekindle('journeys', 'pause', id);
  await rekindle('journeys', 'stop', id);
  expect(await rekindle('journeys', 'show', id, '--json')).toMatchObject({ state: 'cancelled' });
  await expect(rekindle('journeys', 'on', 'nothing')).rejects.toMatchObject({
    stderr: expect.stringContaining('There is no journey nothing; there are') as string,
  });
  // Seven processes, on a machine that may be busy.
}, 240_000);
