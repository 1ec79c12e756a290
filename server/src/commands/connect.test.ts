/** Connecting Salesforce from the command line, as the operator types it, to an organisation that is as strict as the real one. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { startSalesforceFake, type SalesforceFake } from '@rekindle/connector-salesforce/fake';
import { credentialsOf, findStoreOfAccount, keysFrom, storeOfApiKey } from '@rekindle/core';
import { buildStore, createTestDatabase, TEST_SECRET, type TestDatabase } from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

let files: TestDatabase;
let salesforce: SalesforceFake;
let storeId: string;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(files.database, { name: 'Café Alba' });
  await buildStore(files.database, { name: 'Another' });
  salesforce = await startSalesforceFake();
});
afterAll(async () => {
  await salesforce.close();
  await files.drop();
});

interface Connected {
  account: string;
  connection: string;
  key: string | null;
}

async function connect(username: string, ...more: string[]): Promise<Connected> {
  const cli = path.join(import.meta.dirname, '../cli.ts');
  const env = {
    ...process.env,
    DATABASE_URL: files.ownerUrl,
    APP_SECRET: TEST_SECRET,
    SALESFORCE_CLIENT_ID: salesforce.clientId,
    SALESFORCE_PRIVATE_KEY: salesforce.privateKey,
    SALESFORCE_LOGIN_URL: salesforce.url,
  };
  const line = [cli, 'connect', 'salesforce', '--username', username, '--json', ...more];
  const { stdout } = await promisify(execFile)(process.execPath, line, { env });
  return JSON.parse(stdout) as Connected;
}

const rows = () =>
  files.database.inStore(storeId, (tx) =>
    tx.rows<{ id: string; state: string; settings: unknown; due: boolean }>(
      'SELECT id, state, settings, next_pull_at <= now() AS due FROM connections WHERE store_id = $1',
      [storeId],
    ),
  );

test('nothing is kept of a user whom Salesforce does not let in, and one sentence says what to do', async () => {
  const store = ['--store', 'Café Alba'];
  const said = (line: Promise<unknown>) =>
    line.then(
      () => 'nothing',
      (error: unknown) => (error as { stderr: string }).stderr,
    );
  const [stranger, currency, which] = await Promise.all([
    said(connect('nobody@fake.example', ...store)),
    said(connect(salesforce.username, ...store, '--currency', 'euros')),
    said(connect(salesforce.username)),
  ]);
  expect(stranger).toMatch(/^rekindle: The integration user may not use the app yet: [^\n]*\n$/);
  expect(currency).toBe('rekindle: --currency is not what Salesforce would call one.\n');
  expect(which).toContain('There are 2 stores; --store says which');
  expect(await rows()).toEqual([]);
});

test('an organisation is connected by the store’s name, is due at once, and its key is shown once', async () => {
  const made = await connect(salesforce.username, '--store', 'Café Alba');
  expect(made.account).toBe(salesforce.account);
  expect(await findStoreOfAccount(files, { platform: 'salesforce', account: salesforce.account })).toBe(storeId);
  expect(await storeOfApiKey(files, made.key ?? '')).toBe(storeId);
  expect(await rows()).toEqual([
    {
      id: made.connection,
      state: 'connected',
      settings: { username: salesforce.username, currency: 'EUR' },
      due: true,
    },
  ]);
  const kept = await credentialsOf({ ...files, keys: keysFrom(TEST_SECRET) }, { id: made.connection, storeId }).read();
  expect(kept).toMatchObject({ instanceUrl: salesforce.url });

  const again = await connect(salesforce.username, '--store', storeId, '--currency', 'USD');
  expect(again).toMatchObject({ connection: made.connection, key: null });
  expect(await rows()).toMatchObject([{ settings: { currency: 'USD' } }]);
  await expect(connect(salesforce.username, '--store', 'Another')).rejects.toMatchObject({
    stderr: expect.stringContaining('is connected to another store') as string,
  });
});
