/**
 * The whole cycle over the three platforms, each its strict stand-in, asked by the real connectors over real HTTP: one person buys
 * in the shop, is known in both CRMs, lapses, is scored once and stands with the same words in all three, is written to and comes
 * back; and "do not mail" said in one of them is obeyed before the next send.
 */
import {
  approveCampaign,
  connectAccount,
  openAccount,
  readConfig,
  readPanel,
  runCycle,
  seededRandom,
  STAGES,
  wallClock,
  type StageName,
} from '@rekindle/core';
import { hubSpotAuthorizeUrl, hubSpotSignIn } from '@rekindle/connector-hubspot';
import { startHubSpotFake, type HubSpotFake } from '@rekindle/connector-hubspot/fake';
import { startSalesforceFake, type SalesforceFake } from '@rekindle/connector-salesforce/fake';
import { shopifySignIn } from '@rekindle/connector-shopify';
import { startShopifyFake, type FakeShop, type ShopifyFake } from '@rekindle/connector-shopify/fake';
import {
  createTestDatabase,
  drawRepeats,
  fakeClock,
  TEST_SECRET,
  type BuyingLaw,
  type FakeClock,
  type TestDatabase,
} from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openSurroundings, type Surroundings } from '../server/src/demo/surroundings.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DOMAIN = 'kaffa.myshopify.com';
const APP_URL = 'https://app.rekindle.example';

let files: TestDatabase;
let clock: FakeClock;
let shopify: ShopifyFake;
let shop: FakeShop;
let hubspot: HubSpotFake;
let salesforce: SalesforceFake;
let around: Surroundings;
let storeId: string;
/** One person by what each platform calls her */
const ann = { shop: 0, hubspot: '', salesforce: '' };
const bob = { shop: 0, hubspot: '', salesforce: '' };

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  // Tokens and signatures are held against real time: the story begins now.
  clock = fakeClock(wallClock.now());
  [shopify, hubspot, salesforce] = await Promise.all([
    startShopifyFake({ clock, shops: [{ domain: DOMAIN, name: 'Kaffa' }] }),
    startHubSpotFake({ clock }),
    startSalesforceFake({ clock }),
  ]);
  shop = shopify.shop(DOMAIN);
  around = await openSurroundings({
    database: files.database,
    seed: 'platforms',
    clock,
    config: {
      ...readConfig({}),
      APP_SECRET: TEST_SECRET,
      SHOPIFY_API_KEY: shopify.app.apiKey,
      SHOPIFY_API_SECRET: shopify.app.apiSecret,
      SHOPIFY_APP_URL: APP_URL,
      SHOPIFY_URL: shopify.url,
      HUBSPOT_CLIENT_ID: hubspot.clientId,
      HUBSPOT_CLIENT_SECRET: hubspot.clientSecret,
      HUBSPOT_URL: hubspot.url,
      SALESFORCE_CLIENT_ID: salesforce.clientId,
      SALESFORCE_PRIVATE_KEY: salesforce.privateKey,
      SALESFORCE_LOGIN_URL: salesforce.url,
    },
  });
  liveInTheShop();
  storeId = await connectAll();
  around.listenFor(storeId);
}, 120_000);

afterAll(async () => {
  await around.close();
  await Promise.all([shopify.close(), hubspot.close(), salesforce.close()]);
  await files.drop();
});

/** Buys every five weeks or so; one in four leaves after each purchase. */
const LAW: BuyingLaw = { leaves: 'after_repeats', r: 2, alpha: 10, a: 1, b: 3 };
const WEEK = 7 * DAY;
const PEOPLE = 260;

/** Two years of a shop. Ann and Bob are two of those who bought often and have not for a while. */
function liveInTheShop(): void {
  const now = clock.now().getTime();
  const random = seededRandom('platforms');
  const silent: number[] = [];
  for (let number = 0; number < PEOPLE; number++) {
    const weeks = 40 + random.next() * 60;
    const bought = [0, ...drawRepeats(random, LAW, weeks)];
    const one = shop.addCustomer({
      email: `buyer${String(number)}@mail.example`,
      firstName: `Buyer${String(number)}`,
      lastName: 'Sample',
      country: 'US',
      consent: 'SUBSCRIBED',
      createdAt: new Date(now - weeks * WEEK),
    });
    for (const week of bought)
      shop.placeOrder({
        customerId: one.id,
        items: [{ title: 'Guatemala beans', price: 1000 + Math.floor(random.next() * 5000) }],
        at: new Date(now - (weeks - week) * WEEK),
      });
    const silence = weeks - (bought.at(-1) ?? 0);
    if (bought.length >= 6 && silence > 13 && silence < 24) silent.push(one.id);
  }
  [ann.shop = 0, bob.shop = 0] = silent;
  shop.changeCustomer(ann.shop, {
    email: 'ann@mail.example',
    firstName: 'Ann',
    lastName: 'Núñez',
    phone: '+34612345678',
  });
  shop.changeCustomer(bob.shop, { email: 'bob@mail.example', firstName: 'Bob', lastName: 'Ames' });
  ann.hubspot = hubspot.addContact({ email: 'Ann@Mail.example', firstname: 'Ann', lastname: 'Nunez' });
  // Known there by her phone alone.
  ann.salesforce = salesforce.addContact({ firstName: 'Ann', lastName: 'Nuñez', phone: '0034 612 345 678' });
  bob.hubspot = hubspot.addContact({ email: 'bob@mail.example', firstname: 'Bob', lastname: 'Ames' });
  bob.salesforce = salesforce.addContact({ firstName: 'Bob', lastName: 'Ames', email: 'bob@mail.example' });
}

/** As an administrator does it on each platform. */
async function connectAll(): Promise<string> {
  const { engine } = around;
  const actor = 'user:7';
  const app = { ...shopify.app, url: APP_URL };
  const tokens = await shopifySignIn({ app, clock: wallClock, baseUrl: shopify.url }, DOMAIN, shop.sessionToken());
  const opened = await openAccount(
    engine,
    { platform: 'shopify', account: DOMAIN, credentials: tokens, settings: { shop: DOMAIN }, actor },
    {
      name: 'Kaffa',
      currency: 'EUR',
      timeZone: 'Europe/Madrid',
      country: 'ES',
      language: 'en',
      website: 'https://kaffa.example',
      senderEmail: 'hello@kaffa.example',
      postalAddress: 'Kaffa, 1 Test Street, 28001 Madrid, Spain',
    },
  );
  const hubSpotApp = {
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecret,
    baseUrl: hubspot.url,
    clock: wallClock,
  };
  const redirectUri = `${APP_URL}/hubspot`;
  const allowed = await fetch(hubSpotAuthorizeUrl(hubSpotApp, { redirectUri, state: 'x' }), { redirect: 'manual' });
  const code = new URL(allowed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const signedIn = await hubSpotSignIn(hubSpotApp, { code, redirectUri });
  await connectAccount(engine, {
    storeId: opened.storeId,
    platform: 'hubspot',
    account: signedIn.account,
    credentials: signedIn.tokens,
    settings: { ...signedIn.settings },
    actor,
  });
  await connectAccount(engine, {
    storeId: opened.storeId,
    platform: 'salesforce',
    account: salesforce.account,
    settings: { username: salesforce.username, currency: 'EUR' },
    actor,
  });
  // Everybody drawn is written to but one in fifty, and always the same ones.
  await engine.database.inStore(opened.storeId, async (tx) => {
    await tx.run(`UPDATE stores SET draw_key = 'platforms', settings = '{"holdoutShare":0.1,"sendDays":2}'`);
  });
  return opened.storeId;
}

const rows = <Row extends object>(sql: string, values: unknown[] = []) =>
  files.database.inStore(storeId, (tx) => tx.rows<Row>(sql, values));
const stage = (name: StageName) => STAGES[name](around.engine, storeId);
const customerOf = async (platform: string, externalId: string) =>
  (
    await rows<{ customer_id: string }>('SELECT customer_id FROM identities WHERE platform = $1 AND external_id = $2', [
      platform,
      externalId,
    ])
  )[0]?.customer_id;
const idsOf = (one: typeof ann) =>
  Promise.all([
    customerOf('shopify', String(one.shop)),
    customerOf('hubspot', one.hubspot),
    customerOf('salesforce', one.salesforce),
  ]);

/** Delivers hour by hour until the person's mail is out or dropped. */
async function sendUntilSettled(customerId: string): Promise<string> {
  for (let hour = 0; hour < 24 * 10; hour++) {
    clock.advance(HOUR);
    await stage('delivery');
    const [message] = await rows<{ state: string; id: string }>(
      'SELECT id, state FROM messages WHERE customer_id = $1',
      [customerId],
    );
    if (message !== undefined && message.state !== 'scheduled') return message.id;
  }
  throw new Error('the mail did not leave in ten days');
}

test('one person in three places: one score, one mail, one outcome, one refusal', { timeout: 300_000 }, async () => {
  await runCycle(around.engine, storeId);
  // One person.
  const [annId = '', ...others] = await idsOf(ann);
  expect(others).toEqual([annId, annId]);
  const [bobId = '', ...bobs] = await idsOf(bob);
  expect(bobs).toEqual([bobId, bobId]);
  expect(await rows('SELECT count(*)::int AS people FROM customers')).toEqual([{ people: PEOPLE }]);

  // One score, in the same words everywhere.
  await stage('writeback');
  const panel = await readPanel(around.engine, storeId, { platform: 'hubspot', externalId: ann.hubspot });
  expect(panel).toMatchObject({
    state: 'scored',
    lifeStage: { code: expect.stringMatching(/slipping|lapsed/) },
  });
  const inShop = shop.metafieldsOf(ann.shop);
  const inHubSpot = hubspot.contact(ann.hubspot) ?? {};
  const inSalesforce = salesforce.record(ann.salesforce) ?? {};
  expect(panel.reasons.length).toBeGreaterThan(0);
  expect(JSON.parse(inShop['reasons'] ?? '[]')).toEqual(panel.reasons);
  expect(inHubSpot['rekindle_reasons']).toBe(panel.reasons.join('\n'));
  expect(inSalesforce['Rekindle_Reasons__c']).toBe(panel.reasons.join('\n'));
  for (const words of [
    inShop['next_action'],
    inHubSpot['rekindle_next_action'],
    inSalesforce['Rekindle_Next_Action__c'],
  ])
    expect(words).toBe(panel.nextAction.words);
  for (const chance of [inShop['chance_to_return'], inHubSpot['rekindle_chance_to_return']])
    expect(Number(chance)).toBeCloseTo(panel.chanceToReturn ?? -1, 2);

  // A campaign, for both of them.
  const [campaign] = await rows<{ id: string; state: string }>(
    'SELECT id, state FROM campaigns WHERE journey_id IS NULL',
  );
  expect(campaign?.state).toBe('awaiting_approval');
  const campaignId = campaign?.id ?? '';
  await rows(
    `UPDATE holdouts SET arm = 'treated', variant_key = coalesce(variant_key, 'a') WHERE customer_id IN ($1, $2)`,
    [annId, bobId],
  );
  await approveCampaign(around.engine, storeId, campaignId, 'user:7');
  await stage('scheduling');

  // Bob refuses in one of the CRMs, and is obeyed before the next send.
  clock.advance(60_000);
  hubspot.refuseMail(bob.hubspot);
  await hubspot.deliverWebhooks(`${around.engine.publicUrl}/webhooks/hubspot`);
  await stage('ingest');
  const annMail = await sendUntilSettled(annId);
  await sendUntilSettled(bobId);
  expect(await rows('SELECT state, state_reason FROM messages WHERE customer_id = $1', [bobId])).toEqual([
    { state: 'dropped', state_reason: 'unsubscribed' },
  ]);
  expect(around.mails.accepted.get(annMail)).toBe(1);
  await stage('writeback');
  expect(shop.state.consents.get(bob.shop)?.state).toBe('UNSUBSCRIBED');
  expect(salesforce.record(bob.salesforce)?.['HasOptedOutOfEmail']).toBe(true);

  // Ann comes back.
  clock.advance(2 * DAY);
  shop.placeOrder({ customerId: ann.shop, items: [{ title: 'Guatemala beans', price: 4200 }] });
  clock.advance(HOUR);
  await stage('ingest');
  await stage('measurement');
  await stage('writeback');
  expect(await rows('SELECT orders FROM outcomes WHERE customer_id = $1', [annId])).toEqual([{ orders: 1 }]);
  expect([...shop.state.activities.values()].map((one) => one.remoteId)).toEqual([campaignId]);
  expect(hubspot.campaigns()).toHaveLength(1);
  expect(hubspot.timeline(ann.hubspot).length).toBeGreaterThan(0);
  expect(salesforce.records('Campaign').map((one) => one['Rekindle_Campaign_Id__c'])).toEqual([campaignId]);
  expect(
    salesforce.records('CampaignMember').find((one) => one['ContactId'] === ann.salesforce)?.['Rekindle_Outcome__c'],
  ).toMatch(/^Ordered after/);
  // And nobody is told twice of what has not changed.
  expect(await stage('writeback')).toMatchObject({ pushed: 0, failed: 0 });
});
