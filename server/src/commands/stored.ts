/**
 * A database that has lived, for commands that only look: the one that DATABASE_URL names, or the embedded one of
 * REKINDLE_HOME, whether `npm start` is running on it or not. Nothing is made, migrated or changed.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { applicationUrl, connectDatabase, fail, pendingMigrations, type Config, type Database } from '@rekindle/core';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '@rekindle/core/embedded';
import { openHome } from '../local/home.ts';
import { MIGRATIONS } from '../prepare.ts';

export interface Stored {
  database: Database;
  /** APP_SECRET, or the one that REKINDLE_HOME keeps */
  secret: string;
}

/** Runs the work and closes what it opened. Throws one sentence where there is no such database. */
export async function withStoredDatabase<Result>(
  config: Config,
  work: (stored: Stored) => Promise<Result>,
): Promise<Result> {
  const { ownerUrl, secret, stop } = await reach(config);
  try {
    const database = connectDatabase({ url: applicationUrl({ ownerUrl, secret }), connections: 2 });
    try {
      await mustBeReady(database);
      return await work({ database, secret });
    } finally {
      await database.close();
    }
  } finally {
    await stop();
  }
}

/** The application's secret: APP_SECRET, or the one that REKINDLE_HOME keeps. Throws where there is none. */
export async function storedSecret(config: Config): Promise<string> {
  if (config.APP_SECRET !== undefined) return config.APP_SECRET;
  if (!(await stat(path.join(config.REKINDLE_HOME, 'app-secret')).catch(() => undefined)))
    throw fail(
      'bad_configuration',
      'APP_SECRET is not set, and REKINDLE_HOME keeps none; set the one that the application runs with.',
    );
  return (await openHome(config.REKINDLE_HOME)).appSecret;
}

async function reach(config: Config): Promise<{ ownerUrl: string; secret: string; stop: () => Promise<void> }> {
  const nothing = (): Promise<void> => Promise.resolve();
  if (config.DATABASE_URL !== undefined && config.APP_SECRET !== undefined)
    return { ownerUrl: config.DATABASE_URL, secret: config.APP_SECRET, stop: nothing };
  const folder = path.join(config.REKINDLE_HOME, 'postgres');
  const needed = config.DATABASE_URL === undefined ? folder : path.join(config.REKINDLE_HOME, 'app-secret');
  if (!(await stat(needed).catch(() => undefined)))
    throw fail(
      'bad_configuration',
      config.DATABASE_URL === undefined
        ? `There is no database in ${config.REKINDLE_HOME} yet; run npm start first, or set DATABASE_URL.`
        : 'APP_SECRET is not set, and REKINDLE_HOME keeps none; set the one that the application runs with.',
    );
  const home = await openHome(config.REKINDLE_HOME);
  const secret = config.APP_SECRET ?? home.appSecret;
  if (config.DATABASE_URL !== undefined) return { ownerUrl: config.DATABASE_URL, secret, stop: nothing };
  const place = { folder: path.join(home.folder, 'postgres'), password: home.databasePassword };
  const running = await findEmbeddedPostgres(place);
  if (running) return { ...running, secret, stop: nothing };
  const server = await startEmbeddedPostgres(place);
  return { ownerUrl: server.ownerUrl, secret, stop: () => server.stop() };
}

/** A database of another application, an older schema or another secret is told from one that is ready. */
async function mustBeReady(database: Database): Promise<void> {
  let pending: string[];
  try {
    pending = await pendingMigrations(database, MIGRATIONS);
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? '';
    // Refused password, no such role, no such database, no such table.
    if (['28P01', '28000', '3D000', '42P01', '42501'].includes(code))
      throw fail(
        'bad_configuration',
        'The database has no Rekindle in it, or APP_SECRET is not the one that it was made ready with.',
        { cause },
      );
    throw fail('database_unreachable', 'The database does not answer; is it running, and is DATABASE_URL right?', {
      cause,
    });
  }
  if (pending.length > 0)
    throw fail(
      'wrong_state',
      `The database is ${String(pending.length)} migrations behind; start the application on it first.`,
    );
}
