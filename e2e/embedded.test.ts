/**
 * A merchant meets Rekindle inside the Shopify admin, in a real browser and over TLS: she installs it, sees her shop's history
 * come in, works in it, removes it and comes back. Shopify is played (connectors/shopify/fake); App Bridge with it.
 */
import { readFile } from 'node:fs/promises';
import { adminSchema, seedShop } from '@rekindle/connector-shopify/fake';
import { findStoreOfAccount, type Database } from '@rekindle/core';
import { runStage } from '@rekindle/core/jobs';
import { buildEngine, createTestDatabase, type TestDatabase } from '@rekindle/core/testing';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { APP, APP_URL, openStage, USER, type Stage } from './admin-stage.ts';
import { openBrowser } from './browser.ts';
import { TOO_WIDE } from './in-page.ts';
import { buildPagesIfStale } from './pages-build.ts';

const KAFFA = 'kaffa.myshopify.com';
const TEAS = 'teas.myshopify.com';
const HOST = Buffer.from('admin.shopify.com/store/kaffa').toString('base64');
const EVIL = 'https://rekindle.example/?embedded=1&shop=kaffa.myshopify.com';
const DAY = 86_400_000;
/** How long a page may take to show what was asked for, before a test gives up. */
const PATIENT = { timeout: 60_000 };

// Two pages, each of which may take its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

/** Why nothing is tried here: Shopify's schema is fetched once, and here it is neither kept nor to be had. */
const missing = await adminSchema().then(
  () => undefined,
  (error: unknown) => `skipped: ${error instanceof Error ? error.message : String(error)}`,
);

let files: TestDatabase;
let stage: Stage;
let browser: Browser;

interface Visit {
  page: Page;
  app: FrameLocator;
  complaints: string[];
  context: BrowserContext;
}

/** Opens the app as the admin shows it. */
async function visit(shop: string, path = '', width = 1280): Promise<Visit> {
  const context = await stage.visit(browser, width);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(stage.admin.addressOf(shop) + path);
  return { page, app: page.frameLocator('iframe'), complaints, context };
}

const heading = (app: FrameLocator, name: string | RegExp) => app.getByRole('heading', { level: 1, name });

async function storeOf(database: Database, shop: string): Promise<string> {
  const id = await findStoreOfAccount({ database }, { platform: 'shopify', account: shop });
  if (id === undefined) throw new Error(`no store of ${shop}`);
  return id;
}

const connectionOf = (storeId: string) =>
  files.database.inStore(storeId, (tx) =>
    tx.rows<{ state: string; sealed: boolean }>(
      'SELECT state, credentials IS NOT NULL AS sealed FROM connections WHERE store_id = $1',
      [storeId],
    ),
  );

const customersOf = (storeId: string) =>
  files.database.inStore(
    storeId,
    async (tx) => (await tx.rows('SELECT id FROM customers WHERE store_id = $1', [storeId])).length,
  );

describe.skipIf(missing !== undefined)(missing ?? 'inside the Shopify admin', () => {
  beforeAll(async () => {
    await buildPagesIfStale();
    files = await createTestDatabase(inject('testServer'));
    stage = await openStage({
      databaseUrl: files.ownerUrl,
      shops: [
        { domain: KAFFA, name: 'Kaffa Roasters', granted: false },
        { domain: TEAS, name: 'Teas of Lisbon', currency: 'EUR', timeZone: 'Europe/Lisbon', granted: false },
        { domain: 'unknown.myshopify.com', granted: false },
      ],
      others: { 'evil.example': `<!doctype html><title>Win a prize</title><iframe name="app" src="${EVIL}"></iframe>` },
    });
    const [from, to] = [new Date(Date.now() - 500 * DAY), new Date(Date.now() - DAY)];
    seedShop(stage.fake.shop(KAFFA), { seed: 1, customers: 400, orders: 2000, from, to });
    seedShop(stage.fake.shop(TEAS), { seed: 2, customers: 40, orders: 150, from, to });
    browser = await openBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await stage.close();
    await files.drop();
  });

  test('she installs it, sees how far her history has come, and then her overview', async () => {
    const here = await visit('kaffa');
    await here.page.getByRole('heading', { name: 'Install Rekindle?' }).waitFor();
    const letOn = stage.hold(() => stage.fake.asked.filter((name) => name === 'StartBulk').length >= 2);
    await here.page.getByRole('button', { name: 'Install' }).click();
    const { app } = here;
    await heading(app, 'Overview').waitFor(PATIENT);
    await app.getByText(/^Your shop’s history is coming in: \d\d\s%, .* left\.$/).waitFor(PATIENT);
    await app.getByText(/ customers and [\d,]+ orders? so far\. You can leave this page/).waitFor(PATIENT);
    expect(await app.getByRole('progressbar').count()).toBe(1);
    letOn();
    // Nobody loads the page again: it looks by itself.
    await app.getByRole('heading', { name: 'Customers by life stage' }).waitFor(PATIENT);
    await app
      .getByText(/slipping away/)
      .first()
      .waitFor(PATIENT);
    expect(here.complaints).toEqual([]);
    expect(stage.admin.refused).toEqual([]);

    const storeId = await storeOf(files.database, KAFFA);
    expect(await customersOf(storeId)).toBe(400);
    expect(await connectionOf(storeId)).toEqual([{ state: 'connected', sealed: true }]);
    // The shop tells what happens there, and its pixel runs for this store.
    const { subscriptions, pixel } = stage.fake.shop(KAFFA).state;
    expect(new Set([...subscriptions.values()].map(({ uri }) => uri))).toEqual(
      new Set([`${APP_URL}/webhooks/shopify`]),
    );
    expect(pixel?.settings).toMatchObject({ endpoint: APP_URL });
    expect(pixel?.settings['accountID']).toContain(storeId);
    await here.context.close();
  });

  test('pages change inside the frame, the admin’s address follows, and a copied link opens the same page', async () => {
    const here = await visit('kaffa');
    const { app, page } = here;
    await heading(app, 'Overview').waitFor(PATIENT);
    await page.getByRole('navigation').getByRole('link', { name: 'Customers', exact: true }).click();
    await heading(app, 'Customers').waitFor(PATIENT);
    await page.waitForURL(/\/store\/kaffa\/apps\/rekindle\/customers$/);
    await app.getByRole('link', { name: /^Active/ }).click();
    await page.waitForURL(/\/apps\/rekindle\/customers\?view=active$/);
    // Nothing is fetched ahead without a token, and so nothing is refused.
    await app.locator('tbody a').first().hover();
    await app.locator('tbody a').first().click();
    await app.getByRole('heading', { name: 'Permission to mail' }).waitFor(PATIENT);
    await page.waitForURL(/\/apps\/rekindle\/customers\/[0-9a-f-]{36}$/);
    // One document all along: the frame was never loaded anew.
    expect(await app.locator('html').evaluate('performance.getEntriesByType("navigation").length')).toBe(1);
    const name = await app.getByRole('heading', { level: 1 }).innerText();

    const again = await here.context.newPage();
    await again.goto(page.url());
    await again.frameLocator('iframe').getByRole('heading', { level: 1, name }).waitFor(PATIENT);
    expect(here.complaints).toEqual([]);
    await here.context.close();
  });

  test('a form is sent with her session token, and the log says who she is', async () => {
    const here = await visit('kaffa', '/settings');
    const { app } = here;
    await app.locator('input[name=capMessages]').fill('3', PATIENT);
    const sent = here.page.waitForRequest((asked) => asked.method() === 'POST' && asked.url().includes('/settings'));
    await app.getByRole('button', { name: 'Save', exact: true }).click();
    expect((await sent).headers()['authorization']).toMatch(/^Bearer ey/);
    await app.getByText(/^Saved\./).waitFor(PATIENT);
    const storeId = await storeOf(files.database, KAFFA);
    const noted = await files.database.inStore(storeId, (tx) =>
      tx.rows('SELECT actor FROM audit_entries WHERE store_id = $1 AND action = $2', [storeId, 'settings.changed']),
    );
    expect(noted).toEqual([{ actor: `user:${USER}` }]);
    expect(here.complaints).toEqual([]);
    await here.context.close();
  });

  // The played shop stands in Spain, and reads Spanish.
  test('a report is taken along as CSV and as PDF: each carries her token, and what comes is the file', async () => {
    const storeId = await storeOf(files.database, KAFFA);
    const engine = buildEngine(files.database, { now: new Date() });
    await runStage(engine, storeId, 'reports');
    const here = await visit('kaffa', '/reports');
    await here.app.locator('html[data-awake]').waitFor(PATIENT);
    await here.app.locator('.rk-campaigns li a').first().click(PATIENT);
    await here.app.getByRole('button', { name: 'CSV', exact: true }).waitFor(PATIENT);
    await here.app.locator('html[data-awake]').waitFor(PATIENT);
    for (const [kind, begins] of [['CSV', 'apartado,cifra,valor,antes,en palabras'], ['PDF', '%PDF-']] as const) {
      const asked = here.page.waitForRequest((one) => one.url().endsWith(`/${kind.toLowerCase()}`));
      const taken = here.page.waitForEvent('download');
      await here.app.getByRole('button', { name: kind, exact: true }).click();
      expect((await asked).headers()['authorization']).toMatch(/^Bearer ey/);
      const file = await taken;
      expect(file.suggestedFilename()).toMatch(new RegExp(`^rekindle-(?:week|month)-[a-z0-9-]+\\.${kind.toLowerCase()}$`));
      expect((await readFile(await file.path(), 'latin1')).slice(0, begins.length)).toBe(begins);
    } // prettier-ignore
    expect(here.complaints).toEqual([]);
    // Whoever has no token gets the file by no address.
    const path = new URL(here.page.url()).pathname.replace('/store/kaffa/apps/rekindle', '');
    const bare = await stage.ask(`${path}/csv?embedded=1&host=${HOST}&shop=${KAFFA}`);
    expect([bare.status, bare.body.includes('apartado,cifra')]).toEqual([302, false]);
    await here.context.close();
  });

  test('a page without a token comes back by the bounce page', async () => {
    const here = await visit('kaffa');
    await heading(here.app, 'Overview').waitFor(PATIENT);
    const bounced = here.page.waitForRequest(/\/auth\/session-token\?/);
    await here.app.locator('html').evaluate(`location.assign('/customers?embedded=1&shop=${KAFFA}&host=${HOST}')`);
    await bounced;
    await heading(here.app, 'Customers').waitFor(PATIENT);
    await here.context.close();
  });

  test('what is not there is said in words, in the frame, and one finds back', async () => {
    const here = await visit('kaffa', '/nothing/here');
    await heading(here.app, 'There is nothing at this address').waitFor(PATIENT);
    await here.app.getByRole('link', { name: 'Go to the overview' }).click();
    await heading(here.app, 'Overview').waitFor(PATIENT);
    await here.context.close();
  });

  test('a second shop sees its own store and nothing of the first', async () => {
    const here = await visit('teas');
    await here.page.getByRole('button', { name: 'Install' }).click();
    await here.app.getByRole('heading', { name: 'Customers by life stage' }).waitFor(PATIENT);
    const [mine, theirs] = [await storeOf(files.database, TEAS), await storeOf(files.database, KAFFA)];
    expect(mine).not.toBe(theirs);
    expect([await customersOf(mine), await customersOf(theirs)]).toEqual([40, 400]);
    const [someone] = await files.database.inStore(theirs, (tx) =>
      tx.rows<{ id: string }>('SELECT id FROM customers WHERE store_id = $1 ORDER BY id LIMIT 1', [theirs]),
    );
    await here.page.goto(`${stage.admin.addressOf('teas')}/customers/${String(someone?.id)}`);
    await here.app.getByText('There is no such customer in this store.').waitFor(PATIENT);
    await here.context.close();
  });

  test('first pages at once make one store, one connection and one token that is good', async () => {
    stage.fake.shop('unknown.myshopify.com').install();
    const asked = Array.from({ length: 6 }, () =>
      stage.ask('/', { headers: { Authorization: `Bearer ${stage.token({ shop: 'unknown.myshopify.com' })}` } }),
    );
    expect((await Promise.all(asked)).map((answer) => answer.status)).toEqual(Array(6).fill(200));
    const storeId = await storeOf(files.database, 'unknown.myshopify.com');
    expect(await connectionOf(storeId)).toMatchObject([{ sealed: true }]);
  });

  describe('who has no good token', () => {
    test.each([
      ['garbage', () => 'garbage'],
      ['another key', () => stage.token({ apiSecret: 'shpss_another' })],
      ['another app', () => stage.token({ apiKey: 'another' })],
      ['expired', () => stage.token({ now: new Date(Date.now() - DAY) })],
      ['alg none', () => stage.token({ algorithm: 'none' })],
    ])('gets nothing (%s)', async (_, forged) => {
      const token = forged();
      const document = await stage.ask(`/?embedded=1&host=${HOST}&shop=${KAFFA}&id_token=${token}`);
      expect(document.status).toBe(302);
      expect(document.headers.location).toMatch(/^\/auth\/session-token\?/);
      const data = await stage.ask('/_root.data', { headers: { Authorization: `Bearer ${token}` } });
      expect([data.status, data.body]).toEqual([401, '']);
      expect(data.headers['x-shopify-retry-invalid-session-request']).toBe('1');
    });

    test('a token of the other shop opens nothing that is addressed to this one', async () => {
      const token = stage.token({ shop: TEAS });
      const answer = await stage.ask(`/?embedded=1&host=${HOST}&shop=${KAFFA}&id_token=${token}`);
      expect(answer.status).toBe(401);
      expect(answer.body).not.toContain('Kaffa');
    });
  });

  test('every page, found or not, may be framed by its own shop’s admin and by nobody else', async () => {
    for (const shop of [KAFFA, TEAS, 'unknown.myshopify.com'])
      for (const path of [
        '/',
        '/customers',
        '/campaigns',
        '/settings',
        '/customers/x',
        '/nothing',
        '/auth/session-token',
      ]) {
        const host = Buffer.from(`admin.shopify.com/store/${shop.replace('.myshopify.com', '')}`).toString('base64');
        const answer = await stage.ask(
          `${path}?embedded=1&shop=${shop}&host=${host}&id_token=${stage.token({ shop })}`,
        );
        const policy = String(answer.headers['content-security-policy']);
        expect(policy, path).toContain(`frame-ancestors https://${shop} https://admin.shopify.com`);
        expect(policy, path).not.toContain('unsafe-eval');
        expect(answer.headers['x-frame-options'], path).toBeUndefined();
        expect(answer.headers['x-content-type-options'], path).toBe('nosniff');
      }
    const login = await stage.ask('/auth/login');
    expect(login.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('another site cannot put it into a frame', async () => {
    const context = await stage.visit(browser, 1280);
    const page = await context.newPage();
    const told = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto('https://evil.example/');
    await told;
    expect(page.frames().map((frame) => frame.url())).toEqual([
      'https://evil.example/',
      'chrome-error://chromewebdata/',
    ]);
    await context.close();
  });

  test.each([1280, 390])('at %i px every page fits into the frame', async (width) => {
    const here = await visit('kaffa', '', width);
    for (const [path, name] of [
      ['', 'Overview'],
      ['/customers', 'Customers'],
      ['/campaigns', 'Campaigns'],
      ['/settings', 'Settings'],
    ] as const) {
      await here.page.goto(stage.admin.addressOf('kaffa') + path);
      await heading(here.app, name).waitFor(PATIENT);
      await here.app.locator('html[data-awake]').waitFor(PATIENT);
      const frame = here.page.frames()[1];
      expect(await frame?.evaluate<number>(TOO_WIDE), `${name} is too wide`).toBeLessThanOrEqual(0);
    }
    expect(here.complaints).toEqual([]);
    await here.context.close();
  });

  describe('what Shopify tells', () => {
    test('is taken with a good signature and refused with a bad one', async () => {
      const webhook = stage.fake.signed({
        shop: KAFFA,
        topic: 'bulk_operations/finish',
        payload: { status: 'completed' },
      });
      const post = (headers: Record<string, string>) =>
        stage.ask('/webhooks/shopify', { method: 'POST', headers, body: webhook.body });
      expect((await post(webhook.headers)).status).toBe(200);
      expect((await post({ ...webhook.headers, 'x-shopify-hmac-sha256': APP.apiSecret })).status).toBe(401);
    });

    test('removing the app ends the connection and forgets the tokens; coming back finds everything', async () => {
      const storeId = await storeOf(files.database, KAFFA);
      const here = await visit('kaffa');
      await here.page.getByRole('link', { name: 'Apps', exact: true }).click();
      await here.page.getByRole('button', { name: 'Uninstall' }).click();
      await here.page.getByText('Rekindle: not installed').waitFor(PATIENT);
      expect(await stage.tell('app/uninstalled')).toEqual([200]);
      expect(await connectionOf(storeId)).toEqual([{ state: 'disconnected', sealed: false }]);
      expect(await customersOf(storeId)).toBe(400);

      stage.fake.shop(KAFFA).addCustomer({ email: 'new@example.com', createdAt: new Date() });
      await here.page.getByRole('button', { name: 'Install' }).click();
      await here.page.getByText('Rekindle').first().click();
      await here.app.getByRole('heading', { name: 'Customers by life stage' }).waitFor(PATIENT);
      expect(await storeOf(files.database, KAFFA)).toBe(storeId);
      await expect.poll(() => connectionOf(storeId), PATIENT).toEqual([{ state: 'connected', sealed: true }]);
      await expect.poll(() => customersOf(storeId), PATIENT).toBe(401);
      await here.context.close();
    });
  });
});
