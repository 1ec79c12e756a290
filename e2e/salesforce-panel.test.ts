/**
 * A salesperson opens a contact in Salesforce: the real component in a real browser at a record page's width, and Rekindle over real
 * HTTP. Only what stands between them, Salesforce itself, is played.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { salesforcePreview, type PreviewRecord } from '@rekindle/salesforce-package/preview';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBrowser, USER_AGENT } from './browser.ts';
import { ACCESSIBILITY_FAULTS, FOCUSED, TOO_WIDE } from './in-page.ts';
import { ANNA, startRekindle, type Rekindle } from './salesforce-panel.ts';

const KEY = 'rk_live_the-key-of-one-store';
const ON_RECORD: PreviewRecord = {
  objectApiName: 'Contact',
  name: 'Anna Petrova',
  fields: {
    HasOptedOutOfEmail: false,
    Rekindle_Chance_To_Return__c: 41,
    Rekindle_Life_Stage__c: 'Slipping away',
    Rekindle_Reasons__c: '51 days since her last order; usually 38.\nHer last basket was smaller.',
    Rekindle_Next_Action__c: 'Wait for two weeks.',
    Rekindle_Scored_At__c: '2026-11-04T05:00:00.000Z',
  },
};

let browser: Browser;
let salesforce: ServerType;
let url: string;
let rekindle: Rekindle;
let axe: string;

beforeAll(async () => {
  rekindle = await startRekindle(KEY);
  const preview = salesforcePreview({
    rekindle: rekindle.url,
    key: KEY,
    readRecord: (recordId) => Promise.resolve(recordId.startsWith('003') ? ON_RECORD : null),
    path: '/salesforce',
  });
  salesforce = createAdaptorServer({ fetch: preview });
  await new Promise<void>((resolve) => salesforce.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((salesforce.address() as AddressInfo).port)}/salesforce/003000000000001AAA`;
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Compiled before the first page asks for it, which would not wait so long.
  await (await fetch(new URL('panel.js', url))).text();
}, 240_000);

afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => salesforce.close(resolve));
  await rekindle.stop();
});

let page: Page;
let complaints: string[];

beforeEach(async () => {
  rekindle.reset();
  complaints = [];
  const context = await browser.newContext({
    viewport: { width: 400, height: 844 },
    userAgent: USER_AGENT,
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
  });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterEach(async () => {
  await page.context().close();
});

const panel = () => page.locator('c-rekindle-panel');

async function see(words: string): Promise<void> {
  await panel().getByText(words).first().waitFor();
}

async function faults(): Promise<unknown> {
  await page.evaluate(axe);
  return page.evaluate(ACCESSIBILITY_FAULTS);
}

describe('beside the contact', () => {
  test('stands what Rekindle says: chance, value, reasons, next action, touches, consent, why nothing goes out', async () => {
    await page.goto(url);
    await see(ANNA.headline);
    const said = await panel().innerText();
    for (const words of [
      ANNA.store.name,
      ANNA.value,
      ANNA.nextOrder,
      ...ANNA.reasons,
      ANNA.nextAction.words,
      ...ANNA.touches.map((touch) => touch.words),
      ANNA.consent.words,
      ANNA.heldBack,
    ])
      expect(said).toContain(words);
    expect(rekindle.asked).toEqual(['GET 003000000000001AAA']);
    expect(await page.evaluate(TOO_WIDE)).toBeLessThanOrEqual(0);
    expect(await faults()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('stands nothing of the key: it stays on the servers', async () => {
    await page.goto(url);
    await see(ANNA.headline);
    const script = await (await fetch(new URL('panel.js', url))).text();
    expect((await page.content()) + script).not.toContain(KEY);
  });

  test('stands what the record holds until Rekindle answers', async () => {
    const answer = rekindle.hold();
    await page.goto(url);
    await see('51 days since her last order; usually 38.');
    await see('As last written to this record, on Nov 4, 2026.');
    expect(await faults()).toEqual([]);
    answer();
    await see(ANNA.headline);
    expect(await panel().innerText()).not.toContain('51 days since');
  });

  test('stands a sentence where Rekindle does not answer, and asking again helps', async () => {
    rekindle.fail(503);
    await page.goto(url);
    await see('Rekindle does not answer at the moment.');
    await see('Whether mails are allowed is not known before Rekindle answers.');
    rekindle.fail(401);
    await panel().getByRole('button', { name: 'Ask again' }).click();
    await see('Rekindle does not accept this organisation’s key.');
    expect(await faults()).toEqual([]);
    rekindle.reset();
    await panel().getByRole('button', { name: 'Ask again' }).click();
    await see(ANNA.headline);
  });
});

describe('do not mail, by keyboard alone', () => {
  test('asks first, can be left, and then stops the mails', async () => {
    await page.goto(url);
    await see(ANNA.headline);
    const button = panel().getByRole('button', { name: 'Do not mail' });
    await button.focus();
    await page.keyboard.press('Enter');
    await see('Stop all mails to Anna Petrova?');
    await page.keyboard.press('Escape');
    await button.waitFor();
    expect(rekindle.asked).toEqual(['GET 003000000000001AAA']);
    await page.keyboard.press('Enter');
    await see('Stop all mails to Anna Petrova?');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUSED)).toMatchObject({ text: 'Stop the mails', seen: true });
    expect(await faults()).toEqual([]);
    await page.keyboard.press('Enter');
    await see('Do not mail: asked for on 24 November 2026.');
    expect(rekindle.asked).toEqual(['GET 003000000000001AAA', 'POST 003000000000001AAA']);
    expect(await panel().getByRole('button', { name: 'Do not mail' }).count()).toBe(0);
    expect(await panel().getByRole('status').innerText()).toBe('Done. No more mails go out to Anna Petrova.');
    expect(complaints).toEqual([]);
  });
});
