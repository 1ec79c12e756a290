import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { get, openSite, post, TARGET, type Site } from '../testing/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite(inject('testServer'));
});
afterAll(() => site.close());

describe('opens and clicks', () => {
  test('are answered at once and recorded after', async () => {
    const { messageId, link } = await site.person();
    const pixel = await get(link('open'));
    expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect((await pixel.arrayBuffer()).byteLength).toBe(42);
    const click = await get(link('click'));
    expect([click.status, click.headers.get('location')]).toEqual([302, TARGET]);
    await site.hits.flush();
    expect(await site.messageOf(messageId)).toMatchObject({
      opened_at: site.engine.clock.now(),
      clicked_at: site.engine.clock.now(),
    });
  });

  test('are answered the same with the framework and without', async () => {
    const { link } = await site.person();
    const address = link('click');
    const quick = await get(address);
    // Without a socket there is only the framework.
    const framed = await site.app.request(address);
    expect(quick.status).toBe(framed.status);
    for (const [name, value] of framed.headers) expect([name, quick.headers.get(name)]).toEqual([name, value]);
    const beside = new Set(['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding']);
    for (const name of quick.headers.keys()) if (!beside.has(name)) expect(framed.headers.has(name)).toBe(true);
  });

  test('of a scanner are no click', async () => {
    const { messageId, link } = await site.person();
    expect((await get(link('click'), {}, 'HEAD')).status).toBe(302);
    await site.hits.flush();
    expect(await site.messageOf(messageId)).toMatchObject({ clicked_at: null });
  });

  test('lead nowhere but where we signed that they lead', async () => {
    const { link } = await site.person();
    const address = link('click');
    const other = Buffer.from('https://evil.example').toString('base64url');
    const [version, , mac] = address.split('/c/')[1]?.split('.') ?? [];
    for (const forged of [
      `${site.server.url}/c/${String(version)}.${other}.${String(mac)}`,
      `${site.server.url}/c/https%3A%2F%2Fevil.example`,
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
    const { customerId, link } = await site.person();
    for (const kind of ['unsubscribe', 'preferences'] as const)
      for (const method of ['GET', 'HEAD']) expect((await get(link(kind), {}, method)).status).toBe(200);
    expect((await get(`${link('unsubscribe')}?List-Unsubscribe=One-Click&action=unsubscribe`)).status).toBe(200);
    expect(await site.consentsOf(customerId)).toEqual([]);
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
    const { customerId, messageId, link } = await site.person();
    const answer = await post(link('unsubscribe'), body());
    expect([answer.status, answer.headers.get('set-cookie'), answer.headers.get('location')]).toEqual([
      200,
      null,
      null,
    ]);
    expect(await site.messageOf(messageId)).toMatchObject({ unsubscribed_at: site.engine.clock.now() });
    site.engine.clock.advance(1000);
    expect((await post(link('unsubscribe'), body())).status).toBe(200);
    expect(await site.consentsOf(customerId)).toEqual([{ state: 'unsubscribed' }]);
  });

  test('by the page, and back again', async () => {
    const { customerId, link } = await site.person('es-ES');
    const page = await (await get(link('preferences'))).text();
    expect(page).toContain('lang="es"');
    expect(page).toContain('Darme de baja');
    expect(page).not.toMatch(/anna\d+@|<script|https?:\/\/(?!shop\.example)/);
    const left = await (
      await post(link('preferences'), new URLSearchParams({ action: 'unsubscribe', lang: 'es' }))
    ).text();
    expect(left).toContain('Baja confirmada.');
    site.engine.clock.advance(1000);
    const back = await (
      await post(link('preferences'), new URLSearchParams({ action: 'resubscribe', lang: 'en' }))
    ).text();
    expect(back).toContain('Unsubscribe');
    expect((await site.consentsOf(customerId)).map((row) => row.state)).toEqual(['unsubscribed', 'subscribed']);
  });

  test('by a link that was cut off says what to do, and does nothing', async () => {
    const { customerId, link } = await site.person();
    const cut = link('unsubscribe').slice(0, -4);
    const answer = await get(cut, { accept: 'text/html', 'accept-language': 'es' });
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining('Este enlace no está completo.'),
    ]);
    expect((await post(cut, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }))).status).toBe(404);
    expect(await site.consentsOf(customerId)).toEqual([]);
  });

  test('of somebody who is not known any more is fine', async () => {
    const { customerId, link } = await site.person();
    await site.sql('DELETE FROM customers WHERE id = $1', [customerId]);
    expect(await (await get(link('unsubscribe'))).text()).toContain('You get no mail from us.');
    expect((await post(link('unsubscribe'), 'List-Unsubscribe=One-Click')).status).toBe(200);
  });
});

test('the page’s own style is the one that its policy lets in', async () => {
  const { link } = await site.person();
  const answer = await get(link('unsubscribe'));
  const style = /<style>([^]*)<\/style>/.exec(await answer.text())?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(answer.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
});

test('what the shop calls itself is text, not markup', async () => {
  const { link } = await site.person();
  await site.sql(`UPDATE stores SET name = '<img src=x onerror=1>&"'`);
  const page = await (await get(link('unsubscribe'))).text();
  await site.sql(`UPDATE stores SET name = 'Café Alba'`);
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=1&gt;&amp;&quot;');
});
