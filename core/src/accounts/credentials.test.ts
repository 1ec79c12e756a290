import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectDatabase } from '../database/connect.ts';
import { keysFrom } from '../keys.ts';
import { buildEngine, buildStore, createTestDatabase, withDatabase, type TestDatabase } from '../testing/index.ts';
import { connectAccount, credentialsOf } from './index.ts';

const TOKEN = 'shpat_a-secret-that-nobody-may-read';

let files: TestDatabase;
let storeId: string;
beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(files.database);
});
afterAll(() => files.drop());

function connect(account: string, credentials?: unknown) {
  const engine = buildEngine(files.database);
  return connectAccount(engine, { storeId, platform: 'shopify', account, credentials, actor: 'user:7' });
}

test('credentials come back as they were kept, and lie sealed', async () => {
  const engine = buildEngine(files.database);
  const id = await connect('sealed.myshopify.com', { accessToken: TOKEN });
  expect(await credentialsOf(engine, { id, storeId }).read()).toEqual({ accessToken: TOKEN });
  const [row] = await files.database.inStore(storeId, (tx) =>
    tx.rows<{ credentials: Buffer }>('SELECT credentials FROM connections WHERE id = $1', [id]),
  );
  expect(row?.credentials.includes(TOKEN)).toBe(false);
});

test('sealed credentials open in no other place, and under no other secret', async () => {
  const engine = buildEngine(files.database);
  const id = await connect('here.myshopify.com', { accessToken: TOKEN });
  const other = await connect('there.myshopify.com');
  await files.database.inStore(storeId, (tx) =>
    tx.run('UPDATE connections SET credentials = (SELECT credentials FROM connections WHERE id = $1) WHERE id = $2', [
      id,
      other,
    ]),
  );
  await expect(credentialsOf(engine, { id: other, storeId }).read()).rejects.toMatchObject({ code: 'internal' });
  const stranger = { database: files.database, keys: keysFrom('another secret, which is long enough too') };
  await expect(credentialsOf(stranger, { id, storeId }).read()).rejects.toMatchObject({ code: 'internal' });
});

test('another store has no way to them', async () => {
  const engine = buildEngine(files.database);
  const id = await connect('mine.myshopify.com', { accessToken: TOKEN });
  const theirs = await buildStore(files.database, { name: 'Theirs' });
  await expect(credentialsOf(engine, { id, storeId: theirs }).read()).rejects.toMatchObject({ code: 'not_found' });
});

test('of two processes that renew at once one does, and both go on with what it got', async () => {
  const id = await connect('twice.myshopify.com', { token: 1 });
  const server = inject('testServer');
  const name = new URL(files.ownerUrl).pathname.slice(1);
  // Two pools, as two processes have them.
  const databases = [1, 2].map(() => connectDatabase({ url: withDatabase(server.appUrl, name), connections: 2 }));
  let renewals = 0;
  const renewed = await Promise.all(
    databases.map((database) =>
      credentialsOf({ database, keys: buildEngine(database).keys }, { id, storeId }).renew(async (current) => {
        // Who finds another token than the one that expired keeps it: that is the other's renewal.
        if ((current as { token: number }).token !== 1) return current;
        renewals++;
        await files.database.inStore(storeId, (tx) => tx.rows('SELECT 1'));
        return { token: 2 };
      }),
    ),
  );
  await Promise.all(databases.map((database) => database.close()));
  expect(renewed).toEqual([{ token: 2 }, { token: 2 }]);
  expect(renewals).toBe(1);
});

test('a renewal that fails keeps what was there', async () => {
  const engine = buildEngine(files.database);
  const id = await connect('failing.myshopify.com', { token: 1 });
  const credentials = credentialsOf(engine, { id, storeId });
  await expect(credentials.renew(() => Promise.reject(new Error('the platform is away')))).rejects.toThrow('away');
  expect(await credentials.read()).toEqual({ token: 1 });
});
