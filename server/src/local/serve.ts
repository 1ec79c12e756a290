/** Web and worker of a local run, in one process, with SendGrid's stand-in where SendGrid would be. */
import { createLog, pendingMigrations, systemRandom, wallClock, type Config, type Database } from '@rekindle/core';
import { JOBS, openQueue, startWorkers } from '@rekindle/core/jobs';
import type { SendGridFake } from '@rekindle/connector-sendgrid/fake';
import { composeEngine } from '../compose.ts';
import { mountApp } from '../http/app.ts';
import { buildHttp } from '../http/build.ts';
import { createHitBuffer } from '../http/public/hits.ts';
import { serveHttp } from '../http/serve.ts';
import { MIGRATIONS } from './database.ts';

export interface ServeOptions {
  config: Config;
  database: Database;
  mails: SendGridFake;
  /** Whose webhooks the stand-in sends */
  storeId: string;
}

export interface Served {
  url: string;
  stop(): Promise<void>;
}

export async function serve({ config, database, mails, storeId }: ServeOptions): Promise<Served> {
  const level = config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
  const log = createLog({ level, readable: process.stderr.isTTY });
  const engine = composeEngine(
    { ...config, SENDGRID_API_KEY: mails.apiKey, SENDGRID_URL: mails.url, SENDGRID_WEBHOOK_KEY: mails.publicKey },
    { database, clock: wallClock, random: systemRandom(), log },
  );
  let draining = false;
  const hits = createHitBuffer(engine);
  const http = await serveHttp(
    buildHttp(engine, {
      hits,
      readiness: { draining: () => draining, pendingMigrations: () => pendingMigrations(database, MIGRATIONS) },
      dashboard: (app) => {
        mountApp(app, engine);
      },
    }),
    { host: config.HOST, port: config.PORT },
  );
  mails.setWebhookUrl(`${http.url}/webhooks/sendgrid/${storeId}`);
  const queue = openQueue({
    databaseUrl: database.url,
    redisUrl: config.REDIS_URL,
    jobs: JOBS,
    onError: (error) => {
      log.warn({ err: error }, 'the queue is away; it is tried again');
    },
  });
  const workers = startWorkers(engine, queue, { jobs: JOBS });
  return {
    url: http.url,
    async stop() {
      draining = true;
      await workers.stop();
      await queue.close();
      await http.close();
      await hits.close();
    },
  };
}
