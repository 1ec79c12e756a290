/** A merchant reads what a person wrote back and asked for, and says what her mails are about. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { buildEngine, buildPages, createTestDatabase, type TestDatabase } from '@rekindle/core/testing';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { addPreference } from '../core/src/preferences/index.ts';
import { uuidOf } from '../core/src/random.ts';
import { addReply } from '../core/src/replies/index.ts';
import { mountApp } from '../server/src/http/app.ts';
import { openBrowser, USER_AGENT } from './browser.ts';
import { ACCESSIBILITY_FAULTS, TOO_WIDE } from './in-page.ts';
import { buildPagesIfStale } from './pages-build.ts';
import { NOW, stories } from './stories.ts';

const DAY = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);

let files: TestDatabase;
let server: ServerType;
let browser: Browser;
let url: string;
let axe: string;
let storeId: string;
/** Asked where to buy, then for a pause, then for no mail at all. */
let customerId: string;

beforeAll(async () => {
  await buildPagesIfStale();
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildPages(files.database, stories[0] as (typeof stories)[0]);
  const engine = buildEngine(files.database, { now: NOW });
  await files.database.inStore(storeId, async (tx) => {
    const [mail] = await tx.rows<{ messageId: string; customerId: string; campaignId: string }>(
      `SELECT m.id AS "messageId", m.customer_id AS "customerId", m.campaign_id AS "campaignId" FROM messages m
       JOIN customers c ON c.id = m.customer_id WHERE m.state = 'accepted' AND c.email IS NOT NULL ORDER BY m.id LIMIT 1`,
    );
    if (!mail) throw new Error('nobody was mailed');
    ({ customerId } = mail);
    const subject = 'Re: Still thinking of coffee?';
    const text = 'Hello,\n\ndo you still have the one from Sidamo? <b>Ana</b>';
    await addReply(tx, engine.keys, { ...mail, id: uuidOf('r1'), at: daysAgo(3), kind: 'person', subject, text });
    await addReply(tx, engine.keys, {
      ...mail,
      id: uuidOf('r2'),
      at: daysAgo(1),
      kind: 'unsubscribe',
      subject,
      text: 'baja',
    });
    const asked = { topicsOff: ['news'], daysBetween: 30, pausedUntil: daysAgo(-20), language: 'es' };
    await addPreference(tx, { ...asked, customerId, at: daysAgo(2), source: 'public' });
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
  await files.drop();
});

async function open(path: string, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, userAgent: USER_AGENT });
  await context.addCookies([{ name: 'rekindle_store', value: storeId, url }]);
  const page = await context.newPage();
  await page.goto(url + path);
  await page.locator('html[data-awake]').waitFor();
  return page;
}

async function expectGood(page: Page): Promise<void> {
  expect(await page.evaluate<number>(TOO_WIDE)).toBeLessThanOrEqual(0);
  await page.evaluate(axe);
  expect(await page.evaluate<string[]>(ACCESSIBILITY_FAULTS)).toEqual([]);
}

test.each([1280, 390])('what a person wrote and asked for stands on her page, at %i px', async (width) => {
  const page = await open(`/customers/${customerId}`, width);
  await expectGood(page);
  const letter = page.getByText('do you still have the one from Sidamo?');
  expect(await letter.innerText()).toContain('<b>Ana</b>');
  expect(await page.getByRole('link', { name: 'Answer by mail' }).getAttribute('href')).toMatch(
    /^mailto:.*subject=Re%3A%20Still%20thinking/,
  );
  expect(await page.getByText('Taken as “no more mail”').isVisible()).toBe(true);
  for (const wish of [
    'Paused until 5 July.',
    'Asked for at most one mail a month.',
    'Does not want: New in the shop.',
    'Wants mails in Spanish.',
  ])
    expect(await page.getByText(wish).isVisible(), wish).toBe(true);
  await page.context().close();
});

test.each([1280, 390])(
  'a topic is added, with a name in each language, and another taken away, at %i px',
  async (width) => {
    const page = await open('/settings', width);
    const topics = () =>
      files.database.inStore(storeId, async (tx) => {
        const [row] = await tx.rows<{ keys: string[] | null }>(
          `SELECT ARRAY(SELECT t ->> 'key' FROM jsonb_array_elements(settings -> 'topics') t) AS keys FROM stores`,
        );
        return row?.keys;
      });
    await page.getByRole('button', { name: 'Add a topic' }).click();
    const place = String(await page.getByRole('button', { name: /^Remove/ }).count());
    await page.getByLabel(`In English ${place}`).fill('Tastings');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Every topic needs a name in both languages.').first().waitFor();
    await expectGood(page);
    await page.getByLabel(`In Spanish ${place}`).fill('Catas');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. Campaigns').waitFor();
    expect(await topics()).toContain('topic-4');
    await page.getByRole('button', { name: 'Remove Tastings' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(topics, { timeout: 20_000 }).not.toContain('topic-4');
    await page.context().close();
  },
);
