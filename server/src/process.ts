/**
 * One process in its role: web and worker in one, or either, or only the pages of the mails. Started in the order in which
 * things need each other, stopped in the opposite one, with what is under way brought to its end.
 */
import { pendingMigrations, type Config, type Engine } from '@rekindle/core';
import { mountApp } from './http/app.ts';
import { buildHttp } from './http/build.ts';
import { createHitBuffer } from './http/public/hits.ts';
import { serveHttp } from './http/serve.ts';
import { MIGRATIONS } from './prepare.ts';
import { startWorker } from './worker.ts';

export interface Running {
  /** Where it listens */
  url: string;
  port: number;
  /** Answers "not ready", ends what is under way, closes in order. The database stays open: whoever opened it closes it. */
  stop(): Promise<void>;
}

export type ProcessConfig = Pick<Config, 'ROLE' | 'HOST' | 'PORT' | 'REDIS_URL'>;

/** Addresses that nobody but this machine reaches. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Throws `port_taken` or `bad_configuration`. */
export async function startProcess(engine: Engine, config: ProcessConfig): Promise<Running> {
  const state = { draining: false };
  const role = config.ROLE;
  const hits = createHitBuffer(engine);
  const app = buildHttp(engine, {
    hits,
    publicPages: role !== 'worker',
    dashboard: hasDashboard(engine, config)
      ? (http) => {
          mountApp(http, engine);
        }
      : undefined,
    readiness: {
      draining: () => state.draining,
      pendingMigrations: () => pendingMigrations(engine.database, MIGRATIONS),
    },
  });
  const listening = await serveHttp(app, { host: config.HOST, port: config.PORT });
  const worker = role === 'all' || role === 'worker' ? startWorker(engine, config) : undefined;
  engine.log.info({ role, url: listening.url }, 'started');
  return {
    url: listening.url,
    port: listening.port,
    async stop() {
      state.draining = true;
      await Promise.all([worker?.stop(), listening.close()]);
      await hits.close();
      engine.log.info({ role }, 'stopped');
    },
  };
}

/** The dashboard has no sign-in yet: whoever reaches it is let in, so only this machine may. */
function hasDashboard(engine: Engine, { ROLE, HOST }: ProcessConfig): boolean {
  if (ROLE !== 'all' && ROLE !== 'web') return false;
  if (LOOPBACK.test(HOST)) return true;
  engine.log.warn({ host: HOST }, 'the dashboard is not served: it has no sign-in yet, and HOST is not loopback');
  return false;
}
