/**
 * Puts the built pages (shopify-app) into the server: static files, then Remix. Here it is decided who is asking; in the
 * stand-alone frame that is whoever sits at this machine, so it answers to this machine's own name only, and a form sent by
 * another site is refused. Must never serve that frame to a network by accident.
 */
import { randomBytes } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, listStores, RekindleError, type Engine } from '@rekindle/core';
import { createRequestHandler, type ServerBuild } from '@remix-run/node';
import type { Context, Hono } from 'hono';
import { contentSecurityPolicy } from './policy.ts';

export interface AppOptions {
  /** shopify-app/build, as `npm run build -w shopify-app` leaves it. */
  build?: string;
  /** Names besides loopback under which the stand-alone frame may be reached. Default none: only this machine. */
  hosts?: string[];
}

const BUILD = path.resolve(import.meta.dirname, '../../../shopify-app/build');
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const COOKIE = 'rekindle_store';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

type Handler = (request: Request, context: object) => Promise<Response>;

/** Mounts every page under `/`. Mount it last: it takes all addresses that nobody else has. */
export function mountApp(app: Hono, engine: Engine, options: AppOptions = {}): void {
  const folder = options.build ?? BUILD;
  const allowed = new Set([...LOOPBACK, ...(options.hosts ?? [])]);
  let handler: Promise<Handler> | undefined;

  app.get('/assets/*', (context) => sendFile(context, path.join(folder, 'client')));
  app.get('/favicon.svg', (context) => sendFile(context, path.join(folder, 'client')));

  app.all('*', async (context) => {
    const request = context.req.raw;
    const refusal = refuse(request, allowed);
    if (refusal) return context.text(`${refusal.message}\n`, refusal.status as 403);
    handler ??= loadHandler(folder);
    let answer: Handler;
    try {
      answer = await handler;
    } catch (error) {
      handler = undefined;
      if (!(error instanceof RekindleError)) throw error;
      return context.text(`${error.message}\n`, 503);
    }
    const nonce = randomBytes(16).toString('base64');
    const response = await answer(request, {
      engine,
      frame: 'standalone',
      nonce,
      session: (asked: Request) => localSession(engine, asked),
    });
    return secured(response, nonce);
  });
}

/** Why this request gets nothing: a foreign name (a page elsewhere that points its own name here), or a foreign form. */
function refuse(request: Request, allowed: Set<string>): RekindleError | undefined {
  const url = new URL(request.url);
  if (!allowed.has(url.hostname))
    return fail(
      'forbidden',
      `These pages have no sign-in yet and answer on this machine only. To open them under ${url.hostname}, allow that name in the configuration.`,
    );
  const origin = request.headers.get('origin');
  const safe = request.method === 'GET' || request.method === 'HEAD';
  if (!safe && (origin === null || !URL.canParse(origin) || new URL(origin).host !== url.host))
    return fail('forbidden', 'This form was sent from another site. Nothing was changed.');
  return undefined;
}

async function loadHandler(folder: string): Promise<Handler> {
  const file = path.join(folder, 'server/index.js');
  if (!(await exists(file)))
    throw fail('bad_configuration', 'The pages are not built yet. Run: npm run build -w shopify-app');
  const build = (await import(pathToFileURL(file).href)) as ServerBuild;
  return createRequestHandler(build, 'production') as Handler;
}

/** The person at this machine, and the store that the cookie names, else the first. */
async function localSession(engine: Engine, request: Request) {
  const stores = await engine.database.inDirectory((tx) => listStores(tx));
  const wanted = new RegExp(`(?:^|;\\s*)${COOKIE}=([0-9a-f-]{36})`).exec(request.headers.get('cookie') ?? '')?.[1];
  const store = stores.find((one) => one.id === wanted) ?? stores[0];
  if (!store) throw fail('not_found', 'There is no store yet. Start the demo, or connect a store, and come back.');
  return { storeId: store.id, actor: 'user:local', stores };
}

function secured(response: Response, nonce: string): Response {
  const headers = new Headers(response.headers);
  headers.set('Content-Security-Policy', contentSecurityPolicy(nonce));
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'same-origin');
  headers.set('X-Frame-Options', 'DENY');
  // Pages show people: no shared cache, no copy on disk.
  headers.set('Cache-Control', 'no-store');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

async function sendFile(context: Context, folder: string): Promise<Response> {
  // Names of ours need no decoding; whatever does is nobody's.
  const file = path.join(folder, path.normalize(context.req.path));
  const type = TYPES[path.extname(file)];
  if (!file.startsWith(folder + path.sep) || type === undefined || !(await exists(file))) return context.notFound();
  // Names of assets hold a hash of their content: they never change.
  const hashed = context.req.path.startsWith('/assets/');
  return new Response(new Uint8Array(await readFile(file)), {
    headers: {
      'Content-Type': type,
      'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
