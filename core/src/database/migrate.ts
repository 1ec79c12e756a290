/**
 * Applies prisma/migrations in order, each in a transaction, under an advisory lock: two processes that start at once
 * both come out with the newest schema. Records into Prisma's own table with Prisma's checksum (sha256 of the file), so
 * Prisma's tools agree with what they find.
 *
 * Also makes the role the application connects as. It owns nothing and may not pass by row-level security.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { fail } from '../errors.ts';
import type { Database } from './connect.ts';
import { connectAsOwner } from './reach.ts';

export const APP_ROLE = 'rekindle_app';
/** Any two numbers that nobody else locks: "reki" "ndle". */
const LOCK: [number, number] = [0x72656b69, 0x6e646c65];

const RECORD = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

export interface MigrateOptions {
  /** Address with the rights of an owner: may create tables, and the role unless it exists. */
  ownerUrl: string;
  /** prisma/migrations */
  folder: string;
  /** The application's secret: the role's password is derived from it. */
  secret: string;
  /**
   * Who logs in as a member of the application's role: for a database that is soon gone, on a server where the role's
   * password may be that of a running application. Made here, dropped by the caller. Default: the role itself.
   */
  login?: string;
}

/** Brings the database to the newest schema. Gives the address the application connects with, and what was applied now. */
export async function migrate(options: MigrateOptions): Promise<{ url: string; applied: string[] }> {
  const client = await connectAsOwner(options.ownerUrl);
  try {
    await client.query('SELECT pg_advisory_lock($1, $2)', LOCK);
    const url = await ensureAppRole(client, options);
    await client.query(RECORD);
    // The application looks here whether it runs on the schema that it was written for.
    await client.query(`GRANT SELECT ON _prisma_migrations TO ${APP_ROLE}`);
    const applied = await applyAll(client, options.folder);
    return { url, applied };
  } finally {
    await client.end();
  }
}

/** Names of migrations in `folder` that the database does not have yet, read as the application. */
export async function pendingMigrations(database: Database, folder: string): Promise<string[]> {
  const rows = await database.inDirectory((tx) =>
    tx.rows<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    ),
  );
  const done = new Set(rows.map((row) => row.name));
  return (await migrationNames(folder)).filter((name) => !done.has(name));
}

async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

async function applyAll(client: pg.Client, folder: string): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const done = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const applied: string[] = [];
  for (const name of await migrationNames(folder)) {
    const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    const before = done.get(name);
    if (before === checksum) continue;
    if (before !== undefined)
      throw fail(
        'migration_changed',
        `migration ${name} was applied with other content; restore it, write a new one instead`,
      );
    await applyOne(client, { name, sql, checksum });
    applied.push(name);
  }
  return applied;
}

async function applyOne(client: pg.Client, migration: { name: string; sql: string; checksum: string }): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)',
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw fail(
      'migration_failed',
      `migration ${migration.name} failed and was rolled back: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** The address that the application connects with, where the database is made ready already. Asks nobody. */
export function applicationUrl(options: Pick<MigrateOptions, 'ownerUrl' | 'secret' | 'login'>): string {
  const url = new URL(options.ownerUrl);
  url.username = options.login ?? APP_ROLE;
  url.password = createHmac('sha256', options.secret).update('database role').digest('base64url');
  return url.href;
}

async function ensureAppRole(client: pg.Client, options: MigrateOptions): Promise<string> {
  const { login = APP_ROLE } = options;
  const url = new URL(applicationUrl(options));
  const { password } = url;
  if (!(await canConnect(url.href))) {
    await makeRole(client, login, password);
    if (!(await canConnect(url.href)))
      throw fail('bad_configuration', `PostgreSQL does not let the role ${login} in; allow it in pg_hba.conf.`);
  }
  const database = pg.escapeIdentifier(url.pathname.slice(1));
  await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${APP_ROLE}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${APP_ROLE}`);
  return url.href;
}

async function makeRole(client: pg.Client, login: string, password: string): Promise<void> {
  const rights = 'LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE';
  const secret = `PASSWORD ${pg.escapeLiteral(password)}`;
  try {
    // Roles belong to the whole server: another database's migration may be making the same one at this moment.
    await client.query(`DO $$ BEGIN
      CREATE ROLE ${APP_ROLE} ${rights};
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
    if (login === APP_ROLE) await client.query(`ALTER ROLE ${APP_ROLE} ${secret}`);
    else await client.query(`CREATE ROLE ${pg.escapeIdentifier(login)} ${rights} ${secret} IN ROLE ${APP_ROLE}`);
  } catch (cause) {
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw fail(
      'bad_configuration',
      `The user of DATABASE_URL may not make the role ${APP_ROLE} or set its password; give it CREATEROLE, or the role to it WITH ADMIN OPTION.`,
      { cause },
    );
  }
}

async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  // A refused login also ends the connection with an event of its own; the answer below says all.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
