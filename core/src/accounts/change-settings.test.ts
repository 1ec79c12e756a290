import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { changeSettings, loadStore, storeSettings } from './index.ts';

let files: TestDatabase;
let storeId: string;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(files.database);
});
afterAll(() => files.drop());

const sender = { name: ' Kaffa ', postalAddress: '2 New Street' };

test('settings and sender change together, and who did it is noted', async () => {
  const engine = buildEngine(files.database);
  const settings = storeSettings.parse({ holdoutShare: 0.3 });
  await changeSettings(engine, storeId, { settings, sender }, 'user:7');
  const store = await files.database.inStore(storeId, loadStore);
  expect(store.settings.holdoutShare).toBe(0.3);
  expect(store.sender).toMatchObject({ name: 'Kaffa', postalAddress: '2 New Street' });
  const noted = await files.database.inStore(storeId, (tx) => tx.rows('SELECT actor, action FROM audit_entries'));
  expect(noted).toEqual([{ actor: 'user:7', action: 'settings.changed' }]);
});

test.each([
  [{ ...storeSettings.parse({}), holdoutShare: 0.9 }, sender],
  [storeSettings.parse({}), { ...sender, name: 'Kaffa\nBcc: everybody@example.com' }],
  [storeSettings.parse({}), { ...sender, postalAddress: ' ' }],
])('what may not be is refused as a whole', async (settings, from) => {
  const engine = buildEngine(files.database);
  const before = await files.database.inStore(storeId, loadStore);
  await expect(changeSettings(engine, storeId, { settings, sender: from }, 'user:7')).rejects.toMatchObject({
    code: 'bad_request',
  });
  expect(await files.database.inStore(storeId, loadStore)).toEqual(before);
});
