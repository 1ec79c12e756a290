import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import pg from 'pg';
import { buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';

let test1: TestDatabase;
let mine: string;
let theirs: string;

beforeAll(async () => {
  test1 = await createTestDatabase(inject('testServer'));
  mine = await buildStore(test1.database, { name: 'Mine' });
  theirs = await buildStore(test1.database, { name: 'Theirs' });
});
afterAll(() => test1.drop());

async function owner<Row extends object>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: test1.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a server that goes away in the middle of a transaction fails that transaction and nothing else', async () => {
  const broken = test1.database.inStore(mine, async (tx) => {
    const [row] = await tx.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise<void>((resolve) => {
      tx.client.once('end', resolve);
    });
    // While the transaction waits for something else than the database.
    await owner(`SELECT pg_terminate_backend(${String(row?.pid)})`);
    await ended;
    return tx.rows('SELECT 1');
  });
  await expect(broken).rejects.toThrow();
  expect(await test1.database.inStore(mine, (tx) => tx.rows('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

describe('row-level security', () => {
  test('a store sees and writes its own rows only', async () => {
    const product = (id: string, storeId: string) => ({
      id,
      store_id: storeId,
      platform: 'csv',
      external_id: id,
      name: 'Cup',
      created_at: new Date(0),
    });
    await test1.database.inStore(mine, ({ db }) =>
      db.insertInto('products').values(product('00000000-0000-4000-8000-000000000001', mine)).execute(),
    );
    const seen = await test1.database.inStore(theirs, ({ db }) => db.selectFrom('products').selectAll().execute());
    expect(seen).toEqual([]);
    await expect(
      test1.database.inStore(theirs, ({ db }) =>
        db.insertInto('products').values(product('00000000-0000-4000-8000-000000000002', mine)).execute(),
      ),
    ).rejects.toThrow(/row-level security/);
    const changed = await test1.database.inStore(theirs, ({ run }) => run('UPDATE products SET name = $1', ['Stolen']));
    expect(changed).toBe(0);
    const stores = await test1.database.inStore(mine, ({ db }) => db.selectFrom('stores').select('name').execute());
    expect(stores).toEqual([{ name: 'Mine' }]);
  });

  test('without a store there is nothing', async () => {
    const rows = await test1.database.inDirectory(({ db }) => db.selectFrom('products').selectAll().execute());
    expect(rows).toEqual([]);
  });

  test('no table lacks it', async () => {
    const rows = await owner<{ name: string; forced: boolean; complete: boolean }>(`
      SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
        EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL) AS complete
      FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations'`);
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => !row.forced || !row.complete)).toEqual([]);
  });

  test('the application owns nothing and may not pass by', async () => {
    const roles = await owner(
      `SELECT rolsuper, rolbypassrls, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned FROM pg_roles r WHERE rolname = 'rekindle_app'`,
    );
    expect(roles).toEqual([{ rolsuper: false, rolbypassrls: false, owned: 0 }]);
  });
});

test('COPY carries awkward text through a temporary table', async () => {
  const words = ['plain', 'tab\there', 'line\nbreak', 'back\\slash', '\\N', '', 'ünï🎈'];
  const read = await test1.database.inStore(mine, async (tx) => {
    await tx.run('CREATE TEMPORARY TABLE words (place int, word text) ON COMMIT DROP');
    await tx.copyIn(
      'words',
      ['place', 'word'],
      [...words, null].map((word, place) => [place, word]),
    );
    return tx.rows<{ word: string | null }>('SELECT word FROM words ORDER BY place');
  });
  expect(read.map((row) => row.word)).toEqual([...words, null]);
});
