import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import fc from 'fast-check';
import {
  fail,
  linkAddress,
  pendingMigrations,
  uuidOf,
  type EmailProvider,
  type Link,
  type LinkKind,
  type ProviderEvent,
} from '@rekindle/core';
import {
  buildEngine,
  buildStore,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { buildHttp } from './build.ts';
import { createHitBuffer, type HitBuffer } from './public/hits.ts';
import { serveHttp, type Listening } from './serve.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/migrations');
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148';
const TARGET = 'https://shop.example/tea?size=a&utm=1';

const email: EmailProvider = {
  name: 'plain',
  maximumBatch: 1000,
  idempotent: false,
  send: () => Promise.reject(new Error('nothing is sent here')),
  readEvents(webhook) {
    if (webhook.headers['signature'] !== 'right') throw fail('unauthorised', 'The signature is wrong.');
    try {
      const events = JSON.parse(Buffer.from(webhook.body).toString()) as ProviderEvent[];
      return events.map((event) => ({ ...event, at: new Date(event.at) }));
    } catch {
      throw fail('bad_request', 'The body is not a list of events.');
    }
  },
};

let base: TestDatabase;
let engine: TestEngine;
let hits: HitBuffer;
let server: Listening;
let storeId: string;
let people = 0;
const state = { draining: false, pending: [] as string[] };

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  engine = buildEngine(base.database, { email });
  storeId = await buildStore(base.database, { name: 'Café Alba' });
  hits = createHitBuffer(engine);
  const readiness = {
    draining: () => state.draining,
    pendingMigrations: async () => [...state.pending, ...(await pendingMigrations(base.database, MIGRATIONS))],
  };
  server = await serveHttp(buildHttp(engine, { readiness, hits }), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close();
  await hits.close();
  await base.drop();
});

/** A person with one message, and the links that stand in it. */
async function person(language = 'en') {
  const number = String(++people);
  const messageId = uuidOf('message', number);
  const customerId = uuidOf('customer', number);
  await base.database.inStore(storeId, async (tx) => {
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, language, created_at, updated_at)
       VALUES ($1, $2, $3, $3 || '@customers.example', $4, now(), now())`,
      [customerId, storeId, `anna${number}`, language],
    );
    await tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, created_at)
       VALUES ($1, $2, $2, $3, $2, 'accepted', now())`,
      [messageId, storeId, customerId],
    );
  });
  const links: Record<LinkKind, Link> = {
    open: { kind: 'open', storeId, messageId },
    click: { kind: 'click', storeId, messageId, url: TARGET },
    unsubscribe: { kind: 'unsubscribe', storeId, messageId, customerId },
    preferences: { kind: 'preferences', storeId, messageId, customerId },
  };
  const link = (kind: LinkKind) => linkAddress(engine.keys, server.url, links[kind]);
  return { messageId, customerId, link };
}

const messageOf = async (messageId: string) =>
  (
    await base.database.inStore(storeId, (tx) =>
      tx.rows<Record<string, Date | null>>(
        'SELECT opened_at, clicked_at, unsubscribed_at, delivered_at FROM messages WHERE id = $1',
        [messageId],
      ),
    )
  )[0];
const consentsOf = (customerId: string) =>
  base.database.inStore(storeId, (tx) =>
    tx.rows<{ state: string }>('SELECT state FROM consents WHERE customer_id = $1 ORDER BY id', [customerId]),
  );

const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url, { method, redirect: 'manual', headers: { 'User-Agent': PHONE, ...headers } });
const post = (url: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, redirect: 'manual', headers });
const hook = (
  body: string,
  headers: Record<string, string> = { signature: 'right' },
  store = storeId,
  vendor = 'plain',
) => post(`${server.url}/webhooks/${vendor}/${store}`, body, headers);

describe('health', () => {
  test('alive, and ready when the database has the newest schema', async () => {
    expect((await get(`${server.url}/healthz`)).status).toBe(200);
    const ready = await get(`${server.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { process: 'ok', database: 'ok', migrations: 'ok' } },
    ]);
  });

  test('not ready while stopping, or where migrations are missing; alive all the same', async () => {
    state.draining = true;
    const stopping = await get(`${server.url}/readyz`);
    state.draining = false;
    state.pending = ['20990101000000_later'];
    const behind = await get(`${server.url}/readyz`);
    state.pending = [];
    expect([stopping.status, behind.status]).toEqual([503, 503]);
    expect(await behind.json()).toMatchObject({ checks: { migrations: '1 missing' } });
    expect((await get(`${server.url}/healthz`)).status).toBe(200);
  });

  test('not ready without a database', async () => {
    const readiness = { draining: () => false, pendingMigrations: () => Promise.reject(new Error('away')) };
    const answer = await buildHttp(engine, { readiness, hits }).request('/readyz');
    expect([answer.status, await answer.json()]).toMatchObject([503, { checks: { database: 'does not answer' } }]);
  });
});

describe('a webhook', () => {
  test('is in the database when it is answered 200, and may come again', async () => {
    const { messageId } = await person();
    const events = [{ vendorEventId: 'd1', kind: 'delivered', at: '2026-03-01T09:00:00Z', messageId }];
    const first = await hook(JSON.stringify(events));
    expect([first.status, await first.json()]).toEqual([200, { recorded: 1, repeated: 0, unknown: 0 }]);
    expect(await messageOf(messageId)).toMatchObject({ delivered_at: new Date('2026-03-01T09:00:00Z') });
    expect(await (await hook(JSON.stringify(events))).json()).toMatchObject({ recorded: 0, repeated: 1 });
  });

  test.each([
    ['a wrong signature', 401, () => hook('[]', {})],
    ['a body that is none', 400, () => hook('{')],
    ['a store that is none', 404, () => hook('[]', undefined, 'not-a-store')],
    ['a store that nobody has', 404, () => hook('[]', undefined, uuidOf('nobody'))],
    ['somebody who does not mail for us', 404, () => hook('[]', undefined, storeId, 'other')],
    ['a long body', 413, () => hook(' '.repeat(5 * 1024 * 1024 + 1))],
  ])('of %s is answered %i', async (_, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, type: expect.stringMatching(/^urn:rekindle:error:/) });
  });

  test('that is long without saying so is not read to its end', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        if (sent > 40 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    const answer = await fetch(`${server.url}/webhooks/plain/${storeId}`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { signature: 'right' },
    }).catch((error: unknown) => error);
    // Either the answer or the closed door arrives first.
    if (answer instanceof Response) expect(answer.status).toBe(413);
    else expect(answer).toBeInstanceOf(TypeError);
  });

  test('that we fail to record is answered 5xx, with an id and nothing else', async () => {
    const { messageId } = await person();
    const before = engine.lines.length;
    const odd = [{ vendorEventId: 'a\u0000b', kind: 'delivered', at: '2026-03-01T09:00:00Z', messageId }];
    const answer = await hook(JSON.stringify(odd));
    expect(answer.status).toBe(500);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code: 'internal', id: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(JSON.stringify(problem)).not.toMatch(/0x00|UTF8|messages/);
    expect(engine.lines.slice(before)).toEqual(['error a request met a defect']);
  });
});

describe('opens and clicks', () => {
  test('are answered at once and recorded after', async () => {
    const { messageId, link } = await person();
    const pixel = await get(link('open'));
    expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect((await pixel.arrayBuffer()).byteLength).toBe(42);
    const click = await get(link('click'));
    expect([click.status, click.headers.get('location')]).toEqual([302, TARGET]);
    await hits.flush();
    expect(await messageOf(messageId)).toMatchObject({
      opened_at: engine.clock.now(),
      clicked_at: engine.clock.now(),
    });
  });

  test('of a scanner are no click', async () => {
    const { messageId, link } = await person();
    expect((await get(link('click'), {}, 'HEAD')).status).toBe(302);
    await hits.flush();
    expect(await messageOf(messageId)).toMatchObject({ clicked_at: null });
  });

  test('lead nowhere but where we signed that they lead', async () => {
    const { link } = await person();
    const address = link('click');
    const other = Buffer.from('https://evil.example').toString('base64url');
    const [version, , mac] = address.split('/c/')[1]?.split('.') ?? [];
    for (const forged of [
      `${server.url}/c/${String(version)}.${other}.${String(mac)}`,
      `${server.url}/c/https%3A%2F%2Fevil.example`,
      `${address}?url=https://evil.example`.replace('/c/1.', '/c/2.'),
      link('open').replace('/o/', '/c/'),
    ]) {
      const answer = await get(forged);
      expect([answer.status, answer.headers.get('location')]).toEqual([404, null]);
    }
    expect((await get(`${address}?url=https://evil.example`)).headers.get('location')).toBe(TARGET);
  });
});

describe('unsubscribing', () => {
  test('is not done by looking', async () => {
    const { customerId, link } = await person();
    for (const kind of ['unsubscribe', 'preferences'] as const)
      for (const method of ['GET', 'HEAD']) expect((await get(link(kind), {}, method)).status).toBe(200);
    expect((await get(`${link('unsubscribe')}?List-Unsubscribe=One-Click&action=unsubscribe`)).status).toBe(200);
    expect(await consentsOf(customerId)).toEqual([]);
  });

  test.each([
    ['urlencoded', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'multipart',
      () => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
  ])('by one click, %s, takes no cookie, no redirect and no second question', async (_, body) => {
    const { customerId, messageId, link } = await person();
    const answer = await post(link('unsubscribe'), body());
    expect([answer.status, answer.headers.get('set-cookie'), answer.headers.get('location')]).toEqual([
      200,
      null,
      null,
    ]);
    expect(await messageOf(messageId)).toMatchObject({ unsubscribed_at: engine.clock.now() });
    engine.clock.advance(1000);
    expect((await post(link('unsubscribe'), body())).status).toBe(200);
    expect(await consentsOf(customerId)).toEqual([{ state: 'unsubscribed' }]);
  });

  test('by the page, and back again', async () => {
    const { customerId, link } = await person('es-ES');
    const page = await (await get(link('preferences'))).text();
    expect(page).toContain('lang="es"');
    expect(page).toContain('Darme de baja');
    expect(page).not.toMatch(/anna\d+@|<script|https?:\/\/(?!shop\.example)/);
    const left = await (
      await post(link('preferences'), new URLSearchParams({ action: 'unsubscribe', lang: 'es' }))
    ).text();
    expect(left).toContain('Baja confirmada.');
    engine.clock.advance(1000);
    const back = await (
      await post(link('preferences'), new URLSearchParams({ action: 'resubscribe', lang: 'en' }))
    ).text();
    expect(back).toContain('Unsubscribe');
    expect((await consentsOf(customerId)).map((row) => row.state)).toEqual(['unsubscribed', 'subscribed']);
  });

  test('by a link that was cut off says what to do, and does nothing', async () => {
    const { customerId, link } = await person();
    const cut = link('unsubscribe').slice(0, -4);
    const answer = await get(cut, { accept: 'text/html', 'accept-language': 'es' });
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining('Este enlace no está completo.'),
    ]);
    expect((await post(cut, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }))).status).toBe(404);
    expect(await consentsOf(customerId)).toEqual([]);
  });

  test('of somebody who is not known any more is fine', async () => {
    const { customerId, link } = await person();
    await base.database.inStore(storeId, (tx) => tx.run('DELETE FROM customers WHERE id = $1', [customerId]));
    expect(await (await get(link('unsubscribe'))).text()).toContain('You get no mail from us.');
    expect((await post(link('unsubscribe'), 'List-Unsubscribe=One-Click')).status).toBe(200);
  });
});

test('the page’s own style is the one that its policy lets in', async () => {
  const { link } = await person();
  const answer = await get(link('unsubscribe'));
  const style = /<style>([^]*)<\/style>/.exec(await answer.text())?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(answer.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
});

test('what the shop calls itself is text, not markup', async () => {
  const { link } = await person();
  await base.database.inStore(storeId, (tx) => tx.run(`UPDATE stores SET name = '<img src=x onerror=1>&"'`));
  const page = await (await get(link('unsubscribe'))).text();
  await base.database.inStore(storeId, (tx) => tx.run(`UPDATE stores SET name = 'Café Alba'`));
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=1&gt;&amp;&quot;');
});

test('every answer carries the headers that keep browsers safe', async () => {
  const { link } = await person();
  const answers = await Promise.all([
    get(`${server.url}/healthz`),
    get(`${server.url}/nowhere`),
    get(link('open')),
    get(link('click')),
    get(link('unsubscribe')),
    get(`${server.url}/u/wrong`),
    hook('[]', {}),
  ]);
  for (const { headers } of answers)
    expect({
      policy: headers.get('content-security-policy')?.includes("default-src 'none'"),
      framed: headers.get('content-security-policy')?.includes("frame-ancestors 'none'"),
      sniff: headers.get('x-content-type-options'),
      referrer: headers.get('referrer-policy'),
      cache: headers.get('cache-control'),
      transport: headers.get('strict-transport-security'),
      cookie: headers.get('set-cookie'),
    }).toEqual({
      policy: true,
      framed: true,
      sniff: 'nosniff',
      referrer: 'no-referrer',
      cache: 'no-store',
      transport: 'max-age=31536000',
      cookie: null,
    });
});

test('no request makes it fail', async () => {
  const app = buildHttp(engine, {
    readiness: { draining: () => false, pendingMigrations: () => Promise.resolve([]) },
    hits,
  });
  const { link } = await person();
  const tokens = (['open', 'click', 'unsubscribe', 'preferences'] as const).map((kind) => new URL(link(kind)).pathname);
  const anyPath = fc.oneof(
    fc.webPath(),
    fc
      .tuple(
        fc.constantFrom('/o/', '/c/', '/u/', '/p/', '/webhooks/plain/', `/webhooks/plain/${storeId}`),
        fc.webPath(),
      )
      .map(([a, b]) => a + b.slice(1)),
    fc
      .tuple(fc.constantFrom(...tokens), fc.nat(200), fc.string({ maxLength: 3 }))
      .map(([token, at, text]) => token.slice(0, at) + encodeURIComponent(text) + token.slice(at)),
  );
  await fc.assert(
    fc.asyncProperty(
      anyPath,
      fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'),
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(
        'application/json',
        'multipart/form-data',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        '%%',
      ),
      async (path, method, body, type) => {
        const answer = await app.request(path, {
          method,
          headers: { 'content-type': type, signature: 'right' },
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.from(body) }),
        });
        expect(answer.status).toBeLessThan(500);
      },
    ),
    { seed: 11, numRuns: 400 },
  );
});

test('guessing is slowed down, and who holds a right link never is', async () => {
  const { link } = await person();
  const guesses = await Promise.all(Array.from({ length: 80 }, () => get(`${server.url}/u/wrong`)));
  expect(guesses.filter((answer) => answer.status === 429).length).toBeGreaterThan(10);
  expect((await get(link('unsubscribe'))).status).toBe(200);
});

test('a taken port is one sentence', async () => {
  await expect(
    serveHttp({ fetch: () => new Response() }, { host: '127.0.0.1', port: server.port }),
  ).rejects.toMatchObject({
    code: 'port_taken',
  });
});
