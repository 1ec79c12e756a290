/** What the panels and the pixel ask, over real HTTP. */
import { createHmac } from 'node:crypto';
import { connectAccount, createApiKey, panel, pixelKey, revokeApiKey, uuidOf } from '@rekindle/core';
import { buildStore } from '@rekindle/core/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { HUBSPOT_SECRET, openSite, type Site } from '../testing/site.ts';
import { buildApi } from './api.ts';

let site: Site;
let key: string;
let keyId: string;
let theirs: string;
let theirKey: string;
const API = '/api/v1';

beforeAll(async () => {
  site = await openSite(inject('testServer'));
  const { engine, storeId } = site;
  ({ key, id: keyId } = await createApiKey(engine, storeId, 'Salesforce', 'user:7'));
  theirs = await buildStore(engine.database, { name: 'Theirs', language: 'es' });
  ({ key: theirKey } = await createApiKey(engine, theirs, 'Salesforce', 'user:8'));
  await connectAccount(engine, { storeId, platform: 'hubspot', account: '4711', actor: 'user:7' });
  await connectAccount(engine, { storeId: theirs, platform: 'hubspot', account: '815', actor: 'user:8' });
  await known(storeId, 'salesforce', '003A', 'Ann');
  await known(storeId, 'hubspot', '51', 'Ann');
  await known(storeId, 'shopify', '7100', 'Ann');
  await known(theirs, 'salesforce', '003B', 'Berta');
});
afterAll(() => site.close());

/** Somebody who bought three times, last long ago, and may be mailed. */
async function known(storeId: string, platform: string, externalId: string, firstName: string): Promise<void> {
  await site.engine.database.inStore(storeId, async (tx) => {
    const id = uuidOf('customer', storeId, firstName);
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, first_name, country, created_at, updated_at)
       VALUES ($1, $2, $3, $3 || '@mail.example', $3, 'US', now(), now()) ON CONFLICT DO NOTHING`,
      [id, storeId, firstName],
    );
    await tx.run('INSERT INTO identities (store_id, platform, external_id, customer_id) VALUES ($1, $2, $3, $4)', [
      storeId,
      platform,
      externalId,
      id,
    ]);
    await tx.run(`UPDATE stores SET score_version = 1 WHERE id = $1`, [storeId]);
    await tx.run(
      `INSERT INTO scores (store_id, version, customer_id, state, p_return_90, expected_value_365, value_at_risk, days_since_last, next_order_at, life_stage, reasons)
       VALUES ($1, 1, $2, 'scored', 0.34, 48000, 31000, 71, '2026-02-12T10:00Z', 'slipping', $3) ON CONFLICT DO NOTHING`,
      [
        storeId,
        id,
        JSON.stringify([
          { code: 'late', days: 71, usual: 38 },
          { code: 'bought_often', times: 9, every: 38 },
          { code: 'worth', yearly: 48000 },
          { code: 'likely_still_there', percent: 60 },
        ]),
      ],
    );
    await tx.run(
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, ordered_at, amount, currency)
       VALUES ($1, $2, $3, 'shopify', '1', '2025-12-20T10:00Z', 4200, 'EUR') ON CONFLICT DO NOTHING`,
      [uuidOf('order', storeId), storeId, id],
    );
  });
}

const ask = (path: string, init: RequestInit = {}) => fetch(`${site.server.url}${API}${path}`, init);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** As HubSpot sends it: portal, user and app in the query, the whole signed as HubSpot knows the address. */
function signed(
  path: string,
  options: { method?: string; body?: string; secret?: string; ageMs?: number; tamper?: string } = {},
) {
  const { method = 'GET', body = '', secret = HUBSPOT_SECRET, ageMs = 0 } = options;
  const timestamp = String(Date.now() - ageMs);
  const address = `${site.engine.publicUrl}${API}${path}`;
  const mac = createHmac('sha256', secret)
    .update(method + address + body + timestamp)
    .digest('base64');
  return ask(options.tamper ?? path, {
    method,
    headers: {
      'X-HubSpot-Signature-v3': mac,
      'X-HubSpot-Request-Timestamp': timestamp,
      ...(body === '' ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === '' ? {} : { body }),
  });
}

describe('a panel', () => {
  test('says all there is to say of a person, ready to be shown', async () => {
    const answer = await ask('/panel?platform=salesforce&externalId=003A', { headers: bearer(key) });
    expect(answer.status).toBe(200);
    const shown = panel.parse(await answer.json());
    expect(shown).toMatchObject({
      state: 'scored',
      store: { name: 'Café Alba', language: 'en' },
      customer: { name: 'Ann' },
      headline: 'About 34% likely to come back unprompted within 90 days.',
      lifeStage: { code: 'slipping' },
      value: 'Expected to buy for about €\u00a0480 in the next 12 months; €\u00a0310 a year is at risk.',
      nextOrder: 'The next order was expected around 12 February.',
      reasons: ['Late: bought 71 days ago, usually every 38 days.', expect.any(String), expect.any(String)],
      nextAction: { code: 'write', words: 'Write: later than usual.' },
      touches: [{ kind: 'order', words: 'Bought for €\u00a042', on: '20 December 2025' }],
      consent: { mayMail: true, words: 'May be mailed.' },
      heldBack: null,
      scoreVersion: 1,
    });
  });

  test('of somebody unknown says so; a store that reads Spanish reads Spanish', async () => {
    const unknown = panel.parse(
      await (await ask('/panel?platform=salesforce&externalId=nobody', { headers: bearer(key) })).json(),
    );
    expect(unknown).toMatchObject({ state: 'unknown', customer: null, touches: [] });
    const spanish = panel.parse(
      await (await ask('/panel?platform=salesforce&externalId=003B', { headers: bearer(theirKey) })).json(),
    );
    expect(spanish.nextAction.words).toBe('Escribir: tarda más de lo habitual.');
  });

  test('is asked by HubSpot with its signature, whose portal names the store', async () => {
    const query = '?platform=hubspot&externalId=51&portalId=4711&userEmail=rep%40shop.example&userId=9&appId=1';
    expect(panel.parse(await (await signed(`/panel${query}`)).json()).customer?.name).toBe('Ann');
  });
});

describe('who may not ask', () => {
  const mine = '/panel?platform=salesforce&externalId=003A';
  const card = (portal: string) => `/panel?platform=hubspot&externalId=51&portalId=${portal}`;

  // Role by foreign object: every caller by everybody else's person.
  test.each<[string, number, () => Promise<Response>]>([
    ['nobody', 401, () => ask(mine)],
    ['a key that is none', 401, () => ask(mine, { headers: bearer('rk_nonsense') })],
    ['a key cut short', 401, () => ask(mine, { headers: bearer(key.slice(0, -2)) })],
    ['another scheme', 401, () => ask(mine, { headers: { Authorization: `Basic ${key}` } })],
    ['HubSpot with a wrong secret', 401, () => signed(card('4711'), { secret: 'another' })],
    ['HubSpot, too late', 401, () => signed(card('4711'), { ageMs: 301_000 })],
    ['HubSpot, from the future', 401, () => signed(card('4711'), { ageMs: -301_000 })],
    ['HubSpot with another portal than it signed', 401, () => signed(card('4711'), { tamper: card('815') })],
    ['HubSpot for a portal that is nobody’s', 401, () => signed(card('1'))],
    [
      'HubSpot, of a person of Salesforce',
      403,
      () => signed('/panel?platform=salesforce&externalId=003A&portalId=4711'),
    ],
    ['a key, without saying whom', 400, () => ask('/panel?platform=salesforce', { headers: bearer(key) })],
    ['a key, of a platform that is none', 400, () => ask('/panel?platform=x&externalId=1', { headers: bearer(key) })],
  ])('%s: %i', async (_, status, request) => {
    const answer = await request();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(await answer.json())).not.toMatch(/Ann|Berta|rk_/);
  });

  test.each([
    [
      'a key sees nobody of another store',
      () => ask('/panel?platform=salesforce&externalId=003B', { headers: bearer(key) }),
    ],
    ['nor the other way round', () => ask(mine, { headers: bearer(theirKey) })],
    ['nor a portal of another’s contacts', () => signed(card('815'))],
  ])('%s', async (_, request) => {
    expect(await (await request()).json()).toMatchObject({ state: 'unknown', customer: null });
  });

  test('a key that was revoked', async () => {
    const made = await createApiKey(site.engine, site.storeId, 'old', 'user:7');
    await revokeApiKey(site.engine, site.storeId, made.id, 'user:7');
    expect((await ask(mine, { headers: bearer(made.key) })).status).toBe(401);
    await expect(revokeApiKey(site.engine, theirs, keyId, 'user:8')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('the key itself is kept nowhere', async () => {
    const rows = await site.sql<{ row: string }>('SELECT t::text AS row FROM api_keys t');
    for (const { row } of rows)
      expect(row).not.toContain(Buffer.from(key.slice(3), 'base64url').subarray(16).toString('hex'));
  });
});

test('an id that no database can hold is a wrong request, not a defect', async () => {
  const answer = await ask('/panel?platform=salesforce&externalId=a%00b', { headers: bearer(key) });
  expect(answer.status).toBe(400);
});

describe('do not mail', () => {
  const body = JSON.stringify({ platform: 'hubspot', externalId: '51' });
  const path = '/panel/do-not-mail?portalId=4711';

  test('holds when it is answered, and is told to the platform it was said beside', async () => {
    const answer = await signed(path, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(panel.parse(await answer.json())).toMatchObject({
      consent: { mayMail: false },
      nextAction: { code: 'none', words: 'Nothing: wants no mail.' },
    });
    expect(await site.sql('SELECT state, source FROM consents')).toEqual([
      { state: 'unsubscribed', source: 'panel:hubspot' },
    ]);
    expect(await site.sql('SELECT reason FROM suppressions')).toEqual([{ reason: 'unsubscribed' }]);
  });

  test('of somebody unknown, or with a body that was not signed, changes nothing', async () => {
    const unknown = JSON.stringify({ platform: 'hubspot', externalId: 'nobody' });
    expect((await signed(path, { method: 'POST', body: unknown })).status).toBe(404);
    expect((await ask(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })).status).toBe(
      401,
    );
    expect((await signed(path, { method: 'POST', body: '{"platform":' })).status).toBe(400);
  });
});

describe('the pixel', () => {
  const event = {
    id: 'sh-1',
    kind: 'product_viewed',
    at: '2026-03-01T09:00:00Z',
    customerId: '7100',
    title: 'Guatemala beans',
  };
  const tell = (told: unknown) => ask('/pixel', { method: 'POST', body: JSON.stringify(told) });
  const key4 = () => pixelKey(site.engine.keys, site.storeId);

  test('puts what a known customer did onto her timeline, once; of a stranger it keeps nothing', async () => {
    const told = { key: key4(), events: [event, { ...event, id: 'sh-2', customerId: 'stranger' }] };
    const answer = await tell(told);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([202, '*']);
    await tell(told);
    expect(await site.sql(`SELECT kind FROM events WHERE source = 'pixel'`)).toEqual([{ kind: 'product_viewed' }]);
    const shown = panel.parse(
      await (await ask('/panel?platform=salesforce&externalId=003A', { headers: bearer(key) })).json(),
    );
    expect(shown.touches.map((touch) => touch.words)).toContain('Looked at Guatemala beans');
  });

  test.each<[string, number, () => unknown]>([
    ['a key that is none', 401, () => ({ key: `${site.storeId}.AAAAAAAAAAAAAAAAAAAAAA`, events: [event] })],
    ['a field too many', 400, () => ({ key: key4(), events: [{ ...event, email: 'a@b' }] })],
    ['a kind that is none', 400, () => ({ key: key4(), events: [{ ...event, kind: 'x' }] })],
    ['an id that no database can hold', 400, () => ({ key: key4(), events: [{ ...event, customerId: 'a\0b' }] })],
    ['half of a character as an id', 400, () => ({ key: key4(), events: [{ ...event, id: 'a\ud83d' }] })],
    [
      'a title that no database can hold',
      202,
      () => ({ key: key4(), events: [{ ...event, id: 'sh-3', title: 'a\0b\ud83d' }] }),
    ],
    ['too many at once', 400, () => ({ key: key4(), events: Array.from({ length: 21 }, () => event) })],
    ['too much', 413, () => ({ key: 'x'.repeat(40_000), events: [event] })],
  ])('with %s is answered %i', async (_, status, told) => {
    expect((await tell(told())).status).toBe(status);
  });
});

test('document and routes agree', async () => {
  const api = buildApi(site.engine, {});
  const document = (await (await ask('/openapi.json')).json()) as { paths: Record<string, Record<string, object>> };
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = api.routes
    .filter((route) => ['GET', 'POST'].includes(route.method) && route.path !== '/openapi.json')
    .map((route) => `${route.method} ${route.path}`);
  expect(documented.toSorted()).toEqual([...new Set(routes)].toSorted());
  expect(documented).toContain('GET /panel');
  // Who asks is asked on every route but the two that everybody may read or write to.
  for (const [path, methods] of Object.entries(document.paths))
    for (const told of Object.values(methods)) expect('security' in told, path).toBe(path !== '/pixel');
});
