/** A person walks through every page, with a mouse, a keyboard and a screen reader's rules, on a desk and on a phone. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import {
  buildEngine,
  buildPages,
  campaignId,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { runStage } from '@rekindle/core/jobs';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { mountApp } from '../server/src/http/app.ts';
import { openBrowser, USER_AGENT } from './browser.ts';
import { ACCESSIBILITY_FAULTS, FOCUSED, LAYOUT_SHIFT, ROW_LINKS, TOO_WIDE } from './in-page.ts';
import { buildPagesIfStale } from './pages-build.ts';
import { openJourneys } from './open-journeys.ts';
import { NOW, stories } from './stories.ts';

let files: TestDatabase;
let engine: TestEngine;
let server: ServerType;
let browser: Browser;
let url: string;
let axe: string;
const stores = new Map<string, string>();
/** The journey that is on, by store */
const journeys = new Map<string, string>();

beforeAll(async () => {
  await buildPagesIfStale();
  files = await createTestDatabase(inject('testServer'));
  for (const story of stories) stores.set(story.name, await buildPages(files.database, story));
  engine = buildEngine(files.database, { now: NOW });
  // What no story writes by itself: findings, a forecast and reports, by the stages that make them.
  for (const name of ['Kaffa Roasters', 'Librería de la Plaza'])
    for (const stage of ['insights', 'reports'] as const) await runStage(engine, storeId(name), stage);
  for (const name of ['Kaffa Roasters', 'Librería de la Plaza'])
    journeys.set(storeId(name), await openJourneys(engine, storeId(name)));
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
  await files.drop();
});

/** How long a page may take to show what was asked for, before a test gives up. */
const PATIENT = { timeout: 20_000 };

interface Visit {
  page: Page;
  /** What the browser complained about */
  complaints: string[];
  go(path: string): Promise<void>;
  leave(): Promise<void>;
}

async function visit(store: string, width: number): Promise<Visit> {
  // axe is put in by the test; the pages' own policy would keep it out.
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    userAgent: USER_AGENT,
    locale: 'en-US',
    timezoneId: 'America/Los_Angeles',
  });
  await context.addCookies([{ name: 'rekindle_store', value: storeId(store), url }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    page,
    complaints,
    async go(path) {
      await page.goto(url + path);
      await awake(page);
    },
    leave: () => context.close(),
  };
}

/** The page answers to clicks, and its chart, where it has one, is drawn. */
async function awake(page: Page): Promise<void> {
  await page.locator('html[data-awake]').waitFor();
  if ((await page.locator('.rk-drawing').count()) > 0) await page.locator('.recharts-surface').first().waitFor();
}

function storeId(name: string): string {
  const id = stores.get(name);
  if (id === undefined) throw new Error(`no store ${name}`);
  return id;
}

async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated, not loaded as a script: the pages' own policy stays as it is.
  await page.evaluate(axe);
  return page.evaluate<string[]>(ACCESSIBILITY_FAULTS);
}

async function expectGood({ page, complaints }: Visit, where: string): Promise<void> {
  expect(complaints, where).toEqual([]);
  expect(await page.getByText('These customers are simulated.').isVisible(), where).toBe(true);
  expect(await page.evaluate<number>(TOO_WIDE), `${where} is too wide`).toBeLessThanOrEqual(0);
  expect(await page.locator('h1').count(), where).toBe(1);
  expect(await page.evaluate<number>(LAYOUT_SHIFT), `${where} moves`).toBeLessThan(0.02);
  expect(await accessibilityFaults(page), where).toEqual([]);
}

describe.each([1280, 390])('at %i px', (width) => {
  test.each(stories.map((story) => [story.name, story] as const))('%s: every page', async (name, story) => {
    const here = await visit(name, width);
    const campaigns = (story.campaigns ?? []).map((one) => `/campaigns/${campaignId(storeId(name), one.name)}`);
    // The same for every store: looked at in the first one.
    const once = story === stories[0] ? ['/customers?view=all&sort=silence', '/customers?search=zzz', '/settings'] : [];
    for (const path of [
      '/',
      '/customers',
      '/campaigns',
      '/journeys',
      ...(journeys.has(storeId(name)) ? [`/journeys/${journeys.get(storeId(name)) ?? ''}`] : []),
      '/insights',
      '/reports',
      '/models',
      '/connections',
      ...campaigns,
      ...once,
    ]) {
      await here.go(path);
      await expectGood(here, `${name} ${path}`);
    }
    if (story.customers > 0) {
      await here.go('/customers?view=all');
      await here.page.locator('table a').first().click();
      await here.page.waitForURL(/customers\/[0-9a-f-]{36}$/);
      await here.page.getByRole('heading', { name: 'Permission to mail' }).waitFor();
      await expectGood(here, `${name}, one customer`);
    }
    await here.leave();
  });
});

test('findings are read and put away; a report is read, and taken along as CSV and as PDF', async () => {
  const here = await visit('Kaffa Roasters', 390);
  await here.go('/insights');
  const titles = here.page.locator('h2');
  const before = await titles.count();
  expect(before).toBeGreaterThan(3);
  await expectGood(here, 'findings');
  const known = await titles.first().innerText();
  await here.page.getByRole('button', { name: `I know this: ${known}` }).click();
  await here.page.getByText('Put away. It comes back only with news.').waitFor(PATIENT);
  await here.page.getByRole('heading', { name: known }).waitFor({ ...PATIENT, state: 'detached' });
  expect(await titles.count()).toBe(before - 1);

  await here.go('/reports');
  await here.page.locator('main li a').first().click();
  await here.page.waitForURL(/reports\/[0-9a-f-]{36}$/);
  await here.page.getByRole('heading', { name: 'What came in' }).waitFor();
  await expectGood(here, 'a report');
  const revenue = await here.page.locator('tr', { hasText: 'Revenue' }).first().locator('td').first().innerText();
  const path = new URL(here.page.url()).pathname;
  const take = (kind: string) => here.page.request.get(`${url}${path}/${kind}`);
  const csv = await (await take('csv')).text();
  expect(csv).toContain('What came in,Revenue,');
  expect(csv).toContain(revenue);
  const pdf = await take('pdf');
  expect(pdf.headers()['content-type']).toBe('application/pdf');
  expect(pdf.headers()['content-disposition']).toMatch(/^attachment; filename="rekindle-[a-z0-9-]+\.pdf"$/);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await here.leave();
});

test('a store that reads Spanish reads its findings, its reports and its forecasts in Spanish', async () => {
  const here = await visit('Librería de la Plaza', 390);
  for (const [path, title] of [
    ['/insights', 'Hallazgos'],
    ['/reports', 'Informes'],
    ['/models', '¿Se cumplen las predicciones?'],
    ['/journeys', 'Recorridos'],
  ] as const) {
    await here.go(path);
    await expectGood(here, `${path} in Spanish`);
    expect(await here.page.getByRole('heading', { level: 1 }).innerText()).toBe(title);
    const spoken = here.page.locator('main [lang=es]').first();
    expect(await spoken.innerText()).not.toMatch(/\b(the|of|with|mails?|customers?|weeks?|orders?|people)\b/i);
  }
  await here.go('/insights');
  await here.page.getByRole('button', { name: /^Ya lo sé: / }).first().click(); // prettier-ignore
  await here.page.getByText('Apartado. Solo vuelve si hay novedades.').waitFor(PATIENT);
  await here.go('/reports');
  await here.page.locator('main li a').first().click();
  await here.page.getByRole('heading', { name: 'Lo que entró' }).waitFor(PATIENT);
  await expectGood(here, 'a report in Spanish');
  await here.leave();
});

test.each([1280, 390])(
  'groups that are not what was drawn are shouted, and no figure is praised, at %i px',
  async (width) => {
    const here = await visit('Waiting Books', width);
    await here.go(`/campaigns/${campaignId(storeId('Waiting Books'), 'Win back customers, 2 January 2026')}`);
    await expectGood(here, 'a broken draw');
    const banner = here.page.getByRole('alert').filter({ hasText: 'The two groups are not what was drawn' });
    await banner.waitFor(PATIENT);
    const words = (await banner.innerText()).replaceAll('\u00a0', ' ');
    expect(words).toMatch(/Do not use the figures of this campaign\. \d+ people were mailed and \d+ people held back/);
    expect(words).toMatch(/the draw makes it 80% and 20%: by chance that happens less than once in 500,000 campaigns/);
    expect(await here.page.locator('.rk-answer').innerText()).toMatch(/cannot be trusted/);
    const page = await here.page.locator('main').innerText();
    expect(page).not.toMatch(/[\d,]+ more than|What it brought|whatever differs/);
    await here.go('/');
    expect(await here.page.locator('.rk-note').innerText()).toMatch(/^1 campaign is left out of it/);
    await here.leave();
  },
);

test('the overview answers with numbers and their interval', async () => {
  const here = await visit('Kaffa Roasters', 1280);
  await here.go('/');
  const answer = await here.page.locator('.rk-answer').innerText();
  expect(answer.replaceAll('\u00a0', ' ')).toMatch(
    /^Mails since 1 Mar brought € [\d,]+ more than no mail would have \(between € [\d,]+ and € [\d,]+\)\.$/,
  );
  expect(await here.page.locator('.recharts-surface').count()).toBe(1);
  expect(await here.page.getByRole('img', { name: /^Mails since/ }).count()).toBe(1);
  await here.page.getByText('See the numbers').click();
  // Sixty days of the campaign, and today's look at the journey.
  expect(
    await here.page
      .getByRole('region', { name: /day by day/ })
      .locator('tbody tr')
      .count(),
  ).toBe(61);
  await here.leave();
});

test('customers: views, search and paging', async () => {
  const here = await visit('Kaffa Roasters', 1280);
  const { page } = here;
  await here.go('/customers?view=all');
  const names = page.locator('tbody th a');
  expect(await names.count()).toBe(50);
  const seen = new Set(await hrefs(page));
  for (;;) {
    const next = page.getByRole('link', { name: 'Next 50' });
    if ((await next.count()) === 0) break;
    const [first] = await hrefs(page);
    await next.click();
    await expect.poll(async () => (await hrefs(page))[0], PATIENT).not.toBe(first);
    for (const href of await hrefs(page)) {
      expect(seen.has(href)).toBe(false);
      seen.add(href);
    }
  }
  expect(seen.size).toBe(460);
  await page.getByRole('searchbox').fill('MARIA de los ángeles g');
  await page.keyboard.press('Enter');
  await expect.poll(() => names.allInnerTexts(), PATIENT).toEqual([expect.stringMatching(/^María de los Ángeles/)]);
  await page.getByRole('searchbox').fill('10007');
  await page.keyboard.press('Enter');
  await expect.poll(() => names.count(), PATIENT).toBe(1);
  expect(here.complaints).toEqual([]);
  await here.leave();
});

function hrefs(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(ROW_LINKS);
}

test('a campaign is approved only after it was said to how many, when and how to stop it', async () => {
  const here = await visit('Kaffa Roasters', 390);
  const { page } = here;
  const id = campaignId(storeId('Kaffa Roasters'), 'Win back customers, 14 June 2026');
  const second = await page.context().newPage();
  await second.goto(`${url}/campaigns/${id}`);
  await awake(second);
  await here.go(`/campaigns/${id}`);
  const frames = page.locator('iframe');
  expect(await frames.count()).toBe(2);
  expect(await frames.first().getAttribute('sandbox')).toBe('');
  expect(await page.frameLocator('iframe').first().getByText('Hello Ana,').count()).toBe(1);

  await page.getByRole('button', { name: 'Approve and send' }).click();
  const dialogue = page.getByRole('dialog');
  await dialogue.getByText(/people get this mail from today until 22 Jun/).waitFor();
  await dialogue.getByText(/pause or cancel on this page at any time/).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialogue.waitFor({ state: 'detached' });
  expect(await stateOf(id)).toBe('awaiting_approval');

  await page.getByRole('button', { name: 'Approve and send' }).click();
  await dialogue.getByRole('button', { name: /^Send to \d+ people$/ }).click();
  await page.getByText('Approved. The first mails leave').waitFor();
  await page.getByRole('heading', { level: 1 }).getByText('Sending').waitFor();
  expect(await stateOf(id)).toBe('running');

  // Another window still shows the old page: it is told, and nothing happens twice.
  await second.getByRole('button', { name: 'Approve and send' }).click();
  await second
    .getByRole('dialog')
    .getByRole('button', { name: /^Send to/ })
    .click();
  await second.getByText(/Nothing was changed\./).waitFor();

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialogue.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('Paused. No mail leaves').waitFor();
  expect(await stateOf(id)).toBe('paused');
  expect(here.complaints).toEqual([]);
  await here.leave();
});

test('a journey is switched on only after it was said to how many and how to stop it; its steps, edges and ways out have numbers', async () => {
  const here = await visit('Kaffa Roasters', 390);
  const { page } = here;
  await here.go('/journeys');
  expect(await page.locator('.rk-answer').innerText()).toMatch(/^1 on, \d+ people inside\.$/);
  const rows = page.locator('main li');
  expect(await rows.count()).toBe(3);
  await rows.filter({ hasText: 'The second order never came' }).getByText('would come in now').waitFor();

  await here.go(`/journeys/${journeys.get(storeId('Kaffa Roasters')) ?? ''}`);
  const steps = page.getByRole('list', { name: 'The way through' }).locator('> li');
  expect(await steps.count()).toBe(9);
  const flow = await steps.allInnerTexts();
  const count = (text: string | undefined, pattern: RegExp): number =>
    Number(pattern.exec((text ?? '').replaceAll(',', ''))?.[1] ?? Number.NaN);
  // What comes to a step stands there, leaves there, or goes on.
  const mailed = count(flow[0], /(\d+) (?:people|person) get the mails/);
  const [sent, onward] = [count(flow[1], /(\d+) sent/), count(flow[1], /(\d+) (?:people|person) went on/)];
  expect(sent).toBe(onward);
  expect(mailed - onward).toBe(count(flow[1], /(\d+) (?:people|person) here now/));
  expect(flow[3]).toMatch(/Clicked a mail meanwhile\?[^]*Left here[^]*Clicked, needs no more/);
  expect(flow[8]).toMatch(/came to the end/);
  expect(await page.locator('iframe').count()).toBe(6);

  await here.go('/journeys');
  await page.getByRole('link', { name: 'The second order never came' }).click();
  await page.getByRole('button', { name: 'Switch on' }).click();
  const dialogue = page.getByRole('dialog');
  await dialogue.getByText(/get the first mail in the days that come, and about/).waitFor();
  await dialogue.getByText(/pause or stop it on this page at any time/).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialogue.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Switch on' }).click();
  await dialogue.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Switched on. The first people come in').waitFor(PATIENT);
  const id = page.url().split('/').at(-1) ?? '';
  expect(await stateOf(id)).toBe('running');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialogue.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('Paused. No mail leaves').waitFor(PATIENT);
  expect(await stateOf(id)).toBe('paused');
  await page.getByRole('button', { name: 'Stop for good' }).click();
  await dialogue.getByRole('button', { name: 'Stop for good' }).click();
  await page.getByText('Stopped. No further mail').waitFor(PATIENT);
  expect(await stateOf(id)).toBe('cancelled');
  expect(here.complaints).toEqual([]);
  await here.leave();
});

async function stateOf(id: string): Promise<string | undefined> {
  const rows = await files.database.inStore(storeId('Kaffa Roasters'), (tx) =>
    tx.rows<{ state: string }>('SELECT state FROM campaigns WHERE id = $1', [id]),
  );
  return rows[0]?.state;
}

test('a setting is saved, a wrong one is refused in words, and unsaved ones are not lost by leaving', async () => {
  const here = await visit('Waiting Books', 1280);
  const { page } = here;
  await here.go('/settings');
  await page.getByLabel('At most').fill('99');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('A whole number from 1 to 50.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('At most').fill('3');
  await page.getByText('Nobody gets more than 3 mails in 7 days').waitFor();
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.getByLabel('Offer', { exact: true }).selectOption('amount');
  await page.getByLabel('How much', { exact: true }).fill('4.50');
  await page.getByLabel('Code', { exact: true }).fill('BACK');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(/^Saved\./).waitFor();
  await page.reload();
  await awake(page);
  expect(await page.getByLabel('At most').inputValue()).toBe('3');
  expect(await page.getByLabel('How much', { exact: true }).inputValue()).toBe('4.5');
  const [row] = await files.database.inStore(storeId('Waiting Books'), (tx) =>
    tx.rows<{ settings: { offer: unknown } }>('SELECT settings FROM stores WHERE id = $1', [tx.storeId]),
  );
  expect(row?.settings.offer).toEqual({ kind: 'amount', value: 450, code: 'BACK' });
  expect(here.complaints).toEqual([]);
  await here.leave();
});

test('everything can be reached by keyboard, and the focus is seen', async () => {
  const here = await visit('Kaffa Roasters', 1280);
  const { page } = here;
  await here.go('/');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ text: 'Skip to content', seen: true });
  await page.keyboard.press('Enter');
  const names: string[] = [];
  await here.go('/');
  for (;;) {
    await page.keyboard.press('Tab');
    const { text, tag, seen } = await focused(page);
    if (tag === 'BODY') break;
    names.push(text);
    expect(seen, `${tag} ${text} shows no focus`).toBe(true);
  }
  expect(names).toEqual(
    expect.arrayContaining(['Overview', 'Customers', 'Campaigns', 'Settings', 'See the numbers', 'Open the campaign']),
  );
  await page.getByRole('link', { name: 'Customers', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/customers/);
  await expect.poll(async () => (await focused(page)).id, PATIENT).toBe('content');
  await page.locator('tbody th a').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/customers\/[0-9a-f-]{36}/);
  expect(here.complaints).toEqual([]);
  await here.leave();
});

function focused(page: Page) {
  return page.evaluate<{ id: string; tag: string; text: string; seen: boolean }>(FOCUSED);
}

test('a switch of the store stays, and only to stores there are', async () => {
  const here = await visit('Kaffa Roasters', 1280);
  await here.go('/campaigns');
  await here.page.getByLabel('Store').selectOption({ label: 'Waiting Books' });
  await here.page.getByRole('button', { name: 'Switch' }).click();
  await here.page.getByText('Win back customers, 25 April 2026').waitFor();
  expect(new URL(here.page.url()).pathname).toBe('/campaigns');
  await here.leave();
});

test('what is not there, and what is not allowed, is said in words', async () => {
  const here = await visit('Kaffa Roasters', 390);
  const answer = await here.page.goto(`${url}/customers/00000000-0000-4000-8000-000000000000`);
  expect(answer?.status()).toBe(404);
  await here.page.getByText('There is no such customer in this store.').waitFor();
  expect(await here.page.getByRole('link', { name: 'Overview', exact: true }).count()).toBe(1);
  expect((await here.page.goto(`${url}/nothing/here`))?.status()).toBe(404);
  await here.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await here.leave();
  // Another store's customer does not exist for this one.
  const foreign = await fetch(
    `${url}/campaigns/${campaignId(storeId('Waiting Books'), 'Win back customers, 25 April 2026')}`,
  );
  expect(foreign.status).toBe(404);
});

test('the stand-alone frame answers on this machine only, and to its own forms only', async () => {
  const body = new URLSearchParams({ step: 'cancel' });
  const id = campaignId(storeId('Kaffa Roasters'), 'Win back customers, 14 June 2026');
  const before = await stateOf(id);
  for (const headers of [{ Origin: 'https://elsewhere.example' }, { Origin: 'null' }, {}]) {
    const answer = await fetch(`${url}/campaigns/${id}`, { method: 'POST', body, headers });
    expect(answer.status).toBe(403);
  }
  expect(await stateOf(id)).toBe(before);
  const page = await fetch(url);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(page.headers.get('cache-control')).toBe('no-store');
  const asset = /\/assets\/[\w.-]+\.js/.exec(await page.text())?.[0] ?? '';
  const script = await fetch(url + asset);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect((await fetch(`${url}/assets/..%2f..%2fserver%2findex.js`)).status).toBe(404);
  expect(engine.lines.filter((line) => line.startsWith('error'))).toEqual([]);
});
