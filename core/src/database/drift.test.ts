/** Three descriptions of the tables must be one: prisma/schema, the migrations that are applied, the types the code sees. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { TEMPLATE } from '../testing/index.ts';
import { asOwner, withDatabase } from './owner.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const { ownerUrl } = inject('testServer');

function prisma(...words: string[]): string {
  return execFileSync(process.execPath, [path.join(ROOT, 'node_modules/prisma/build/index.js'), ...words], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    // No look at the network for a newer version.
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', DATABASE_URL: ownerUrl },
  });
}

/** All that a table is made of, as sorted lines. */
async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(`
      -- Prisma has no words for what a column is generated from, …
      SELECT format('%s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                    CASE WHEN a.attnotnull THEN 'not null' END, CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END) AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND c.relname <> '_prisma_migrations'
      UNION ALL
      -- … nor for an index over an expression or a part of the rows: those stand in migrations only.
      SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
      WHERE relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations' AND indpred IS NULL AND indexprs IS NULL
      UNION ALL
      SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f') AND conrelid::regclass::text <> '_prisma_migrations'
      ORDER BY 1`);
    return rows.map(({ line }) => line);
  } finally {
    await client.end();
  }
}

test('the migrations make the tables of prisma/schema', async () => {
  const name = `drift_${randomBytes(6).toString('hex')}`;
  await asOwner(ownerUrl, `CREATE DATABASE ${name}`);
  onTestFinished(() => asOwner(ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`));
  const sql = prisma('migrate', 'diff', '--from-empty', '--to-schema-datamodel', 'prisma/schema', '--script');
  await asOwner(withDatabase(ownerUrl, name), sql);
  expect(await tables(withDatabase(ownerUrl, TEMPLATE))).toEqual(await tables(withDatabase(ownerUrl, name)));
});

test('core/src/database/schema.ts is what prisma generate makes of prisma/schema', async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), 'rekindle-generate-'));
  onTestFinished(() => rm(scratch, { recursive: true, force: true }));
  const schema = path.join(scratch, 'schema');
  await cp(path.join(ROOT, 'prisma/schema'), schema, { recursive: true });
  const main = path.join(schema, 'main.prisma');
  const text = await readFile(main, 'utf8');
  await writeFile(main, text.replace('../../core/src/database', scratch));
  prisma('generate', '--schema', schema, '--generator', 'kysely');
  const made = await readFile(path.join(scratch, 'schema.ts'), 'utf8');
  expect(await readFile(path.join(import.meta.dirname, 'schema.ts'), 'utf8')).toBe(made);
});
