/**
 * One person in three places: she looks at a tea in the shop, the salesperson sees it beside her contact in the local Salesforce, and
 * a wish that is heard there holds in Rekindle. The real server, its database and API; the real panel, pixel and their wires.
 */
import { salesforcePreview } from '@rekindle/salesforce-package/preview';
import { startSalesforceFake, type SalesforceFake } from '@rekindle/connector-salesforce/fake';
import { createApiKey, pixelKey } from '@rekindle/core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { startPixel } from '../extensions/rekindle-pixel/src/pixel.ts';
import { openSite, type Site } from '../server/src/http/testing/site.ts';
import { openBrowser, USER_AGENT } from './browser.ts';

const SHOPIFY_NUMBER = '7100';
const PATIENT = { timeout: 20_000 };

let site: Site;
let org: SalesforceFake;
let browser: Browser;
let contact: string;
let customerId: string;

beforeAll(async () => {
  site = await openSite(inject('testServer'));
  org = await startSalesforceFake();
  contact = org.addContact({ lastName: 'Petrova', email: 'anna1@customers.example' });
  ({ customerId } = await site.person());
  for (const [platform, id] of [
    ['salesforce', contact],
    ['shopify', SHOPIFY_NUMBER],
  ])
    await site.sql('INSERT INTO identities (store_id, platform, external_id, customer_id) VALUES ($1, $2, $3, $4)', [
      site.storeId,
      platform,
      id,
      customerId,
    ]);
  await site.sql(
    `INSERT INTO consents (store_id, customer_id, state, basis, at, source)
     VALUES ($1, $2, 'subscribed', 'express', $3, 'shopify')`,
    [site.storeId, customerId, site.engine.clock.now()],
  );
  const { key } = await createApiKey(site.engine, site.storeId, 'Salesforce', 'test');
  const preview = { rekindle: site.server.url, key, readRecord: org.readPerson, path: '/people' };
  org.setPanel(salesforcePreview(preview));
  browser = await openBrowser();
  // Compiled before the first page asks for it, which would not wait so long.
  await (await fetch(`${org.url}/people/panel.js`)).text();
}, 240_000);

afterAll(async () => {
  await browser.close();
  await org.close();
  await site.close();
});

/** She opens a product's page, in a shop that has the pixel. */
async function looksAt(title: string): Promise<void> {
  const heard = new Map<string, (event: unknown) => void>();
  const subscribe = (name: string, callback: (event: never) => void): boolean => {
    heard.set(name, callback as (event: unknown) => void);
    return true;
  };
  startPixel({
    settings: { accountID: pixelKey(site.engine.keys, site.storeId), endpoint: site.server.url },
    analytics: { subscribe },
    customerPrivacy: { subscribe },
    init: {
      data: { customer: { id: SHOPIFY_NUMBER } },
      customerPrivacy: { analyticsProcessingAllowed: true, marketingAllowed: true },
    },
  } as unknown as Parameters<typeof startPixel>[0]);
  const timestamp = site.engine.clock.now().toISOString();
  const data = { productVariant: { product: { title } } };
  heard.get('product_viewed')?.({ id: `sh-${title}`, name: 'product_viewed', timestamp, data });
  await vi.waitFor(async () => {
    expect(await site.sql("SELECT FROM events WHERE source = 'pixel'")).toHaveLength(1);
  }, PATIENT);
}

test('what she does in the shop is seen in the CRM, and what is said there holds', async () => {
  await looksAt('Autumn tea');
  const context = await browser.newContext({ viewport: { width: 400, height: 844 }, userAgent: USER_AGENT });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENT.timeout);
  await page.goto(`${org.url}/people/${contact}`);
  const panel = page.locator('c-rekindle-panel');
  await panel.getByText('Café Alba').waitFor();
  await panel.getByText('Autumn tea').waitFor();
  const mayMail = await panel.locator('[data-id="consent-words"]').innerText();
  await panel.getByRole('button', { name: 'Do not mail' }).click();
  await panel.getByRole('button', { name: 'Stop the mails' }).click();
  await panel.getByText('Done. No more mails go out to').waitFor();
  const stopped = await panel.locator('[data-id="consent-words"]').innerText();
  expect(stopped).not.toBe(mayMail);
  expect((await site.consentsOf(customerId)).at(-1)).toMatchObject({ state: 'unsubscribed' });
  await page.reload();
  await panel.getByText(stopped).waitFor();
  expect(await panel.getByRole('button', { name: 'Do not mail' }).count()).toBe(0);
  await context.close();
});

test('a person of another store’s is nobody here', async () => {
  const stranger = org.addContact({ lastName: 'Stranger', email: 'stranger@example.com' });
  const page = await browser.newPage({ userAgent: USER_AGENT });
  await page.goto(`${org.url}/people/${stranger}`);
  const panel = page.locator('c-rekindle-panel');
  await panel.getByText('Café Alba').waitFor(PATIENT);
  expect(await panel.innerText()).not.toContain('Autumn tea');
  expect(await panel.getByRole('button', { name: 'Do not mail' }).count()).toBe(0);
  await page.close();
});
