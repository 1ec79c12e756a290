/**
 * `npm start`: all of Rekindle on one machine. What is missing is started here (PostgreSQL, stand-ins for the vendors, a
 * demo store); web and worker are the same as in production. Nothing leaves the machine. A failure is one sentence and
 * exit code 1.
 */
import { connectDatabase, readConfig, type Config } from '@rekindle/core';
import { failureLine, showProgress } from './commands/output.ts';
import { openDatabase } from './local/database.ts';
import { openDemo } from './local/demo.ts';
import { openPlatforms } from './local/platforms.ts';
import { openHome } from './local/home.ts';
import { buildPages } from './local/pages.ts';
import { mustBeFree } from './local/port.ts';
import { serve } from './local/serve.ts';
import { createShutdown } from './local/shutdown.ts';

const shutdown = createShutdown();

async function start(reset: boolean): Promise<void> {
  const given = readConfig();
  const home = await openHome(given.REKINDLE_HOME);
  const port = await mustBeFree(given.HOST, given.PORT);
  const config: Config = { ...given, PORT: port, APP_SECRET: given.APP_SECRET ?? home.appSecret };

  say(config.DATABASE_URL === undefined ? 'Starting the database …' : 'Connecting to the database …');
  const server = await openDatabase(config, home);
  shutdown.add(() => server.stop());
  const database = connectDatabase({ url: server.url });
  shutdown.add(() => database.close());

  await buildPages(() => {
    say('Building the pages …');
  });

  const shown = showProgress(false);
  const demo = await openDemo({
    database,
    ownerUrl: server.ownerUrl,
    config,
    reset,
    now: new Date(),
    onPlay: () => {
      say('Letting the people of a made-up shop live through a campaign (once, about a minute) …');
    },
    progress: shown.progress,
  }).finally(() => {
    shown.stop();
  });
  shutdown.add(() => demo.close());

  const platforms = await openPlatforms(database, demo.storeId, say);
  shutdown.add(() => platforms.close());

  const running = await serve(config, database, demo, platforms);
  shutdown.add(() => running.stop());
  say(`\nRekindle is running: ${running.url}`);
  say('Its customers are simulated, and no mail leaves this machine. Ctrl-C stops it.');
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

async function fail(error: unknown): Promise<void> {
  // What breaks because everything is being stopped is no failure.
  if (shutdown.asked()) return;
  await shutdown.run();
  process.stderr.write(`rekindle: ${failureLine(error, isVerbose())}\n`);
  process.exit(1);
}

function isVerbose(): boolean {
  try {
    return ['debug', 'trace'].includes(readConfig().LOG_LEVEL);
  } catch {
    return false;
  }
}

shutdown.listen(say);
await start(process.argv.includes('--reset')).catch(fail);
