/** A merchant proves her domain, reads what mailboxes say of her mails, and watches a campaign being sent. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake, type SendGridFake } from '@rekindle/connector-sendgrid/fake';
import {
  buildEngine,
  buildPages,
  campaignId,
  createTestDatabase,
  type PagesStory,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { Hono } from 'hono';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, inject, test } from 'vitest';
import { openDns } from '../server/src/dns.ts';
import { mountApp } from '../server/src/http/app.ts';
import { startDnsServer, type DnsServer } from '../server/src/http/testing/dns-server.ts';
import { openBrowser, USER_AGENT } from './browser.ts';
import { ACCESSIBILITY_FAULTS, FOCUSED, LAYOUT_SHIFT, TOO_WIDE } from './in-page.ts';
import { buildPagesIfStale } from './pages-build.ts';
import { NOW } from './stories.ts';

const RUNNING = 'Win back customers, 11 June 2026';
const DRAFT = 'Win back customers, 14 June 2026';
const story = (name: string, language: string): PagesStory => ({
  name,
  now: NOW,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  customers: 460,
  language,
  campaigns: [
    { state: 'running', name: RUNNING, plannedAt: new Date('2026-06-11T09:00:00Z'), looks: 0 },
    { state: 'awaiting_approval', name: DRAFT, plannedAt: new Date('2026-06-14T09:00:00Z'), looks: 0 },
  ],
});

let files: TestDatabase;
let engine: TestEngine;
let provider: SendGridFake;
let dns: DnsServer;
let server: ServerType;
let browser: Browser;
let url: string;
let axe: string;
const stores: Record<string, string> = {};

beforeAll(async () => {
  await buildPagesIfStale();
  files = await createTestDatabase(inject('testServer'));
  for (const [name, language] of [
    ['Proving Teas', 'en'],
    ['Tés Puros', 'es-ES'],
    ['Sending Teas', 'en'],
  ] as const)
    stores[name] = await buildPages(files.database, story(name, language));
  provider = await startSendGridFake();
  dns = await startDnsServer();
  const own = openDns({ servers: [dns.address], timeoutMs: 500 });
  provider.domains.setDns(own);
  engine = buildEngine(files.database, {
    now: NOW,
    email: sendGrid({ apiKey: provider.apiKey, baseUrl: provider.url }),
    dns: own,
  });
  const app = new Hono();
  mountApp(app, engine);
  server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}, 240_000);

afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
  await dns.close();
  await provider.close();
  await files.drop();
});

let context: BrowserContext;
let page: Page;
let complaints: string[];
beforeEach(async () => {
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    userAgent: USER_AGENT,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterEach(() => context.close());

const storeId = (name: string): string => stores[name] ?? '';
const sql = (store: string, text: string, values: unknown[] = []) =>
  files.database.inStore(storeId(store), (tx) => tx.run(text, values));

async function go(store: string, path: string): Promise<void> {
  await context.addCookies([{ name: 'rekindle_store', value: storeId(store), url }]);
  await page.goto(url + path);
  await page.locator('html[data-awake]').waitFor();
  expect(await page.evaluate<number>(LAYOUT_SHIFT), `${path} moves`).toBeLessThan(0.05);
}

/** On a desk and on a phone: nothing too wide, nothing that axe complains about. */
async function expectGood(where: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
    expect(await page.evaluate<number>(TOO_WIDE), `${where} is too wide at ${String(width)}`).toBeLessThanOrEqual(0);
    await page.evaluate(axe);
    expect(await page.evaluate<string[]>(ACCESSIBILITY_FAULTS), `${where} at ${String(width)}`).toEqual([]);
    await keepPicture(`${where}-${String(width)}`);
  }
  expect(complaints, where).toEqual([]);
}

/** For whoever wants to look: REKINDLE_PICTURES names a folder. */
async function keepPicture(name: string): Promise<void> {
  const folder = process.env['REKINDLE_PICTURES'];
  if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\w-]+/g, '-')}.png`, fullPage: true });
}

/** What the page says is to be written into the DNS. */
async function recordsOnPage() {
  const records = page.locator('.rk-record');
  const found = [];
  for (let place = 0; place < (await records.count()); place++) {
    const record = records.nth(place);
    const type = (await record.locator('dd').first().innerText()).trim();
    const [host = '', value = ''] = await record.locator('code').allInnerTexts();
    found.push({ type: type as 'CNAME' | 'TXT', host, value });
  }
  return found;
}

describe('the sending domain', () => {
  test('is proven with what the page says, and nothing is sent before', async () => {
    const shop = 'Proving Teas';
    const campaign = `/campaigns/${campaignId(storeId(shop), DRAFT)}`;
    await go(shop, '/deliverability/domain');
    await page.getByText('shop.example has not been checked yet').waitFor();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('SendGrid does not know shop.example yet').waitFor();
    await expectGood('domain, not known to the provider');

    await go(shop, campaign);
    await page.getByText('The sending domain does not pass').waitFor();
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Send to/ })
      .click();
    await page.getByText(/SendGrid does not know the domain yet. Nothing can be sent before/).waitFor();

    await page.getByRole('link', { name: 'See what is missing' }).first().click();
    await page.getByRole('button', { name: 'Add it at SendGrid' }).click();
    await page.getByRole('heading', { name: 'SPF' }).waitFor();
    await expectGood('domain, nothing set');
    const records = await recordsOnPage();
    expect(records.map((record) => record.type)).toEqual(['CNAME', 'CNAME', 'CNAME', 'TXT']);

    // Written down as it stands there, one of them wrong at first.
    const [spf] = records;
    dns.zone = [
      ...records.map((one) => (one.host.startsWith('s2') ? { ...one, value: 's2.old-provider.example' } : one)),
      { type: 'TXT', host: spf?.value ?? '', value: 'v=spf1 ip4:192.0.2.1 -all' },
    ];
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Something else is there. There now: s2.old-provider.example').waitFor();
    await page.getByText('No mail leaves from shop.example: DKIM does not pass.').waitFor();
    await expectGood('domain, one record wrong');

    dns.zone = dns.zone.map((one) => records.find((record) => record.host === one.host) ?? one);
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Mails from shop.example pass SPF, DKIM and DMARC.').waitFor();
    await expectGood('domain, passes');

    await go(shop, campaign);
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Send to/ })
      .click();
    await page.getByText('Approved. The first mails leave').waitFor();
    expect(await page.getByText('The sending domain does not pass').count()).toBe(0);
  }, 120_000);

  test('is copied and checked with the keyboard alone', async () => {
    await go('Proving Teas', '/deliverability/domain');
    const copy = page.getByRole('button', { name: /^Copy: CNAME/ }).first();
    await copy.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUSED)).toMatchObject({ tag: 'BUTTON', seen: true });
    await page.keyboard.press('Enter');
    await page.getByText('Copied').waitFor();
    const host = await page.locator('.rk-record code').first().innerText();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(host);
    await page.getByRole('button', { name: 'Check again' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Checked just now.').waitFor();
  }, 60_000);

  test('of a mailbox provider is refused, another one has to pass anew', async () => {
    await go('Proving Teas', '/deliverability/domain');
    await page.getByRole('textbox', { name: 'Address' }).fill('teas@gmail.com');
    await page.getByRole('button', { name: 'Save address' }).click();
    await page.getByText('Use an address of your own domain. Nothing was changed.').waitFor();
    await page.getByRole('textbox', { name: 'Address' }).fill('hello@news.shop.example');
    await page.getByRole('button', { name: 'Save address' }).click();
    await page.getByText('SendGrid does not know news.shop.example yet').waitFor();
    await page.getByRole('textbox', { name: 'Address' }).fill('hello@shop.example');
    await page.getByRole('button', { name: 'Save address' }).click();
    await page.getByText('Mails from shop.example pass').waitFor();
  }, 60_000);

  test('is told of in Spanish, in a Spanish shop', async () => {
    await sql('Tés Puros', `UPDATE stores SET sender_email = 'hola@puros.example' WHERE id = $1`, [
      storeId('Tés Puros'),
    ]);
    provider.domains.add('puros.example');
    await go('Tés Puros', '/deliverability/domain');
    await page.getByRole('button', { name: 'Comprobar de nuevo' }).click();
    await page.getByText('No sale ningún correo de puros.example: SPF, DKIM y DMARC no pasan.').waitFor();
    expect(await page.locator('[lang="es"] h1').innerText()).toContain('Dominio de envío');
    await expectGood('domain, Spanish');
  }, 60_000);
});

describe('deliverability', () => {
  test('is empty before mails go out, and says what will be there', async () => {
    await sql('Tés Puros', `UPDATE messages SET accepted_at = NULL`);
    await go('Tés Puros', '/deliverability');
    await page.getByText('Aquí estará lo que los buzones dicen de tus correos').waitFor();
    await expectGood('deliverability, empty');
  }, 60_000);

  test('is told by mailbox provider, against the bounds, with what to do', async () => {
    const shop = 'Sending Teas';
    await sql(
      shop,
      `UPDATE customers SET email = 'p' || key || CASE WHEN abs(hashtext(key)) % 2 = 0 THEN '@gmail.com' ELSE '@hotmail.es' END WHERE email IS NOT NULL`,
    );
    const event = (kind: string, detail: object, few: number, skip: number) =>
      sql(
        shop,
        `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id, customer_id, agent, detail)
         SELECT store_id, 'sendgrid', $1 || id, $1, accepted_at + interval '1 hour', id, customer_id, 'unknown', $2
         FROM messages WHERE accepted_at IS NOT NULL ORDER BY id OFFSET $4 LIMIT $3`,
        [kind, JSON.stringify(detail), few, skip],
      );
    await event('complaint', {}, 4, 0);
    await sql(
      shop,
      `UPDATE messages m SET complained_at = e.at FROM events e WHERE e.message_id = m.id AND e.kind = 'complaint'`,
    );
    await event('bounce', { permanent: true, reason: '550 5.1.1 no such user' }, 3, 10);
    await event('deferred', { reason: '421 4.7.0 try later' }, 5, 20);
    await go(shop, '/deliverability');
    await page.getByText(/Mailboxes are about to refuse your mails/).waitFor();
    await page.getByRole('row', { name: /Gmail/ }).waitFor();
    await page.getByText('There is no such address.').waitFor();
    await page.getByText('Write to fewer people').waitFor();
    await page.locator('.recharts-surface').first().waitFor();
    await expectGood('deliverability');
    await page.getByRole('link', { name: '7 days' }).click();
    await page.getByText(/in 7 days/).waitFor();
    await page.getByText('See the numbers').click();
    await page.getByRole('region', { name: /Share of the mails of each day/ }).waitFor();
  }, 90_000);
});

describe('a campaign that is being sent', () => {
  test('is followed without a reload, paused and resumed', async () => {
    const shop = 'Sending Teas';
    const id = campaignId(storeId(shop), RUNNING);
    await sql(shop, `UPDATE stores SET sender_email = 'hello@sending.example' WHERE id = $1`, [storeId(shop)]);
    await go(shop, `/campaigns/${id}`);
    await page.getByRole('link', { name: 'Follow the sending' }).click();
    await page.getByText('No mail leaves at the moment').waitFor();
    await expectGood('sending, held back');

    await sql(shop, `UPDATE domain_checks SET state = 'passes', holds = false`);
    await sql(
      shop,
      `INSERT INTO domain_checks (store_id, domain, provider, state, holds, report, checked_at, passed_at, next_check_at)
       VALUES ($1, 'sending.example', 'sendgrid', 'passes', false, '{"rows": []}', $2, $2, $2)
       ON CONFLICT (store_id) DO UPDATE SET domain = 'sending.example', state = 'passes', holds = false`,
      [storeId(shop), NOW],
    );
    const before = await page.locator('.rk-answer').innerText();
    await sql(
      shop,
      `UPDATE messages SET state = 'accepted', accepted_at = $1::timestamptz - interval '3 minutes'
       WHERE id IN (SELECT id FROM messages WHERE campaign_id = $2 AND state = 'scheduled' ORDER BY id LIMIT 12)`,
      [NOW, id],
    );
    engine.clock.advance(4000);
    // Nobody touches the page.
    await page
      .getByText(/mails are out\.$/)
      .and(page.locator('.rk-answer'))
      .waitFor();
    await expect.poll(() => page.locator('.rk-answer').innerText(), { timeout: 20_000 }).not.toBe(before);
    expect(await page.getByText('No mail leaves at the moment').count()).toBe(0);
    await page.getByText('4.0 a minute').waitFor();
    await expectGood('sending');

    await page.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Paused. No mail leaves until you resume.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect(
      (
        await files.database.inStore(storeId(shop), (tx) => tx.rows('SELECT state FROM campaigns WHERE id = $1', [id]))
      )[0],
    ).toEqual({ state: 'paused' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Resumed. Mails leave at their hours again.').waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  }, 90_000);

  test('says why mails are stopped, lets them go on, and shows what a new domain still allows', async () => {
    const shop = 'Sending Teas';
    const id = campaignId(storeId(shop), RUNNING);
    await sql(shop, `UPDATE stores SET settings = settings || '{"warmUp": true, "hourlyLimit": 600}' WHERE id = $1`, [
      storeId(shop),
    ]);
    await sql(
      shop,
      `INSERT INTO sending_states (store_id, state, reason, since) VALUES ($1, 'stopped', $2, $3)
       ON CONFLICT (store_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = excluded.since`,
      [storeId(shop), JSON.stringify({ cause: 'complaints', count: 9, sent: 2400, bound: 0.003 }), NOW],
    );
    await sql(
      shop,
      `INSERT INTO mailbox_paces (store_id, mailbox, per_second, ceiling, stepped_at, tokens, refilled_at)
       VALUES ($1, 'gmail', 0.5, 1, $2, 0, $2)`,
      [storeId(shop), NOW],
    );
    await go(shop, `/campaigns/${id}/sending`);
    await page.getByText('9 people called a mail spam, of 2,400 mails in the last seven days: 0.38 %').waitFor();
    await page.getByText('Day 1', { exact: true }).waitFor();
    await page.getByText('600 an hour').waitFor();
    await page.getByText('To Gmail').waitFor();
    await expectGood('sending, stopped');
    await page.getByRole('button', { name: 'Let mails go on' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByText('Mails are stopped').count(), { timeout: 20_000 }).toBe(0);
    const [state] = await files.database.inStore(storeId(shop), (tx) =>
      tx.rows('SELECT state, reason FROM sending_states WHERE store_id = $1', [storeId(shop)]),
    );
    expect(state).toEqual({ state: 'normal', reason: null });
  }, 90_000);

  test('is told of in Spanish', async () => {
    const id = campaignId(storeId('Tés Puros'), RUNNING);
    await go('Tés Puros', `/campaigns/${id}/sending`);
    await page.getByText('Ahora no sale ningún correo').waitFor();
    await page.getByRole('button', { name: 'Pausar' }).waitFor();
    await expectGood('sending, Spanish');
  }, 60_000);
});
