/**
 * What a browser finds at admin.shopify.com and cdn.shopify.com: the admin around the app, as far as the app can notice it.
 * Strict where the real one is: an app that is not installed is not shown, and a token is only given to the admin's own page.
 */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { appsPage, framePage, installPage, type PlayedApp, type PlayedShop } from './pages.ts';
import { sessionToken } from './session-token.ts';

export interface AdminOptions {
  app: PlayedApp & { apiSecret: string };
  /** https://admin.shopify.com, or where it is played */
  origin: string;
  /** Number of the person who is signed in */
  user: string;
  clock: () => Date;
  shop(name: string): ShopInAdmin | undefined;
}

/** A shop as the admin needs it. */
export interface ShopInAdmin extends PlayedShop {
  /** Whether the app is installed there now */
  readonly installed: boolean;
  install(): Promise<void>;
  uninstall(): Promise<void>;
}

const BROWSER = path.join(import.meta.dirname, 'browser');
const ROUTE = /^\/store\/([a-z0-9][a-z0-9-]*)(\/.*)?$/;

/** Answers a request to the admin. */
export async function answerAdmin(options: AdminOptions, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === '/admin.js') return script(await readFile(path.join(BROWSER, 'admin.js'), 'utf8'));
  const [, name = '', rest = '/'] = ROUTE.exec(url.pathname) ?? [];
  const shop = options.shop(name);
  if (!shop) return new Response('There is no such shop.\n', { status: 404 });
  const { app } = options;
  const base = `/store/${name}/apps/${app.handle}`;
  const posted = request.method === 'POST';
  if (posted && request.headers.get('origin') !== options.origin) return new Response(null, { status: 403 });

  if (rest === '/' || rest === '') return redirect(base);
  if (rest === '/settings/apps') return html(appsPage(shop, app, base, shop.installed));
  if (rest === '/oauth/install') {
    if (!posted && url.searchParams.get('client_id') !== app.apiKey) return new Response(null, { status: 404 });
    if (!posted) return shop.installed ? redirect(base) : html(installPage(shop, app, base));
    await shop.install();
    return redirect(base);
  }
  if (rest === '/oauth/uninstall' && posted) {
    await shop.uninstall();
    return redirect(`/store/${name}/settings/apps`);
  }
  if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return new Response(null, { status: 404 });
  if (!shop.installed) return html(installPage(shop, app, base));
  const inside = url.pathname.slice(base.length);
  if (inside === '/session-token')
    return posted ? Response.json({ token: tokenFor(options, shop) }) : new Response(null, { status: 405 });
  return html(framePage(shop, app, base, frameSource(options, shop, inside + url.search)));
}

/** App Bridge's place on the content network. */
export async function answerBridge(options: AdminOptions): Promise<Response> {
  const source = await readFile(path.join(BROWSER, 'bridge.js'), 'utf8');
  // A classic script, as the real one: what it declares is its own.
  return script(`(async () => {\n${source.replaceAll('{{admin}}', options.origin)}\n})();\n`);
}

/** The app's address as the admin opens it: who, where, a token, and a signature over all of it. */
export function frameSource(options: AdminOptions, shop: PlayedShop, inside: string): string {
  const address = new URL(inside === '' ? '/' : inside, options.app.url);
  const added: Record<string, string> = {
    embedded: '1',
    host: Buffer.from(`admin.shopify.com/store/${shop.name}`).toString('base64'),
    id_token: tokenFor(options, shop),
    locale: 'en',
    session: createHmac('sha256', options.app.apiSecret).update(`session ${options.user}`).digest('hex'),
    shop: `${shop.name}.myshopify.com`,
    timestamp: String(Math.floor(options.clock().getTime() / 1000)),
  };
  for (const [name, value] of Object.entries(added)) address.searchParams.set(name, value);
  const signed = [...address.searchParams]
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&');
  address.searchParams.set('hmac', createHmac('sha256', options.app.apiSecret).update(signed).digest('hex'));
  return address.href;
}

function tokenFor({ app, user, clock }: AdminOptions, shop: PlayedShop): string {
  return sessionToken({
    shop: `${shop.name}.myshopify.com`,
    apiKey: app.apiKey,
    apiSecret: app.apiSecret,
    user,
    now: clock(),
  });
}

function html(body: string): Response {
  return new Response(body, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

function script(body: string): Response {
  return new Response(body, { headers: { 'Content-Type': 'text/javascript; charset=utf-8' } });
}

function redirect(address: string): Response {
  return new Response(null, { status: 303, headers: { Location: address } });
}
