import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { loadStore, storeOfApiKey } from '@rekindle/core';
import { buildStore, createTestDatabase, TEST_SECRET, type TestDatabase } from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

let files: TestDatabase;
let storeId: string;
beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(files.database);
});
afterAll(() => files.drop());

async function rekindle(...args: string[]): Promise<unknown> {
  const cli = path.join(import.meta.dirname, '../cli.ts');
  const env = { ...process.env, DATABASE_URL: files.ownerUrl, APP_SECRET: TEST_SECRET };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args, '--json'], { env });
  return JSON.parse(stdout);
}

test('the stores are listed', async () => {
  const { name } = await files.database.inStore(storeId, loadStore);
  expect(await rekindle('stores', 'list')).toMatchObject([{ id: storeId, name }]);
});

test('a key is made, listed without itself, and ended', async () => {
  const made = (await rekindle('keys', 'create', '--name', 'Salesforce')) as { id: string; key: string };
  expect(await storeOfApiKey(files, made.key)).toBe(storeId);
  const listed = await rekindle('keys', 'list');
  expect(listed).toMatchObject([{ id: made.id, name: 'Salesforce', revokedAt: null }]);
  expect(JSON.stringify(listed)).not.toContain(made.key);
  await rekindle('keys', 'revoke', made.id);
  expect(await storeOfApiKey(files, made.key)).toBeUndefined();
  expect(await rekindle('merges', 'list')).toEqual([]);
});
