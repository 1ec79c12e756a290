/**
 * The stage for the app inside the Shopify admin: Shopify played over TLS, the app as it starts in production (its own process,
 * web and worker), and a browser that is led to both. The app is told nothing of any stand-in: only its network is other.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SUBSCRIBED_TOPICS } from '@rekindle/connector-shopify';
import { startShopifyFake, type FakeShop, type NewShop, type ShopifyFake } from '@rekindle/connector-shopify/fake';
import {
  sessionToken,
  startAdminFake,
  type AdminFake,
  type TokenOptions,
} from '@rekindle/connector-shopify/fake/admin';
import { TEST_SECRET } from '@rekindle/core/testing';
import type { Browser, BrowserContext } from 'playwright-core';
import { USER_AGENT } from './browser.ts';

const MAIN = path.resolve(import.meta.dirname, '../server/src/main.ts');
export const APP = { apiKey: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', apiSecret: 'shpss_rekindle_secret_of_the_tests' };
export const APP_URL = 'https://rekindle.example';
const APP_HOST = new URL(APP_URL).host;
/** The member of staff who is signed in to the admin. */
export const USER = '7001';

/** As browsers do that keep other sites' frames from storing anything. */
const DENY_STORAGE = `if (window.top !== window) for (const name of ['sessionStorage', 'localStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });
if (window.top !== window) Object.defineProperty(Document.prototype, 'cookie', {
  get: () => '', set() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });`;

export interface Stage {
  fake: ShopifyFake;
  admin: AdminFake;
  /** Every request to the Admin API waits from the time on that `until` says, until this is called. */
  hold(until: () => boolean): () => void;
  /** A session token of the signed-in person, or one that is wrong in what is given */
  token(options?: Partial<TokenOptions>): string;
  /** Asks the app as a client behind a TLS end would, under the app's name. */
  ask(path: string, how?: Asked): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>;
  /** Posts to the app what Shopify has to tell of this. Gives the answers' statuses. */
  tell(topic: string): Promise<number[]>;
  visit(browser: Browser, width: number): Promise<BrowserContext>;
  said(): string;
  close(): Promise<void>;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

export async function openStage(options: {
  databaseUrl: string;
  shops: NewShop[];
  others: Record<string, string>;
}): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-admin-'));
  const fake = await startShopifyFake({
    seed: 'admin',
    app: APP,
    shops: options.shops,
    webhooks: { uri: `${APP_URL}/webhooks/shopify`, topics: SUBSCRIBED_TOPICS },
  });
  const gate = { isShut: () => false, open: Promise.resolve() };
  const api = createServer((incoming, outgoing) => {
    const passed = gate.isShut() ? gate.open : Promise.resolve();
    void passed.then(() => fake.handler(incoming, outgoing)).catch(() => outgoing.destroy());
  });
  const admin = await startAdminFake({
    app: { ...APP, name: 'Rekindle', handle: 'rekindle', url: APP_URL, scopes: ['read_customers', 'read_orders'] },
    user: USER,
    others: options.others,
    shops: await listen(api).then((apiUrl) => fake.shops.map((shop) => inAdmin(shop, apiUrl))),
  });
  const authority = path.join(folder, 'authority.pem');
  await writeFile(authority, admin.authority);
  const app = startApp({ ...options, admin, authority });
  const url = await app.url;
  admin.leadTo(url);

  const ask: Stage['ask'] = (address, how = {}) => askApp(url, address, how);
  return {
    fake,
    admin,
    hold(until) {
      const opened = Promise.withResolvers<void>();
      Object.assign(gate, { isShut: until, open: opened.promise });
      return () => {
        Object.assign(gate, { isShut: () => false });
        opened.resolve();
      };
    },
    token: (how = {}) => sessionToken({ ...APP, shop: fake.shop().domain, user: USER, now: new Date(), ...how }),
    ask,
    tell: (topic) => fake.deliverWebhooks({ to: `${url}/webhooks/shopify`, topics: [topic] }),
    async visit(browser, width) {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 844 : 900 },
        userAgent: USER_AGENT,
        locale: 'en-US',
        timezoneId: 'Europe/Madrid',
        proxy: { server: admin.proxyUrl },
        ignoreHTTPSErrors: true,
      });
      await context.addInitScript(DENY_STORAGE);
      return context;
    },
    said: app.said,
    async close() {
      app.child.kill('SIGTERM');
      await app.ended;
      await admin.close();
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
      await fake.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function inAdmin(shop: FakeShop, apiUrl: string) {
  return {
    name: shop.domain.replace('.myshopify.com', ''),
    title: shop.state.name,
    apiUrl,
    get installed() {
      return shop.state.granted !== undefined;
    },
    install: () => Promise.resolve(shop.install()),
    uninstall: () => Promise.resolve(shop.uninstall()),
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** The production start, with the keys of the Shopify app and the way to the Shopify that is played. */
function startApp(around: { databaseUrl: string; admin: AdminFake; authority: string }) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env['PATH'],
      DATABASE_URL: around.databaseUrl,
      APP_SECRET: TEST_SECRET,
      PORT: '0',
      // Nothing is mailed here.
      SENDGRID_API_KEY: 'SG.not.real',
      SENDGRID_URL: 'http://127.0.0.1:9',
      SHOPIFY_API_KEY: APP.apiKey,
      SHOPIFY_API_SECRET: APP.apiSecret,
      SHOPIFY_APP_URL: APP_URL,
      // Webhooks and the web pixel go there: Shopify wants https.
      PUBLIC_URL: APP_URL,
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: around.admin.proxyUrl,
      NO_PROXY: 'localhost,127.0.0.1',
      NODE_EXTRA_CA_CERTS: around.authority,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const heard = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const url = /"url":"([^"]+)"/.exec(text)?.[1];
      if (url !== undefined) heard.resolve(url);
    });
  const ended = once(child, 'exit').then(() => {
    heard.reject(new Error(text));
  });
  return { child, ended, url: heard.promise, said: () => text };
}

function askApp(url: string, address: string, { method = 'GET', headers = {}, body }: Asked) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const own = { Host: APP_HOST, 'User-Agent': USER_AGENT, ...headers };
    const asked = request(new URL(address, url), { method, headers: own }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
