/** For whoever keeps the process running: is it alive (/healthz), and may it be sent work (/readyz)? */
import type { Hono } from 'hono';
import type { Engine } from '@rekindle/core';

export interface Readiness {
  /** The process has been asked to stop: finish what is under way, send nothing new. */
  draining(): boolean;
  /** Migrations that the database does not have. */
  pendingMigrations(): Promise<string[]>;
}

export function mountHealth(app: Hono, engine: Engine, readiness: Readiness): void {
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    const checks = await look(readiness);
    const ready = Object.values(checks).every((check) => check === 'ok');
    if (!ready) engine.log.warn({ checks }, 'not ready');
    return context.json({ status: ready ? 'ready' : 'not ready', checks }, ready ? 200 : 503);
  });
}

async function look(readiness: Readiness): Promise<Record<'process' | 'database' | 'migrations', string>> {
  const process = readiness.draining() ? 'stopping' : 'ok';
  try {
    const pending = await readiness.pendingMigrations();
    return { process, database: 'ok', migrations: pending.length === 0 ? 'ok' : `${String(pending.length)} missing` };
  } catch {
    return { process, database: 'does not answer', migrations: 'not known' };
  }
}
