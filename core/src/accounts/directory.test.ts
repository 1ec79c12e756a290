import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase, type TestEngine } from '../testing/index.ts';
import {
  connectAccount,
  credentialsOf,
  disconnectAccount,
  findStoreOfAccount,
  loadStore,
  openAccount,
  openStore,
  type NewStore,
} from './index.ts';

let files: TestDatabase;
let engine: TestEngine;
let storeId: string;
beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  engine = buildEngine(files.database);
  storeId = await buildStore(files.database);
});
afterAll(() => files.drop());

const SHOP: NewStore = {
  name: 'Kaffa',
  currency: 'SEK',
  timeZone: 'Europe/Stockholm',
  country: 'SE',
  language: 'sv',
  website: 'https://kaffa.example',
  senderEmail: 'hej@kaffa.example',
};
const actor = 'user:7';

const connectionsOf = (store: string) =>
  files.database.inStore(store, (tx) =>
    tx.rows('SELECT platform, account, state, credentials FROM connections ORDER BY account'),
  );

test('a shop that installs gets a store of its own, and coming again finds it', async () => {
  const account = { platform: 'shopify', account: 'kaffa.myshopify.com' };
  const first = await openAccount(engine, { ...account, credentials: { token: 1 }, actor }, SHOP);
  expect(first.fresh).toBe(true);
  expect(await findStoreOfAccount(engine, account)).toBe(first.storeId);
  const store = await files.database.inStore(first.storeId, loadStore);
  expect(store).toMatchObject({ name: 'Kaffa', currency: 'SEK', timeZone: 'Europe/Stockholm', country: 'SE' });

  const again = await openAccount(engine, { ...account, credentials: { token: 2 }, actor }, { ...SHOP, name: 'Other' });
  expect(again).toEqual({ ...first, fresh: false });
  const vault = credentialsOf(engine, { id: first.connectionId, storeId: first.storeId });
  expect(await vault.read()).toEqual({ token: 2 });
});

test('two first loads at once make one store', async () => {
  const account = { platform: 'shopify', account: 'twice.myshopify.com', actor };
  const opened = await Promise.all([openAccount(engine, account, SHOP), openAccount(engine, account, SHOP)]);
  expect(new Set(opened.map((one) => one.storeId)).size).toBe(1);
  expect(opened.filter((one) => one.fresh)).toHaveLength(1);
});

test('a removed app leaves the store and no credentials; reinstalled, it goes on where it was', async () => {
  const account = { platform: 'shopify', account: 'back.myshopify.com' };
  const opened = await openAccount(engine, { ...account, credentials: { token: 1 }, actor }, SHOP);
  await disconnectAccount(engine, opened.storeId, account, 'platform');
  await disconnectAccount(engine, opened.storeId, account, 'platform');
  expect(await connectionsOf(opened.storeId)).toMatchObject([{ state: 'disconnected', credentials: null }]);
  expect(await findStoreOfAccount(engine, account)).toBe(opened.storeId);
  const back = await openAccount(engine, { ...account, credentials: { token: 3 }, actor }, SHOP);
  expect(back).toEqual({ ...opened, fresh: false });
  expect(await connectionsOf(opened.storeId)).toMatchObject([{ state: 'connected' }]);
  const noted = await files.database.inStore(opened.storeId, (tx) =>
    tx.rows('SELECT action FROM audit_entries ORDER BY id'),
  );
  expect(noted).toEqual([
    { action: 'connection.opened' },
    { action: 'connection.closed' },
    { action: 'connection.opened' },
  ]);
});

test('an account that another store has is refused, and nothing is kept of the attempt', async () => {
  const account = { platform: 'hubspot', account: '4711' };
  await connectAccount(engine, { ...account, storeId, actor });
  const theirs = await buildStore(files.database, { name: 'Theirs' });
  await expect(connectAccount(engine, { ...account, storeId: theirs, actor })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await connectionsOf(theirs)).toEqual([]);
  expect(await findStoreOfAccount(engine, account)).toBe(storeId);
});

test('a store cannot write itself into the directory without a connection, nor in another’s name', async () => {
  const theirs = await buildStore(files.database, { name: 'Somebody' });
  const write = (inStore: string, store: string) =>
    files.database.inStore(inStore, (tx) =>
      tx.run(`INSERT INTO platform_accounts (platform, account, store_id) VALUES ('shopify', 'loot', $1)`, [store]),
    );
  await expect(write(storeId, storeId)).rejects.toThrow(/foreign key/);
  await expect(write(storeId, theirs)).rejects.toThrow(/row-level security/);
  await expect(
    files.database.inDirectory((tx) =>
      tx.run(`INSERT INTO platform_accounts (platform, account, store_id) VALUES ('shopify', 'loot', $1)`, [storeId]),
    ),
  ).rejects.toThrow(/row-level security/);
});

test.each([
  ['a currency that is none', { currency: 'euro' }],
  ['a zone that is none', { timeZone: 'Mars/Olympus' }],
  ['no name', { name: ' ' }],
])('a store with %s is not opened', async (_, wrong) => {
  await expect(openStore(engine, '00000000-0000-4000-8000-0000000000aa', { ...SHOP, ...wrong })).rejects.toMatchObject({
    code: 'bad_request',
  });
});
