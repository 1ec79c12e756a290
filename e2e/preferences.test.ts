/**
 * Whoever gets the mails says what she wants to get: with scripts switched off, on a phone and on a desk, by keyboard alone, by a
 * screen reader's rules, in both languages and in the dark.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openSite, type Site } from '../server/src/http/testing/site.ts';
import { openBrowser, USER_AGENT } from './browser.ts';
import { ACCESSIBILITY_FAULTS, TOO_WIDE } from './in-page.ts';

let site: Site;
let browser: Browser;
let axe: string;

beforeAll(async () => {
  site = await openSite(inject('testServer'));
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}, 240_000);
afterAll(async () => {
  await browser.close();
  await site.close();
});

interface How {
  width: number;
  dark?: boolean;
  /** Default: none, as in a mail program's own window */
  scripts?: boolean;
}

async function open(url: string, { width, dark = false, scripts = false }: How): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    userAgent: USER_AGENT,
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

describe.each([390, 1280])('at %i pixels', (width) => {
  test.each(['en', 'es'])(
    'in %s, without scripts: chooses, sees what holds, takes it back, leaves',
    async (language) => {
      const { customerId, link } = await site.person(language);
      const words = {
        en: [
          'New in the shop',
          'At most one a month',
          'No mail for 60 days',
          'Save',
          'Undo',
          'Unsubscribe from everything',
        ],
        es: [
          'Novedades de la tienda',
          'Como mucho uno al mes',
          'Ningún correo durante 60 días',
          'Guardar',
          'Deshacer',
          'Darme de baja de todo',
        ],
      }[language] as [string, string, string, string, string, string];
      const [news, month, pause, save, undo, leave] = words;
      const page = await open(link('preferences'), { width });
      await page.getByLabel(news).uncheck();
      await page.getByLabel(month).check();
      await page.getByLabel(pause).check();
      await page.getByRole('button', { name: save }).click();
      await page.getByRole('button', { name: undo }).waitFor();
      const kept = await site.sql('SELECT topics_off, days_between FROM preferences WHERE customer_id = $1', [
        customerId,
      ]);
      expect(kept).toEqual([{ topics_off: ['news'], days_between: 30 }]);
      await page.getByRole('button', { name: undo }).click();
      await page.getByRole('link', { name: language === 'en' ? 'Change something else' : 'Cambiar otra cosa' }).click();
      expect(await page.getByLabel(news).isChecked()).toBe(true);
      await page.getByRole('button', { name: leave }).click();
      await page
        .getByRole('heading', { name: language === 'en' ? 'You are unsubscribed.' : 'Baja confirmada.' })
        .waitFor();
      expect(await site.consentsOf(customerId)).toEqual([{ state: 'unsubscribed' }]);
      await page.context().close();
    },
  );

  test.each([false, true])(
    'has no fault by a screen reader’s rules, fits, and loads nothing from elsewhere (dark: %s)',
    async (dark) => {
      const { link } = await site.person('es');
      const context = await browser.newContext({
        viewport: { width, height: 844 },
        colorScheme: dark ? 'dark' : 'light',
      });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).origin));
      const expectGood = async () => {
        await page.evaluate(axe);
        expect(await page.evaluate<string[]>(ACCESSIBILITY_FAULTS)).toEqual([]);
        expect(await page.evaluate<number>(TOO_WIDE)).toBeLessThanOrEqual(0);
      };
      await page.goto(link('preferences'));
      await expectGood();
      await page.getByLabel('Como mucho uno a la semana').check();
      await page.getByRole('button', { name: 'Guardar' }).click();
      await page.getByRole('button', { name: 'Deshacer' }).waitFor();
      await expectGood();
      await page.goto(link('unsubscribe'));
      await expectGood();
      expect(new Set(asked)).toEqual(new Set([site.server.url]));
      await context.close();
    },
  );
});

test('by keyboard alone', async () => {
  const { customerId, link } = await site.person();
  const page = await open(link('preferences'), { width: 390, scripts: true });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  // Three boxes, then a group of radio buttons at a time.
  await press('Tab', 'Space', 'Tab', 'Tab', 'Tab', 'ArrowDown', 'ArrowDown', 'Tab', 'ArrowDown', 'Tab', 'Tab', 'Enter');
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  const kept = await site.sql(
    'SELECT topics_off, days_between, paused_until IS NOT NULL AS paused FROM preferences WHERE customer_id = $1',
    [customerId],
  );
  expect(kept).toEqual([{ topics_off: ['offers'], days_between: 30, paused: true }]);
  await press('Tab', 'Enter');
  await page.getByRole('heading', { name: 'Taken back.' }).waitFor();
  await page.context().close();
});
