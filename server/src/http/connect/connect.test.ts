/** Connecting HubSpot as an administrator does: over real HTTP to a HubSpot as strict as the real one, on this machine and in the admin. */
import { startHubSpotFake, type HubSpotFake } from '@rekindle/connector-hubspot/fake';
import { sessionToken } from '@rekindle/connector-shopify/fake/admin';
import { credentialsOf, findStoreOfAccount, openAccount, readConfig, wallClock } from '@rekindle/core';
import {
  buildEngine,
  buildStore,
  createTestDatabase,
  fakeClock,
  type FakeClock,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { mountApp } from '../app.ts';
import { openEmbedded } from '../embedded/index.ts';
import { serveHttp, type Listening } from '../serve.ts';
import { BACK, openConnecting, OUT } from './connect.ts';

const SHOP = 'kaffa.myshopify.com';
const APP = { apiKey: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', apiSecret: 'shpss_a_secret_of_the_tests' };
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

let files: TestDatabase;
let engine: TestEngine;
let clock: FakeClock;
let hubspot: HubSpotFake;
let site: Listening;
let app: Hono;
let storeId: string;
let otherId: string;
let shopStoreId: string;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  engine = buildEngine(files.database);
  storeId = await buildStore(files.database, { name: 'Café Alba' });
  otherId = await buildStore(files.database, { name: 'Another' });
  const tokens = {
    shop: SHOP,
    accessToken: 'shpat_kaffa',
    scope: 'read_customers',
    expiresAt: '2999-01-01T00:00:00.000Z',
    refreshToken: 'shprt_kaffa',
    refreshExpiresAt: '2999-01-01T00:00:00.000Z',
  };
  ({ storeId: shopStoreId } = await openAccount(
    engine,
    { platform: 'shopify', account: SHOP, credentials: tokens, actor: 'test' },
    {
      name: 'Kaffa',
      currency: 'EUR',
      timeZone: 'Europe/Madrid',
      country: 'ES',
      language: 'en',
      senderEmail: 'a@b.example',
    },
  ));
  clock = fakeClock(wallClock.now());
  hubspot = await startHubSpotFake({ seed: 1, clock });
  const config = {
    ...readConfig({}),
    HUBSPOT_CLIENT_ID: hubspot.clientId,
    HUBSPOT_CLIENT_SECRET: hubspot.clientSecret,
    HUBSPOT_URL: hubspot.url,
    SHOPIFY_API_KEY: APP.apiKey,
    SHOPIFY_API_SECRET: APP.apiSecret,
    SHOPIFY_APP_URL: 'https://rekindle.example',
  };
  app = new Hono();
  const embedded = await openEmbedded(engine, config);
  const pages = () => Promise.resolve(new Response('a page'));
  mountApp(app, engine, { embedded, pages, connecting: openConnecting(engine, config, clock) });
  site = await serveHttp(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site.close();
  await hubspot.close();
  await files.drop();
});

const asStore = (id: string) => ({ headers: { Cookie: `rekindle_store=${id}` }, redirect: 'manual' as const });
const locationOf = (answer: Response) => answer.headers.get('location') ?? '';

/** Out to HubSpot, whose administrator says yes: the address she comes back to. */
async function allowed(id = storeId): Promise<string> {
  const out = await fetch(site.url + OUT, asStore(id));
  expect(out.status).toBe(302);
  return locationOf(await fetch(locationOf(out), { redirect: 'manual' }));
}

const connections = () =>
  files.database.inStore(storeId, (tx) =>
    tx.rows<{ id: string; account: string; state: string; due: boolean }>(
      `SELECT id, account, state, next_pull_at <= $2 AS due FROM connections WHERE store_id = $1 AND platform = 'hubspot'`,
      [storeId, engine.clock.now()],
    ),
  );

async function refused(address: string, id = storeId): Promise<string> {
  const answer = await fetch(address, asStore(id));
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.headers.get('content-type')).toContain('text/html');
  return answer.text();
}

test('a state that is forged, another store’s, too old or refused connects nothing and says so', async () => {
  expect(await refused(`${site.url}${BACK}?code=x&state=x.y`)).toContain('was not begun in Rekindle');
  const back = new URL(await allowed());
  const state = back.searchParams.get('state') ?? '';
  const forged = new URL(back);
  forged.searchParams.set('state', `${state.slice(0, -6)}${state.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`);
  expect(await refused(forged.href)).toContain('was not begun in Rekindle');
  expect(await refused(back.href, otherId)).toContain('for another store');
  clock.advance(10 * 60_000);
  expect(await refused(back.href)).toContain('longer than ten minutes');
  const no = new URL(await allowed());
  no.searchParams.delete('code');
  no.searchParams.set('error', 'access_denied');
  expect(await refused(no.href)).toContain('was not allowed');
  const wrong = new URL(await allowed());
  wrong.searchParams.set('code', 'another');
  expect(await refused(wrong.href)).toContain('Nothing was connected.');
  expect(await connections()).toEqual([]);
});

test('HubSpot is connected, due at once, its tokens sealed, and the way back works once', async () => {
  const back = await allowed();
  const answers = await Promise.all([fetch(back, asStore(storeId)), fetch(back, asStore(storeId))]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302, 403]));
  expect(answers.map(locationOf).find(Boolean)).toMatch(/^\/connections\?/);
  const [made] = await connections();
  expect(made).toMatchObject({ state: 'connected', due: true });
  expect(await findStoreOfAccount(engine, { platform: 'hubspot', account: made?.account ?? '' })).toBe(storeId);
  const kept = await credentialsOf(engine, { id: made?.id ?? '', storeId }).read();
  expect(kept).toMatchObject({ accessToken: expect.any(String) as string, refreshToken: expect.any(String) as string });
  expect(await refused(await allowed(otherId), otherId)).toContain('connected to another store');
});

test('in the Shopify admin only she who set out comes back, through the admin', async () => {
  const ask = (address: string, headers: Record<string, string> = {}) =>
    app.request(new Request(`http://rekindle.example${address}`, { headers: { 'User-Agent': CHROME, ...headers } }));
  const token = (user: string) => sessionToken({ ...APP, shop: SHOP, user, now: new Date() });
  const nobody = await ask(OUT, { Accept: 'application/json' });
  expect(locationOf(nobody)).not.toContain(hubspot.url);
  const out = await ask(OUT, { Accept: 'application/json', Authorization: `Bearer ${token('7001')}` });
  const { url } = (await out.json()) as { url: string };
  const back = new URL(locationOf(await fetch(url, { redirect: 'manual' })));
  expect(back.origin + back.pathname).toBe(`https://rekindle.example${BACK}`);
  const through = await ask(back.pathname + back.search);
  expect(locationOf(through)).toBe(`https://admin.shopify.com/store/kaffa/apps/${APP.apiKey}${BACK}${back.search}`);
  const host = Buffer.from('admin.shopify.com/store/kaffa').toString('base64');
  const inFrame = (user: string) =>
    ask(`${BACK}${back.search}&embedded=1&shop=${SHOP}&host=${host}&id_token=${token(user)}`);
  const other = await inFrame('7002');
  expect(other.status).toBe(403);
  expect(await other.text()).toContain('begun by somebody else');
  // The portal is the first store's by now: she is let in, and told so.
  expect(await (await inFrame('7001')).text()).toContain('connected to another store');
  expect(shopStoreId).not.toBe(storeId);
});
