/**
 * `node site-process.ts`: the server under fire, a process of its own so that its death is seen and its event loop is nobody
 * else's. The product's own composition, with every platform set up; what it says of stalls is measured in here.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectDatabase, readConfig, systemRandom, wallClock } from '@rekindle/core';
import type { ServerBuild } from '@remix-run/node';
import type { Hono } from 'hono';
import { composeEngine } from '../../compose.ts';
import { createHitBuffer } from '../../http/public/hits.ts';
import { serveHttp } from '../../http/serve.ts';
import { composeHttp } from '../../process.ts';
import { mountBroken } from './broken.ts';
import type { FromSite, Route, SiteSettings, ToSite } from './protocol.ts';
import { startStallMeter } from './stalls.ts';

const BUILD = path.resolve(import.meta.dirname, '../../../../shopify-app/build/server/index.js');
/** The limits against floods begin anew so often: else most of a flood would meet nothing but them. */
const ANEW_MS = 4000;

async function open({ databaseUrl, env, broken }: SiteSettings): Promise<void> {
  const config = readConfig(env);
  const database = connectDatabase({ url: databaseUrl, connections: 10 });
  // What is answered 5xx is seen by who asked.
  const log = { info: () => undefined, warn: () => undefined, error: report };
  const engine = composeEngine(config, { database, clock: wallClock, random: systemRandom(), log });
  const hits = createHitBuffer(engine);
  const compose = async (): Promise<Hono> => {
    const app = await composeHttp(engine, { ...config, ROLE: 'web' }, { hits, draining: () => false });
    return broken ? mountBroken(app) : app;
  };
  let app = await compose();
  setInterval(() => {
    void compose().then((next) => (app = next));
  }, ANEW_MS).unref();
  const server = await serveHttp(
    { fetch: (request, given, context) => app.fetch(request, given, context) },
    { host: '127.0.0.1', port: 0 },
  );
  const meter = startStallMeter(beat);
  function beat(): void {
    tell({ say: 'beat', ...meter.read(), memory: Math.round(process.memoryUsage().rss / 1e6) });
  }
  process.on('message', (message: ToSite) => {
    if (message.say === 'beat') beat();
  });
  tell({ say: 'ready', url: server.url, routes: [...routesOf(app), ...(await pages())] });
}

/** A defect's cause, for whoever mends it. */
function report(fields: object, message: string): void {
  const { err, cause } = fields as { err?: unknown; cause?: unknown };
  process.stdout.write(`${message}: ${String(err instanceof Error ? (err.stack ?? err) : (cause ?? err))}\n`);
}

/** Every route of the router itself; what stands for all addresses is a middleware, or the pages. */
function routesOf(app: Hono): Route[] {
  const seen = new Set<string>();
  return app.routes.flatMap(({ method, path: pattern }) => {
    const name = `${method} ${pattern}`;
    if (method === 'ALL' || seen.has(name)) return [];
    seen.add(name);
    return [{ method, path: pattern, page: false }];
  });
}

/** Every page: its loader, its loader as data, and its action, whether it has one or not. */
async function pages(): Promise<Route[]> {
  if (!existsSync(BUILD)) return [];
  const { routes } = (await import(pathToFileURL(BUILD).href)) as ServerBuild;
  const addressOf = (id: string): string => {
    const { path: own = '', parentId } = routes[id] ?? {};
    const above = parentId === undefined ? '' : addressOf(parentId);
    return own === '' ? above : `${above}/${own}`;
  };
  return Object.keys(routes).flatMap((id) => {
    const address = addressOf(id).replaceAll('*', ':any');
    return [
      { method: 'GET', path: address || '/', page: true },
      { method: 'GET', path: `${address || '/_root'}.data`, page: true },
      { method: 'POST', path: address || '/', page: true },
      { method: 'POST', path: `${address || '/_root'}.data`, page: true },
    ];
  });
}

function tell(message: FromSite): void {
  process.send?.(message);
}

process.on('disconnect', () => process.exit());
process.on('message', (message: ToSite) => {
  if (message.say === 'open') void open(message.settings);
});
