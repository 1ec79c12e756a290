/**
 * Puts the built pages (shopify-app) into the server: static files, then Remix. Here it is decided who is asking, and in which
 * frame: under the Shopify app's name a person of a shop, whom Shopify's session token names (embedded/); else whoever sits at
 * this machine, so that frame answers to this machine's own name only, and a form sent by another site is refused. Must never
 * serve the stand-alone frame to a network by accident.
 */
import { randomBytes } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, listStores, RekindleError, type Engine } from '@rekindle/core';
import { createRequestHandler, type ServerBuild } from '@remix-run/node';
import type { Context, Hono } from 'hono';
import type { Connecting } from './connect/connect.ts';
import { shopNamed, type Embedded } from './embedded/index.ts';
import { APP_BRIDGE, contentSecurityPolicy } from './policy.ts';

/** What renders: a request, and what the server hands every loader. */
type Handler = (request: Request, context: object) => Promise<Response>;

export interface AppOptions {
  /** shopify-app/build, as `npm run build -w shopify-app` leaves it. */
  build?: string;
  /** Names besides loopback under which the stand-alone frame may be reached. Default none: only this machine. */
  hosts?: string[];
  /** Renders a page for whoever was let in. Default: the build. */
  pages?: Handler;
  /** The app inside the Shopify admin. Absent: there is none. */
  embedded?: Embedded | undefined;
  /** False where this machine is reached from a network: then there is no stand-alone frame. Default true. */
  standalone?: boolean;
  /** The way to platforms that are connected by their own sign-in page. Absent: there is none. */
  connecting?: Connecting | undefined;
}

const BUILD = path.resolve(import.meta.dirname, '../../../shopify-app/build');
/** Methods that nothing here has, and of which no web request can be made (https://fetch.spec.whatwg.org/#methods). */
const UNHEARD = new Set(['CONNECT', 'TRACE', 'TRACK']);
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

/** Mounts every page under `/`. Mount it last: it takes all addresses that nobody else has. */
export function mountApp(app: Hono, engine: Engine, options: AppOptions = {}): void {
  const folder = options.build ?? BUILD;
  const allowed = new Set([...LOOPBACK, ...(options.hosts ?? [])]);
  let handler = options.pages && Promise.resolve(options.pages);

  app.get('/assets/*', (context) => sendFile(context, path.join(folder, 'client')));
  app.get('/favicon.svg', (context) => sendFile(context, path.join(folder, 'client')));

  app.all('*', async (context) => {
    if (UNHEARD.has(context.req.method)) return context.notFound();
    const request = context.req.raw;
    const { embedded } = options;
    if (embedded && new URL(request.url).host === embedded.host) return inAdmin(request, embedded);
    if (options.standalone === false) return context.notFound();
    return onThisMachine(request);
  });

  async function inAdmin(request: Request, embedded: Embedded): Promise<Response> {
    const nonce = randomBytes(16).toString('base64');
    const origin = request.headers.get('origin') ?? 'null';
    // No browser sends one that is none, and the pages would stumble over it.
    if (origin !== 'null' && !URL.canParse(origin)) return plain(fail('bad_request', 'The Origin header is none.'));
    const { connecting } = options;
    const connects = connecting?.handles(request) === true;
    const throughAdmin = connects ? connecting.inside(request, embedded.apiKey) : undefined;
    if (throughAdmin) return secured(throughAdmin, nonce);
    const entered = await embedded.enter(request);
    // Who may frame the answer: the shop of whoever is let in, else the one that the address names.
    if (entered instanceof Response) return secured(await withNonce(entered, nonce), nonce, shopNamed(request));
    const { shop, session } = entered;
    if (connects)
      return secured(await connecting.answer(request, { ...session, origin: embedded.origin, shop }), nonce, shop);
    const frame = { kind: 'embedded', apiKey: embedded.apiKey, bridge: APP_BRIDGE };
    return secured(await render(request, { frame, nonce, session: () => session }), nonce, shop);
  }

  async function onThisMachine(request: Request): Promise<Response> {
    const refusal = refuse(request, allowed);
    if (refusal) return plain(refusal);
    const nonce = randomBytes(16).toString('base64');
    const session = (asked: Request) => localSession(engine, asked);
    if (options.connecting?.handles(request) === true) {
      const visitor = { ...(await session(request)), origin: new URL(request.url).origin };
      return secured(await options.connecting.answer(request, visitor), nonce);
    }
    return secured(await render(request, { frame: { kind: 'standalone' }, nonce, session }), nonce);
  }

  async function render(request: Request, around: object): Promise<Response> {
    handler ??= loadHandler(folder);
    let answer: Handler;
    try {
      answer = await handler;
    } catch (error) {
      handler = undefined;
      if (!(error instanceof RekindleError)) throw error;
      return plain({ message: error.message, status: 503 });
    }
    return answer(request, { engine, mayConnect: options.connecting !== undefined, ...around });
  }
}

function plain({ message, status }: { message: string; status: number }): Response {
  return new Response(`${message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

/** The pages that Shopify's library writes may run their scripts too. */
async function withNonce(response: Response, nonce: string): Promise<Response> {
  if (response.headers.get('content-type')?.startsWith('text/html') !== true) return response;
  const html = (await response.text()).replaceAll('<script', `<script nonce="${nonce}"`);
  return new Response(html, { status: response.status, headers: response.headers });
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

/** `shop`: the one whose admin may frame this. */
function secured(response: Response, nonce: string, shop?: string): Response {
  const headers = new Headers(response.headers);
  headers.set('Content-Security-Policy', contentSecurityPolicy(nonce, shop));
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'same-origin');
  // The older header knows no list of who may: there the policy alone speaks.
  if (shop === undefined) headers.set('X-Frame-Options', 'DENY');
  else headers.delete('X-Frame-Options');
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
