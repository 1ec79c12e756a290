import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { keysFrom } from '../keys.ts';
import { uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import {
  addressHash,
  addressHashPads,
  addressHashSql,
  mayMail,
  resubscribe,
  suppress,
  suppressedHashes,
  unsubscribe,
} from './index.ts';

const keys = keysFrom('a secret of the tests');
let base: TestDatabase;
let storeId: string;
const anna = uuidOf('customer', 'anna');

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(base.database);
  await base.database.inStore(storeId, (tx) =>
    tx.run(
      `INSERT INTO customers (id, store_id, key, email, created_at, updated_at) VALUES ($1, $2, 'csv:1', 'anna@example.com', now(), now())`,
      [anna, storeId],
    ),
  );
});
afterAll(() => base.drop());

test('the hash hides the address, differs by store and is the same in SQL', async () => {
  const hash = addressHash(keys, storeId, ' Anna@Example.com ');
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(addressHash(keys, uuidOf('store', 'other'), 'anna@example.com')).not.toBe(hash);
  const { inner, outer } = addressHashPads(keys, storeId);
  const rows = await base.database.inStore(storeId, (tx) =>
    tx.rows(`SELECT ${addressHashSql('email', '$1', '$2')} AS hash FROM customers`, [inner, outer]),
  );
  expect(rows).toEqual([{ hash }]);
});

test('a refusal suppresses; a later yes lifts it, but not a complaint', async () => {
  const hash = addressHash(keys, storeId, 'anna@example.com');
  const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
  const held = () => base.database.inStore(storeId, async (tx) => (await suppressedHashes(tx, [hash])).has(hash));
  const wish = (number: number) => ({ customerId: anna, at: day(number), source: 'public' });

  await base.database.inStore(storeId, (tx) => unsubscribe(keys, tx, wish(2)));
  await base.database.inStore(storeId, (tx) => unsubscribe(keys, tx, wish(2)));
  expect(await held()).toBe(true);
  await base.database.inStore(storeId, (tx) => resubscribe(keys, tx, wish(1)));
  expect(await held()).toBe(true);
  await base.database.inStore(storeId, (tx) => resubscribe(keys, tx, wish(3)));
  expect(await held()).toBe(false);

  await base.database.inStore(storeId, async (tx) => {
    await unsubscribe(keys, tx, wish(4));
    await suppress(tx, [{ addressHash: hash, reason: 'complaint', at: day(5), source: 'sendgrid' }]);
    await suppress(tx, [{ addressHash: hash, reason: 'unsubscribed', at: day(6), source: 'sendgrid' }]);
    await resubscribe(keys, tx, wish(7));
  });
  expect(await held()).toBe(true);

  const history = await base.database.inStore(storeId, (tx) =>
    tx.rows<{ state: 'subscribed'; basis: 'express'; at: Date }>('SELECT state, basis, at FROM consents ORDER BY at'),
  );
  expect(history.map((row) => row.state)).toEqual([
    'subscribed',
    'unsubscribed',
    'subscribed',
    'unsubscribed',
    'subscribed',
  ]);
  expect(mayMail({ country: 'ES', consent: history.at(-1), lastSaleAt: null, now: day(8) }).allowed).toBe(true);
});

test('somebody unknown cannot unsubscribe', async () => {
  const known = await base.database.inStore(storeId, (tx) =>
    unsubscribe(keys, tx, { customerId: uuidOf('nobody'), at: new Date(0), source: 'public' }),
  );
  expect(known).toBe(false);
});
