import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readLink } from '@rekindle/core';
import { get, openSite, post, type Site } from '../testing/site.ts';

const DAY = 86_400_000;

let site: Site;
beforeAll(async () => {
  site = await openSite(inject('testServer'));
});
afterAll(() => site.close());

const CHOICE = { topics: 'offers,news,reminders', frequency: 'any', pause: 'none', language: 'en', lang: 'en' };

/** What a browser sends of the form with these boxes ticked. */
function form(ticked: string[], changes: Partial<typeof CHOICE> = {}, action = 'save'): URLSearchParams {
  const fields = new URLSearchParams({ ...CHOICE, ...changes, action });
  for (const topic of ticked) fields.set(`topic:${topic}`, 'on');
  return fields;
}

const ALL = ['offers', 'news', 'reminders'];
const kept = (customerId: string) =>
  site.sql<{ topics_off: string[]; days_between: number | null; paused_until: Date | null; language: string | null }>(
    'SELECT topics_off, days_between, paused_until, language FROM preferences WHERE customer_id = $1 ORDER BY id',
    [customerId],
  );
const text = async (answer: Promise<Response>) => (await answer).text();
const sentences = (page: string) => [...page.matchAll(/<li>([^<]*)<\/li>/g)].map(([, sentence]) => sentence);

test('shows all that can be asked for, ticked as it holds, to whoever has the link and to nobody by name', async () => {
  const { link } = await site.person();
  const answer = await get(link('preferences'));
  const page = await answer.text();
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
  expect(page.match(/type="checkbox"[^>]*checked/g)).toHaveLength(3);
  for (const words of ['Offers and discounts', 'At most one a month', 'No mail for 60 days', 'Español'])
    expect(page).toContain(words);
  expect(page).toMatch(/a•••@customers\.example/);
  expect(page).not.toMatch(/anna\d+@|<script|https?:\/\/(?!shop\.example)/);
  expect(link('preferences')).not.toMatch(/@|anna|example\.com/);
});

test('looking changes nothing, whatever the address says; nor does half a form', async () => {
  const { customerId, link } = await site.person();
  for (const method of ['GET', 'HEAD']) await get(`${link('preferences')}?${form([]).toString()}`, {}, method);
  for (const body of [
    form(ALL, { frequency: '2' }),
    form(ALL, { pause: '365' }),
    form(ALL, { language: 'de' }),
    form(ALL, { topics: 'offers,<script>' }),
    new URLSearchParams({ action: 'save' }),
    new URLSearchParams(),
  ]) {
    const answer = await post(link('preferences'), body);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('nothing was changed')]);
  }
  expect(await kept(customerId)).toEqual([]);
  expect(await site.consentsOf(customerId)).toEqual([]);
});

test('keeps what was asked for, says what holds now, and takes it back', async () => {
  const { customerId, link } = await site.person();
  const page = await text(post(link('preferences'), form(['offers'], { frequency: '30', pause: '90' })));
  const until = new Date(site.engine.clock.now().getTime() + 90 * DAY);
  const day = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    ...(until.getFullYear() === site.engine.clock.now().getFullYear() ? {} : { year: 'numeric' }),
    timeZone: 'Europe/Madrid',
  }).format(until);
  expect(page).toContain('<h1>Saved.</h1>');
  expect(sentences(page)).toEqual([
    'You get mails about: Offers and discounts.',
    'At most one a month.',
    `Paused until ${day}.`,
    'Language of the mails: English.',
  ]);
  const row = { topics_off: ['news', 'reminders'], days_between: 30, paused_until: until, language: null };
  expect(await kept(customerId)).toEqual([row]);
  // The form as it is now; the same again is no change, and the pause runs on.
  const again = await text(get(link('preferences')));
  expect(again.match(/type="checkbox"[^>]*checked/g)).toHaveLength(1);
  expect(again).toContain(`Paused until ${day}`);
  expect(await text(post(link('preferences'), form(['offers'], { frequency: '30', pause: 'keep' })))).toContain(
    'Nothing was changed.',
  );
  const change = /name="change" value="(\d+)"/.exec(page)?.[1] ?? '';
  const undone = await text(post(link('preferences'), new URLSearchParams({ action: 'undo', change, lang: 'en' })));
  expect(undone).toContain('<h1>Taken back.</h1>');
  expect(await kept(customerId)).toEqual([
    row,
    { topics_off: [], days_between: null, paused_until: null, language: null },
  ]);
  // A page that was left open undoes nothing that came after it.
  await post(link('preferences'), form(ALL, { frequency: '7' }));
  await post(link('preferences'), new URLSearchParams({ action: 'undo', change }));
  expect((await kept(customerId)).at(-1)?.days_between).toBe(7);
});

test('a pause that is over is none', async () => {
  const { link } = await site.person();
  await post(link('preferences'), form(ALL, { pause: '30' }));
  site.engine.clock.advance(30 * DAY);
  expect(await text(get(link('preferences')))).not.toContain('Paused until');
});

test('the language of the mails is that of the page, too; another reading language asks for nothing', async () => {
  const { customerId, link } = await site.person('en');
  const read = await text(post(link('preferences'), form(ALL, { lang: 'es' })));
  expect(read).toContain('No ha cambiado nada.');
  const page = await text(post(link('preferences'), form(ALL, { language: 'es' })));
  expect(page).toContain('lang="es"');
  expect(sentences(page)).toContain('Idioma de los correos: Español.');
  expect(await kept(customerId)).toMatchObject([{ language: 'es' }]);
  expect(await text(get(link('unsubscribe')))).toContain('¿Dejar de recibir');
});

test('who wants none of the topics is unsubscribed, and comes back to what she had chosen before', async () => {
  const { customerId, link } = await site.person();
  await post(link('preferences'), form(['news']));
  site.engine.clock.advance(1000);
  expect(await text(post(link('preferences'), form([])))).toContain('You are unsubscribed.');
  expect(await site.consentsOf(customerId)).toEqual([{ state: 'unsubscribed' }]);
  site.engine.clock.advance(1000);
  const back = await text(post(link('preferences'), new URLSearchParams({ action: 'resubscribe' })));
  expect(back.match(/type="checkbox"[^>]*checked/g)).toHaveLength(1);
});

test('whoever does not want to be counted says so here, and may say otherwise later; her mails go on', async () => {
  const { customerId, link } = await site.person();
  const said = () =>
    site.sql<{ state: string }>(
      `SELECT state FROM consents WHERE customer_id = $1 AND channel = 'tracking' ORDER BY id`,
      [customerId],
    );
  expect(await text(get(link('preferences')))).toContain('Do not count me');
  const off = new URLSearchParams({ action: 'do_not_count', lang: 'en' });
  for (const _ of [1, 2]) {
    const page = await text(post(link('preferences'), off));
    expect(page).toContain('Nothing in your mails counts');
    expect(page).toContain('You may count me again');
  }
  expect(await said()).toEqual([{ state: 'unsubscribed' }]);
  site.engine.clock.advance(1000);
  await post(link('preferences'), new URLSearchParams({ action: 'count', lang: 'en' }));
  expect(await said()).toEqual([{ state: 'unsubscribed' }, { state: 'subscribed' }]);
  expect(await text(get(link('unsubscribe')))).toContain('Unsubscribe');
});

test('the unsubscribe page leads here, in its language', async () => {
  const { customerId, link } = await site.person('es-MX');
  const page = await text(get(link('unsubscribe')));
  const token = /href="\/p\/([^"?]+)\?lang=es"/.exec(page)?.[1] ?? '';
  expect(readLink(site.engine.keys, 'preferences', token)).toMatchObject({ customerId });
});

test('a topic that the store made since is on for everybody, and one it took away bothers nobody', async () => {
  const { customerId, link } = await site.person();
  await post(link('preferences'), form(['offers', 'news']));
  const topics = [
    { key: 'offers', en: 'Offers', es: 'Ofertas' },
    { key: 'events', en: 'Tastings <in town>', es: 'Catas' },
  ];
  await site.sql(`UPDATE stores SET settings = jsonb_set(settings, '{topics}', $1::jsonb)`, [JSON.stringify(topics)]);
  const page = await text(get(link('preferences')));
  await post(link('preferences'), form(['offers'], { topics: 'offers,events' }));
  await site.sql(`UPDATE stores SET settings = settings - 'topics'`);
  expect(page.match(/type="checkbox"[^>]*checked/g)).toHaveLength(2);
  expect(page).toContain('Tastings &lt;in town&gt;');
  expect((await kept(customerId)).at(-1)?.topics_off.toSorted()).toEqual(['events', 'reminders']);
});

describe('for years', () => {
  test('the link of a mail from the first version opens the page', async () => {
    const { customerId, messageId, link } = await site.person();
    const token = link('preferences').split('/p/')[1] ?? '';
    const [version, payload] = token.split('.');
    expect(version).toBe('1');
    const ids = [site.storeId, messageId, customerId].join('').replaceAll('-', '');
    expect(Buffer.from(payload ?? '', 'base64url').toString('hex')).toBe(ids);
    site.engine.clock.advance(5 * 365 * DAY);
    expect((await get(link('preferences'))).status).toBe(200);
  });

  test('a link that was cut off, and a mail of somebody who is gone, change nothing and say so', async () => {
    const { customerId, link } = await site.person();
    const cut = await post(link('preferences').slice(0, -3), form(['offers']));
    expect([cut.status, await cut.text()]).toEqual([404, expect.stringContaining('This link is not complete.')]);
    await site.sql('DELETE FROM customers WHERE id = $1', [customerId]);
    expect(await text(post(link('preferences'), form(['offers'])))).toContain('You get no mail from us.');
    expect(await kept(customerId)).toEqual([]);
  });
});
