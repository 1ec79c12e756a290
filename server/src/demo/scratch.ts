/**
 * A database for one run: in a server of its own that is gone afterwards, or, where DATABASE_URL names one, as a database
 * beside the others, dropped afterwards.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asOwner, connectDatabase, migrate, withDatabase, type Database } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';

export const MIGRATIONS = path.join(import.meta.dirname, '../../../prisma/migrations');

/** Runs the work on a fresh, migrated database and leaves nothing behind. */
export async function withScratchDatabase<Result>(
  options: { databaseUrl?: string | undefined; secret: string },
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const server =
    options.databaseUrl === undefined
      ? await startScratchServer()
      : { ownerUrl: options.databaseUrl, stop: () => Promise.resolve() };
  const name = `rekindle_run_${randomBytes(6).toString('hex')}`;
  try {
    await asOwner(server.ownerUrl, `CREATE DATABASE ${name}`);
    try {
      const { url } = await migrate({
        ownerUrl: withDatabase(server.ownerUrl, name),
        folder: MIGRATIONS,
        secret: options.secret,
        // The application may be running on this server: its own role's password stays as it is.
        login: name,
      });
      const database = connectDatabase({ url });
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    } finally {
      await asOwner(server.ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      await asOwner(server.ownerUrl, `DROP ROLE IF EXISTS ${name}`);
    }
  } finally {
    await server.stop();
  }
}

async function startScratchServer(): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-run-'));
  // As root PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(folder, 0o755);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({
      folder: path.join(folder, 'postgres'),
      password: 'scratch',
      durable: false,
    });
    return {
      ownerUrl: server.ownerUrl,
      stop: async () => {
        await server.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
