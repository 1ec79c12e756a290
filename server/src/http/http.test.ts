import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import fc from 'fast-check';
import { buildHttp } from './build.ts';
import { serveHttp } from './serve.ts';
import { get, openSite, type Site } from './testing/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite(inject('testServer'));
});
afterAll(() => site.close());

describe('health', () => {
  test('alive, and ready when the database has the newest schema', async () => {
    expect((await get(`${site.server.url}/healthz`)).status).toBe(200);
    const ready = await get(`${site.server.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { process: 'ok', database: 'ok', migrations: 'ok' } },
    ]);
  });

  test('not ready while stopping, or where migrations are missing; alive all the same', async () => {
    site.state.draining = true;
    const stopping = await get(`${site.server.url}/readyz`);
    site.state.draining = false;
    site.state.pending = ['20990101000000_later'];
    const behind = await get(`${site.server.url}/readyz`);
    site.state.pending = [];
    expect([stopping.status, behind.status]).toEqual([503, 503]);
    expect(await behind.json()).toMatchObject({ checks: { migrations: '1 missing' } });
    expect((await get(`${site.server.url}/healthz`)).status).toBe(200);
  });

  test('not ready without a database', async () => {
    const readiness = { draining: () => false, pendingMigrations: () => Promise.reject(new Error('away')) };
    const answer = await buildHttp(site.engine, { readiness, hits: site.hits }).request('/readyz');
    expect([answer.status, await answer.json()]).toMatchObject([503, { checks: { database: 'does not answer' } }]);
  });
});

test('every answer carries the headers that keep browsers safe', async () => {
  const { link } = await site.person();
  const answers = await Promise.all([
    get(`${site.server.url}/healthz`),
    get(`${site.server.url}/nowhere`),
    get(link('open')),
    get(link('click')),
    get(link('unsubscribe')),
    get(`${site.server.url}/u/wrong`),
    site.hook('[]', {}),
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
  const { link } = await site.person();
  const tokens = (['open', 'click', 'unsubscribe', 'preferences'] as const).map((kind) => new URL(link(kind)).pathname);
  const anyPath = fc.oneof(
    fc.webPath(),
    fc
      .tuple(
        fc.constantFrom('/o/', '/c/', '/u/', '/p/', '/webhooks/plain/', `/webhooks/plain/${site.storeId}`),
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
        const answer = await site.app.request(path, {
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
  const { link } = await site.person();
  const guesses = await Promise.all(Array.from({ length: 80 }, () => get(`${site.server.url}/u/wrong`)));
  expect(guesses.filter((answer) => answer.status === 429).length).toBeGreaterThan(10);
  expect((await get(link('unsubscribe'))).status).toBe(200);
});

test('a taken port is one sentence', async () => {
  await expect(
    serveHttp({ fetch: () => new Response() }, { host: '127.0.0.1', port: site.server.port }),
  ).rejects.toMatchObject({
    code: 'port_taken',
  });
});
