/** Who gets into the pages inside the Shopify admin, and what everybody else gets: nothing. */
import { findStoreOfAccount, openAccount } from '@rekindle/core';
import { buildEngine, createTestDatabase, type TestDatabase, type TestEngine } from '@rekindle/core/testing';
import { sessionToken, type TokenOptions } from '@rekindle/connector-shopify/fake/admin';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { mountApp } from '../app.ts';
import { secureHeaders } from '../headers.ts';
import { openEmbedded } from './index.ts';

const APP = { apiKey: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', apiSecret: 'shpss_a_secret_of_the_tests' };
const SHOP = 'kaffa.myshopify.com';
const OTHER = 'teas.myshopify.com';
const HOST = Buffer.from('admin.shopify.com/store/kaffa').toString('base64');
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
const DAY = 86_400_000;

const pages = (_: Request, context: object) => {
  const { frame, session } = context as { frame: { kind: string }; session: (request: Request) => unknown };
  return Promise.resolve(Response.json({ frame: frame.kind, session: session(_) }));
};

let files: TestDatabase;
let engine: TestEngine;
let app: Hono;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  engine = buildEngine(files.database);
  for (const shop of [SHOP, OTHER]) {
    const tokens = {
      shop,
      accessToken: `shpat_${shop}`,
      scope: 'read_customers',
      expiresAt: new Date(Date.now() + DAY).toISOString(),
      refreshToken: `shprt_${shop}`,
      refreshExpiresAt: new Date(Date.now() + DAY).toISOString(),
    };
    await openAccount(
      engine,
      { platform: 'shopify', account: shop, credentials: tokens, actor: 'test' },
      {
        name: shop,
        currency: 'EUR',
        timeZone: 'Europe/Madrid',
        country: 'ES',
        language: 'en',
        senderEmail: 'hello@shop.example',
      },
    );
  }
  const embedded = await openEmbedded(engine, {
    SHOPIFY_API_KEY: APP.apiKey,
    SHOPIFY_API_SECRET: APP.apiSecret,
    SHOPIFY_APP_URL: 'https://rekindle.example',
  });
  app = new Hono();
  app.use(secureHeaders(true));
  // Pages that say who was let in, in the place of the built ones.
  mountApp(app, engine, { embedded, pages });
});
afterAll(() => files.drop());

const tokenOf = (options: Partial<TokenOptions> = {}) =>
  sessionToken({ ...APP, shop: SHOP, user: '7001', now: new Date(), ...options });

function ask(address: string, init: RequestInit & { agent?: string } = {}) {
  const headers = { 'User-Agent': init.agent ?? CHROME, ...(init.headers as Record<string, string>) };
  return app.request(new Request(`http://rekindle.example${address}`, { ...init, headers }));
}

/** As the admin opens the app's frame. */
const document = (token: string | undefined, page = '/', shop = SHOP) =>
  ask(`${page}?embedded=1&host=${HOST}&shop=${shop}${token === undefined ? '' : `&id_token=${token}`}`);

/** As App Bridge asks for data. */
const data = (token: string, init: RequestInit = {}) =>
  ask('/customers.data', { ...init, headers: { Authorization: `Bearer ${token}` } });

const FRAMED = `frame-ancestors https://${SHOP} https://admin.shopify.com`;
const policyOf = (response: Response) => response.headers.get('Content-Security-Policy');

describe('a good session token', () => {
  test('lets a person of the shop in, to the shop’s store alone', async () => {
    const storeId = await findStoreOfAccount(engine, { platform: 'shopify', account: SHOP });
    for (const answer of [
      await document(tokenOf()),
      await data(tokenOf()),
      await data(tokenOf(), { method: 'POST' }),
    ]) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({
        frame: 'embedded',
        session: { storeId, actor: 'user:7001', stores: [{ id: storeId, name: SHOP }] },
      });
      expect(policyOf(answer)).toContain(FRAMED);
      expect(answer.headers.has('X-Frame-Options')).toBe(false);
    }
  });

  test('of another shop leads to that shop’s store, and a cookie of the stand-alone frame changes nothing', async () => {
    const mine = await findStoreOfAccount(engine, { platform: 'shopify', account: SHOP });
    const theirs = await findStoreOfAccount(engine, { platform: 'shopify', account: OTHER });
    const answer = await ask('/customers.data', {
      headers: { Authorization: `Bearer ${tokenOf({ shop: OTHER })}`, Cookie: `rekindle_store=${String(mine)}` },
    });
    expect(await answer.json()).toMatchObject({ session: { storeId: theirs } });
    expect(policyOf(answer)).toContain(`frame-ancestors https://${OTHER} https://admin.shopify.com`);
  });
});

const seconds = Math.floor(Date.now() / 1000);
const forged: [string, string][] = [
  ['garbage', 'garbage'],
  ['no signature', tokenOf().replace(/[^.]+$/, '')],
  ['another key', tokenOf({ apiSecret: 'shpss_another' })],
  ['alg none', tokenOf({ algorithm: 'none' })],
  ['another algorithm', tokenOf({ algorithm: 'HS512' })],
  ['another app’s', tokenOf({ apiKey: 'another' })],
  ['expired', tokenOf({ now: new Date(Date.now() - DAY) })],
  ['not good yet', tokenOf({ now: new Date(Date.now() + DAY) })],
  ['no end', tokenOf({ claims: { exp: undefined } })],
  ['issued by another shop', tokenOf({ claims: { iss: `https://${OTHER}/admin` } })],
  [
    'for a site that is no shop',
    tokenOf({ claims: { dest: 'https://evil.example', iss: 'https://evil.example/admin' } }),
  ],
  ['for a shop by another road', tokenOf({ claims: { dest: `http://${SHOP}`, iss: `http://${SHOP}/admin` } })],
  ['of nobody', tokenOf({ claims: { sub: undefined, exp: seconds + 60 } })],
  [
    'changed since',
    tokenOf().replace(/\.[^.]+\./, `.${Buffer.from('{"dest":"https://kaffa.myshopify.com"}').toString('base64url')}.`),
  ],
];

describe.each(forged)('a forged token (%s)', (_, token) => {
  test('gets nothing', async () => {
    for (const answer of [
      await document(token),
      await data(token),
      await data(token, { method: 'POST' }),
      await ask('/', { headers: { Authorization: `Bearer ${token}` } }),
    ]) {
      expect([302, 401]).toContain(answer.status);
      expect(await answer.text()).not.toContain('storeId');
    }
  });
});

test('another shop’s token opens no page that is addressed to this one', async () => {
  const answer = await document(tokenOf({ shop: OTHER }));
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toContain('storeId');
});

describe('without a token', () => {
  test('a page goes by the bounce page, where App Bridge fetches one', async () => {
    const bounce = await document(undefined, '/customers');
    expect(bounce.status).toBe(302);
    const address = bounce.headers.get('Location') ?? '';
    expect(address).toMatch(/^\/auth\/session-token\?/);
    const back = new URL(address, 'https://rekindle.example').searchParams.get('shopify-reload');
    expect(back).toMatch(/^https:\/\/rekindle\.example\/customers\?/);
    const page = await ask(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('https://cdn.shopify.com/shopifycloud/app-bridge.js');
    expect(policyOf(page)).toContain(FRAMED);
  });

  test.each(['/customers.data', `/customers.data?embedded=1&shop=${SHOP}&host=${HOST}`])(
    'data is refused: %s',
    async (at) => {
      expect((await ask(at)).status).toBe(401);
    },
  );

  test.each(['POST', 'PUT', 'DELETE'])('nothing can be changed by %s, token in the address or not', async (method) => {
    const origin = { Origin: 'https://rekindle.example' };
    expect((await ask('/settings', { method, headers: origin })).status).toBe(401);
    const named = `/settings?embedded=1&shop=${SHOP}&host=${HOST}&id_token=${tokenOf()}`;
    expect((await ask(named, { method, headers: origin })).status).toBe(401);
  });

  test('whoever comes by herself is shown the way to the admin', async () => {
    const sent = await ask('/');
    expect([sent.status, sent.headers.get('Location')]).toEqual([302, '/auth/login']);
    const page = await ask('/auth/login');
    expect(await page.text()).toContain('Rekindle opens in the Shopify admin');
    expect(policyOf(page)).toContain("frame-ancestors 'none'");
    const on = await ask('/auth/login?shop=Kaffa');
    expect(on.headers.get('Location')).toBe(
      `https://admin.shopify.com/store/kaffa/oauth/install?client_id=${APP.apiKey}`,
    );
    for (const shop of ['evil.example', 'https://evil.example/', '<script>', 'a.myshopify.com.evil.example']) {
      const wrong = await ask(`/auth/login?shop=${encodeURIComponent(shop)}`);
      expect(wrong.status).toBe(400);
      expect(await wrong.text()).not.toContain(shop);
    }
  });
});

test('only the admin of a real shop may frame an answer, whatever the address says', async () => {
  for (const shop of ['evil.example', `${SHOP} https://evil.example`, `${SHOP};script-src *`, '*', `.${SHOP}`]) {
    const answer = await ask(`/auth/session-token?shop=${encodeURIComponent(shop)}`);
    expect(policyOf(answer)).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('X-Frame-Options')).toBe('DENY');
  }
});

test('a robot gets nothing, a phone with Shopify’s own app is no robot', async () => {
  const address = `/?embedded=1&host=${HOST}&shop=${SHOP}&id_token=${tokenOf()}`;
  const robot = await ask(address, { agent: CHROME.replace('Chrome', 'HeadlessChrome') });
  expect([robot.status, await robot.text()]).toEqual([410, '']);
  const phone = await ask(address, { agent: 'Shopify Mobile/iOS/9.99 (iPhone16,2/com.jadedpixel.shopify/26.0)' });
  expect(phone.status).toBe(200);
});

test('no token stands in the log', async () => {
  await document(tokenOf({ apiSecret: 'shpss_another' }));
  await data(tokenOf({ apiSecret: 'shpss_another' }));
  expect(engine.lines.filter((line) => /eyJ|shpat|shprt/.test(line))).toEqual([]);
});

test('the stand-alone frame is for this machine, and only where it may be', async () => {
  expect(await (await app.request('http://127.0.0.1/')).json()).toMatchObject({ frame: 'standalone' });
  const networked = new Hono();
  mountApp(networked, engine, { standalone: false });
  expect((await networked.request('http://127.0.0.1/')).status).toBe(404);
});

test('where Shopify does not answer, the person is told in words, and in the admin’s frame', async () => {
  // A shop that nobody knows yet: its token would have to be traded with a Shopify that is not there.
  const shop = 'unknown.myshopify.com';
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed'));
  const answer = await document(tokenOf({ shop }), '/', shop);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('Shopify did not confirm the sign-in. Nothing was lost.');
  expect(policyOf(answer)).toContain(`frame-ancestors https://${shop} https://admin.shopify.com`);
});
