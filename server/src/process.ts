/**
 * One process in its role: web and worker in one, or either, or only the pages of the mails. Started in the order in which
 * things need each other, stopped in the opposite one, with what is under way brought to its end.
 */
import { pendingMigrations, type Config, type Engine } from '@rekindle/core';
import type { Hono } from 'hono';
import type { Composed } from './compose.ts';
import { mountApp } from './http/app.ts';
import { buildHttp } from './http/build.ts';
import { openConnecting } from './http/connect/connect.ts';
import { openEmbedded, type EmbeddedConfig } from './http/embedded/index.ts';
import { createHitBuffer, type HitBuffer } from './http/public/hits.ts';
import { quickClicks } from './http/public/quick.ts';
import { serveHttp } from './http/serve.ts';
import { verifyHubSpot, type HubSpotKeys } from './platforms.ts';
import { MIGRATIONS } from './prepare.ts';
import { startWorker } from './worker.ts';

export interface Running {
  /** Where it listens */
  url: string;
  port: number;
  /** Answers "not ready", ends what is under way, closes in order. The database stays open: whoever opened it closes it. */
  stop(): Promise<void>;
}

export type ProcessConfig = Pick<Config, 'ROLE' | 'HOST' | 'PORT' | 'REDIS_URL' | 'METRICS_TOKEN'> &
  HubSpotKeys &
  EmbeddedConfig;

/** Addresses that nobody but this machine reaches. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Throws `port_taken` or `bad_configuration`. */
export async function startProcess(engine: Composed, config: ProcessConfig): Promise<Running> {
  const state = { draining: false };
  const role = config.ROLE;
  const hits = createHitBuffer(engine);
  const app = await composeHttp(engine, config, { hits, draining: () => state.draining });
  const quick = role === 'worker' ? undefined : quickClicks(engine, { hits, meter: engine.meter });
  const listening = await serveHttp(app, { host: config.HOST, port: config.PORT, quick });
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

/** Everything that a process in its role answers to: what listens is this. */
export async function composeHttp(
  engine: Composed,
  config: ProcessConfig,
  around: { hits: HitBuffer; draining: () => boolean },
): Promise<Hono> {
  return buildHttp(engine, {
    hits: around.hits,
    metrics: { meter: engine.meter, token: config.METRICS_TOKEN },
    verifyHubSpot: verifyHubSpot(config),
    publicPages: config.ROLE !== 'worker',
    dashboard: await openDashboard(engine, config),
    readiness: {
      draining: around.draining,
      pendingMigrations: () => pendingMigrations(engine.database, MIGRATIONS),
    },
  });
}

/**
 * The dashboard inside the Shopify admin, where that is configured; and the stand-alone one, which has no sign-in: whoever
 * reaches it is let in, so only this machine may.
 */
async function openDashboard(engine: Engine, config: ProcessConfig): Promise<((app: Hono) => void) | undefined> {
  if (config.ROLE !== 'all' && config.ROLE !== 'web') return undefined;
  const embedded = await openEmbedded(engine, config);
  const standalone = LOOPBACK.test(config.HOST);
  if (!standalone)
    engine.log.warn(
      { host: config.HOST },
      'the stand-alone dashboard is not served: it has no sign-in, and HOST is not loopback',
    );
  if (!standalone && !embedded) return undefined;
  return (app) => {
    mountApp(app, engine, { embedded, standalone, connecting: openConnecting(engine, config) });
  };
}
