/**
 * A salesperson opens a contact in HubSpot: the card that the app ships, in HubSpot's own renderer and in a real browser, with
 * calls that HubSpot's side signs, before the real server, whose data came from HubSpot through the real connector.
 */
import { allow, MARKETING, startHubSpotFake, type HubSpotFake } from '@rekindle/connector-hubspot/fake';
import {
  hubSpotAuthorizeUrl,
  hubSpotConnector,
  hubSpotSignIn,
  hubSpotWebhooks,
  verifyHubSpotSignature,
} from '@rekindle/connector-hubspot';
import { connectAccount, credentialsOf, seededRandom, STAGES, type Engine, type StageName } from '@rekindle/core';
import { buildEngine, buildStore, createTestDatabase, drawRepeats, type TestDatabase } from '@rekindle/core/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openCard, type CardCall } from '../hubspot-app/testing/open-card.tsx';
import { buildHttp } from '../server/src/http/build.ts';
import { createHitBuffer, type HitBuffer } from '../server/src/http/public/hits.ts';
import { serveHttp } from '../server/src/http/serve.ts';
import { openBrowser, USER_AGENT } from './browser.ts';
import { TOO_WIDE } from './in-page.ts';

const DAY = 86_400_000;
const PEOPLE = 300;
const LAW = { leaves: 'after_repeats', r: 0.9, alpha: 6, a: 0.8, b: 2.5 } as const;
const REDIRECT = 'https://app.rekindle.example/connect/hubspot/callback';
const VIEWER = { userId: 7, userEmail: 'rep+one@example.com' };
const NOW = new Date();

let base: TestDatabase;
let fake: HubSpotFake;
let engine: Engine;
let hits: HitBuffer;
let server: Awaited<ReturnType<typeof serveHttp>>;
let browser: Browser;
let storeId: string;
/** Bought four times and then no more. */
let lapsed: string;

async function run(...names: StageName[]): Promise<void> {
  for (const name of names) await STAGES[name](engine, storeId);
}

/** What HubSpot's proxy does with a call of the card: it signs it, and sends it to where the app's address leads. */
function carry(url: string, { method, body }: CardCall): Promise<Response> {
  const here = `${server.url}${url.replace(/^https:\/\/[^/]+/, '')}`;
  const signed = fake.cardRequest(here, VIEWER, { ...(method !== undefined && { method }), body });
  return send(signed.url, signed.method, signed.headers, signed.body);
}

function send(url: string, method: string, headers: Record<string, string>, body: Uint8Array): Promise<Response> {
  return fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: Buffer.from(body) }) });
}

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  fake = await startHubSpotFake({ seed: 2 });
  const random = seededRandom(3);
  for (let number = 0; number < PEOPLE; number++) {
    const first = NOW.getTime() - (400 - random.next() * 250) * DAY;
    const weeks = (NOW.getTime() - first) / (7 * DAY);
    const repeats = number === 0 ? [5, 10, 15] : drawRepeats(random, LAW, weeks);
    const contactId = fake.addContact(
      {
        email: `person${String(number)}@customers.example`,
        firstname: 'Anna',
        lastname: `Bell ${String(number)}`,
        hs_legal_basis: 'Freely given consent from contact',
      },
      new Date(first),
    );
    for (const week of [0, ...repeats]) {
      const closedAt = new Date(first + week * 7 * DAY);
      const amount = (30 + random.next() * 60).toFixed(2);
      fake.addDeal({ contactId, amount, closedAt, createdAt: closedAt });
    }
    if (number === 0) lapsed = contactId;
  }
  // What went before the connection, webhooks do not tell.
  fake.webhooks(REDIRECT);
  const own = buildEngine(base.database, { now: NOW });
  storeId = await buildStore(base.database, { name: 'Tea', createdAt: new Date(NOW.getTime() - 500 * DAY) });
  const app = { clientId: fake.clientId, clientSecret: fake.clientSecret, baseUrl: fake.url, clock: own.clock };
  engine = {
    ...own,
    webhooks: { hubspot: hubSpotWebhooks(app) },
    connector: ({ id, settings }) =>
      Promise.resolve(
        hubSpotConnector({ ...app, credentials: credentialsOf(own, { id, storeId }), settings: settings as never }),
      ),
  };
  hits = createHitBuffer(engine);
  const options = {
    readiness: { draining: () => false, pendingMigrations: () => Promise.resolve([]) },
    hits,
    verifyHubSpot: (request: Parameters<typeof verifyHubSpotSignature>[1], now: Date) => {
      verifyHubSpotSignature(fake.clientSecret, request, now);
    },
  };
  // The address that signatures cover is known once it listens.
  const late: { fetch?: (request: Request) => Response | Promise<Response> } = {};
  server = await serveHttp(
    { fetch: (request: Request) => late.fetch?.(request) ?? new Response() },
    {
      host: '127.0.0.1',
      port: 0,
    },
  );
  engine = { ...engine, publicUrl: server.url };
  late.fetch = buildHttp(engine, options).fetch;
  fake.showRecords(server.url);
  const request = { redirectUri: REDIRECT, state: 's' };
  const signedIn = await hubSpotSignIn(app, {
    code: await allow(hubSpotAuthorizeUrl(app, request)),
    redirectUri: REDIRECT,
  });
  await connectAccount(engine, {
    storeId,
    platform: 'hubspot',
    account: signedIn.account,
    credentials: signedIn.tokens,
    settings: signedIn.settings,
    actor: 'user:test',
  });
  await run('ingest', 'scoring', 'segments');
  browser = await openBrowser();
  // Bundled before the first page asks for it, which would not wait so long.
  await (await fetch(`${fake.url}/card.js`)).text();
}, 240_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await hits.close();
  await fake.close();
  await base.drop();
});

describe('the card of a HubSpot contact', () => {
  test('says what Rekindle knows of her, from HubSpot’s own deals', async () => {
    const card = await openCard(lapsed, carry);
    await card.reads('likely to come back');
    expect(card.gauge()).toBeGreaterThanOrEqual(0);
    const read = card.texts();
    for (const title of ['Why', 'Next', 'Last touches', 'Consent']) expect(read).toContain(title);
    expect(card.buttons()).toContain('Do not mail');
  });

  test('teaches of a contact that was not synchronised yet', async () => {
    const card = await openCard('999999', carry);
    await card.reads('Not known yet');
  });

  test('gets nothing for an account that is connected to no store, nor with a signature of somebody else’s', async () => {
    const url = `${server.url}/api/v1/panel?platform=hubspot&externalId=${lapsed}`;
    const forged = await startHubSpotFake({ clientSecret: 'somebody else’s' });
    const foreign = await startHubSpotFake({ clientSecret: fake.clientSecret, portalId: 4712 });
    for (const other of [forged, foreign]) {
      const card = await openCard(lapsed, (_, call) => {
        const signed = other.cardRequest(url, VIEWER, call.method === undefined ? {} : { method: call.method });
        return send(signed.url, signed.method, signed.headers, signed.body);
      });
      await card.reads('This account is not connected');
      await other.close();
    }
  });

  test('is opened on her page in a real browser, and "do not mail" stands in HubSpot after the next push', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, userAgent: USER_AGENT });
    page.setDefaultTimeout(25_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(fake.recordUrl(lapsed));
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await button('Do not mail').click();
    await button('Yes, do not mail').click();
    await button('Yes, do not mail').waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(TOO_WIDE)).toBeLessThanOrEqual(0);
    await page.close();
    expect(complaints).toEqual([]);

    await run('writeback');
    expect(fake.contact(lapsed)).toMatchObject({ [`hs_email_optout_${MARKETING}`]: 'true' });
    const { rekindle_life_stage: stage = '', rekindle_next_action: action = '' } = fake.contact(lapsed) ?? {};
    expect(stage).not.toBe('');
    const card = await openCard(lapsed, carry);
    await card.reads(stage);
    await card.reads(action);
    expect(card.buttons()).not.toContain('Do not mail');
  });

  test('stops for somebody who refuses in HubSpot, before the next pull asks', async () => {
    const other = fake.contacts().find((id) => id !== lapsed) ?? '';
    fake.refuseMail(other);
    await fake.deliverWebhooks(`${server.url}/webhooks/hubspot`, { duplicates: 1, shuffle: true });
    await run('ingest');
    const card = await openCard(other, carry);
    await card.reads('Consent');
    expect(card.buttons()).not.toContain('Do not mail');
  });
});
