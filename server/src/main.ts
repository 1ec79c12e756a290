/**
 * The production start: `ROLE=all|web|public|worker`. Needs a database and a secret; prepares the one, derives keys from the
 * other, and runs until it is asked to stop. (`npm start` is server/src/local.ts.)
 */
import {
  connectDatabase,
  createLog,
  fail,
  readConfig,
  RekindleError,
  systemRandom,
  wallClock,
  type Config,
} from '@rekindle/core';
import { composeEngine } from './compose.ts';
import { createShutdown } from './local/shutdown.ts';
import { prepareDatabase } from './prepare.ts';
import { startProcess } from './process.ts';

/** Connections of one process at most; PostgreSQL's own default takes a hundred of all. */
const CONNECTIONS = 20;

async function main(config: Config): Promise<void> {
  const { DATABASE_URL: ownerUrl, APP_SECRET: secret } = config;
  if (ownerUrl === undefined)
    throw fail('bad_configuration', 'DATABASE_URL is not set; it names the PostgreSQL to use.');
  if (secret === undefined)
    throw fail(
      'bad_configuration',
      'APP_SECRET is not set; `openssl rand -hex 32` makes one. Keep it: links in mails depend on it.',
    );
  const log = createLog({ level: config.LOG_LEVEL });
  const shutdown = createShutdown();
  shutdown.listen((sentence) => {
    log.info({}, sentence);
  });
  try {
    const url = await prepareDatabase({ ownerUrl, secret });
    const database = connectDatabase({ url, connections: CONNECTIONS });
    shutdown.add(() => database.close());
    const engine = composeEngine(config, { database, clock: wallClock, random: systemRandom(), log });
    const running = await startProcess(engine, config);
    shutdown.add(() => running.stop());
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

try {
  await main(readConfig());
} catch (error) {
  const known = error instanceof RekindleError && error.code !== 'internal';
  process.stderr.write(`rekindle: ${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
