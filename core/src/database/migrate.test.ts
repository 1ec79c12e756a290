/** Migrations as an operator meets them: an own PostgreSQL with an owner who is no superuser, and every way it can fail. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { asOwner, withDatabase } from './owner.ts';
import { connectDatabase } from './connect.ts';
import { forgetStore } from './forget.ts';
import { migrate } from './migrate.ts';
import { buildStore, TEST_SECRET } from '../testing/index.ts';
import { freePort } from './embedded.ts';

const folder = path.join(import.meta.dirname, '../../../prisma/migrations');
const name = `own_${randomBytes(6).toString('hex')}`;
const { ownerUrl } = inject('testServer');
// The application's role belongs to the whole server, so its password must stay the one of the other tests.
const secret = TEST_SECRET;

function as(user: string, database = name): string {
  const url = new URL(withDatabase(ownerUrl, database));
  url.username = user;
  url.password = 'pw';
  return url.href;
}

beforeAll(async () => {
  await asOwner(ownerUrl, `CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD 'pw'`);
  await asOwner(ownerUrl, `CREATE DATABASE ${name} OWNER ${name}`);
});

afterAll(async () => {
  await asOwner(ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  await asOwner(ownerUrl, `DROP ROLE ${name}`);
});

describe('an own PostgreSQL', () => {
  test('takes the migrations from an owner who is no superuser, once, from two processes at the same time', async () => {
    const both = await Promise.all([1, 2].map(() => migrate({ ownerUrl: as(name), folder, secret })));
    const [first, second] = both.map(({ applied }) => applied.length).toSorted((a, b) => b - a);
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(0);
  });

  test('is used by a role that owns nothing, and a store can be forgotten', async () => {
    const { url } = await migrate({ ownerUrl: as(name), folder, secret });
    const database = connectDatabase({ url });
    try {
      const mine = await buildStore(database, { name: 'mine' });
      const other = await buildStore(database, { name: 'other' });
      await forgetStore(as(name), mine);
      const left = await database.inDirectory(({ db }) => db.selectFrom('stores').select('id').execute());
      expect(left).toEqual([{ id: other }]);
    } finally {
      await database.close();
    }
  });

  test('that does not answer is one sentence without the password', async () => {
    const port = await freePort();
    const gone = migrate({ ownerUrl: `postgresql://me:hush@127.0.0.1:${String(port)}/db`, folder, secret });
    await expect(gone).rejects.toMatchObject({ code: 'database_unreachable' });
    await expect(gone).rejects.toThrow(
      new RegExp(`^No PostgreSQL answers at 127.0.0.1:${String(port)} \\(ECONNREFUSED\\)`),
    );
    await expect(gone).rejects.toThrow(/^((?!hush).)*$/);
  });

  test.each([
    ['a wrong password', () => as('postgres').replace('pw', 'wrong'), /refuses the user or password of DATABASE_URL/],
    ['a database that is not there', () => as(name, 'nowhere'), /has no database nowhere/],
  ])('says what is wrong: %s', async (_, url, sentence) => {
    const refused = migrate({ ownerUrl: url(), folder, secret });
    await expect(refused).rejects.toMatchObject({ code: 'bad_configuration' });
    await expect(refused).rejects.toThrow(sentence);
  });

  test('says which right is missing to make the role', async () => {
    await asOwner(ownerUrl, `ALTER ROLE ${name} NOCREATEROLE`);
    try {
      // Another secret wants another password, which this owner may not set.
      const refused = migrate({ ownerUrl: as(name), folder, secret: 'another secret' });
      await expect(refused).rejects.toThrow(/may not make the role rekindle_app .* CREATEROLE/);
    } finally {
      await asOwner(ownerUrl, `ALTER ROLE ${name} CREATEROLE`);
    }
  });
});
