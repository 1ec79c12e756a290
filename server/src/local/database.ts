/** The database of a local run: the one that DATABASE_URL names, or the embedded one; made ready for the application. */
import path from 'node:path';
import type { Config } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { prepareDatabase } from '../prepare.ts';
import type { Home } from './home.ts';

export interface LocalDatabase {
  /** Address as the application. */
  url: string;
  /** Address with an owner's rights. */
  ownerUrl: string;
  stop(): Promise<void>;
}

/** Throws one sentence for whatever is wrong with it. */
export async function openDatabase(config: Config, home: Home): Promise<LocalDatabase> {
  const server =
    config.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({ folder: path.join(home.folder, 'postgres'), password: home.databasePassword })
      : { ownerUrl: config.DATABASE_URL, stop: () => Promise.resolve() };
  try {
    const secret = config.APP_SECRET ?? home.appSecret;
    const url = await prepareDatabase({ ownerUrl: server.ownerUrl, secret });
    return { url, ownerUrl: server.ownerUrl, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
