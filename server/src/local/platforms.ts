/**
 * The platforms of the demo store: Shopify, HubSpot and Salesforce as strict stand-ins on this machine, which know a few hundred
 * of its people (not their orders: those come from the shop's own log, and nothing is to be counted twice). They are connected as
 * an administrator would do it, read and told by the real connectors, and open a person's record with the panel.
 */
import { allow, startHubSpotFake, type HubSpotFake } from '@rekindle/connector-hubspot/fake';
import { hubSpotAuthorizeUrl, hubSpotSignIn } from '@rekindle/connector-hubspot';
import { startSalesforceFake, type SalesforceFake } from '@rekindle/connector-salesforce/fake';
import { shopifySignIn } from '@rekindle/connector-shopify';
import { startShopifyFake, type ShopifyFake } from '@rekindle/connector-shopify/fake';
import {
  connectAccount,
  createApiKey,
  pullSoon,
  readApiKeys,
  RekindleError,
  revokeApiKey,
  wallClock,
  type Config,
  type Database,
  type Engine,
} from '@rekindle/core';
import { forgetStandIns, peopleOfLastTime, peopleWorthKnowing, type KnownPerson } from './platforms.store.ts';

/** As many as are read and told within seconds. */
const PEOPLE = 240;
const SHOP = 'rekindle-demo.myshopify.com';
/** Nobody's: it is only named, in the return of HubSpot's sign-in and as the address of the Shopify app. */
const APP_URL = 'https://app.rekindle.example';
const ACTOR = 'user:local';
const KEY_NAME = 'Salesforce (stand-in)';

export interface LocalPlatforms {
  /** What the configuration must name so that the connectors ask the stand-ins */
  config: Partial<Config>;
  /** Signs in and connects, once the server listens. */
  connect(engine: Engine, serverUrl: string): Promise<void>;
  close(): Promise<void>;
}

/** `onMissing`: told in a sentence of a platform that cannot be played here. */
export async function openPlatforms(
  database: Database,
  storeId: string,
  onMissing: (sentence: string) => void,
): Promise<LocalPlatforms> {
  const people = await database.inStore(storeId, async (tx) => {
    const known = await peopleOfLastTime(tx, 'hubspot');
    await forgetStandIns(tx, ['hubspot', 'salesforce', 'shopify']);
    return known.length > 0 ? known : peopleWorthKnowing(tx, PEOPLE);
  });
  const [hubspot, salesforce, shopify] = await Promise.all([
    startHubSpotFake({ seed: 'demo' }),
    startSalesforceFake({ seed: 'demo', signInClock: wallClock }),
    openShopify(onMissing),
  ]);
  for (const person of people) introduce(person, hubspot, salesforce, shopify);
  return {
    config: {
      HUBSPOT_CLIENT_ID: hubspot.clientId,
      HUBSPOT_CLIENT_SECRET: hubspot.clientSecret,
      HUBSPOT_URL: hubspot.url,
      SALESFORCE_CLIENT_ID: salesforce.clientId,
      SALESFORCE_PRIVATE_KEY: salesforce.privateKey,
      SALESFORCE_LOGIN_URL: salesforce.url,
      ...(shopify && {
        SHOPIFY_API_KEY: shopify.app.apiKey,
        SHOPIFY_API_SECRET: shopify.app.apiSecret,
        SHOPIFY_APP_URL: APP_URL,
        SHOPIFY_URL: shopify.url,
      }),
    },
    async connect(engine, serverUrl) {
      await connectHubSpot(engine, storeId, hubspot, serverUrl);
      await connectSalesforce(engine, storeId, salesforce, serverUrl);
      if (shopify) await connectShopify(engine, storeId, shopify);
    },
    async close() {
      await Promise.all([hubspot.close(), salesforce.close(), shopify?.close()]);
    },
  };
}

/** Shopify's stand-in executes Shopify's own schema, which is fetched from the registry once. */
async function openShopify(onMissing: (sentence: string) => void): Promise<ShopifyFake | undefined> {
  try {
    return await startShopifyFake({ seed: 'demo', shops: [{ domain: SHOP, name: 'Rekindle demo' }] });
  } catch (error) {
    if (!(error instanceof RekindleError)) throw error;
    onMissing(`Going on without Shopify's stand-in. ${error.message}`);
    return undefined;
  }
}

function introduce(
  person: KnownPerson,
  hubspot: HubSpotFake,
  salesforce: SalesforceFake,
  shopify: ShopifyFake | undefined,
): void {
  const { email, createdAt } = person;
  const firstName = person.firstName ?? '';
  const lastName = person.lastName ?? email;
  const refused = person.state === 'unsubscribed';
  const contact = hubspot.addContact({ email, firstname: firstName, lastname: lastName }, createdAt);
  if (refused) hubspot.refuseMail(contact);
  salesforce.addContact({ email, firstName, lastName, optedOut: refused });
  const shop = shopify?.shop(SHOP);
  if (!shop) return;
  const { id } = shop.addCustomer({ email, firstName, lastName, country: person.country, createdAt });
  const state = refused ? 'UNSUBSCRIBED' : 'SUBSCRIBED';
  shop.changeCustomer(id, {
    consent: { state, level: refused ? null : 'SINGLE_OPT_IN', updatedAt: person.at },
  });
}

async function connect(
  engine: Engine,
  storeId: string,
  one: { platform: string; account: string; credentials?: unknown; settings: object },
): Promise<void> {
  const id = await connectAccount(engine, { ...one, storeId, settings: { ...one.settings }, actor: ACTOR });
  await pullSoon(engine, storeId, id);
}

async function connectHubSpot(engine: Engine, storeId: string, fake: HubSpotFake, serverUrl: string): Promise<void> {
  const { clientId, clientSecret, url: baseUrl } = fake;
  const app = { clientId, clientSecret, baseUrl, clock: wallClock };
  const redirectUri = `${APP_URL}/hubspot`;
  const code = await allow(hubSpotAuthorizeUrl(app, { redirectUri, state: 'demo' }));
  const { account, tokens, settings } = await hubSpotSignIn(app, { code, redirectUri });
  fake.showRecords(serverUrl);
  const recordPage = fake.recordUrl('{id}');
  await connect(engine, storeId, {
    platform: 'hubspot',
    account,
    credentials: tokens,
    settings: { ...settings, recordPage },
  });
}

async function connectSalesforce(
  engine: Engine,
  storeId: string,
  fake: SalesforceFake,
  serverUrl: string,
): Promise<void> {
  for (const old of await readApiKeys(engine, storeId))
    if (old.name === KEY_NAME && old.revokedAt === null) await revokeApiKey(engine, storeId, old.id, ACTOR);
  const { key } = await createApiKey(engine, storeId, KEY_NAME, ACTOR);
  fake.setPanel(async (request) => {
    // Salesforce's compiler is large: nobody waits for it who does not open a record.
    const { salesforcePreview } = await import('@rekindle/salesforce-package/preview');
    const preview = { rekindle: serverUrl, key, path: '/people', readRecord: fake.readPerson };
    return salesforcePreview(preview)(request);
  });
  const recordPage = `${fake.url}/people/{id}`;
  const settings = { username: fake.username, currency: 'EUR', recordPage };
  await connect(engine, storeId, { platform: 'salesforce', account: fake.account, settings });
}

async function connectShopify(engine: Engine, storeId: string, fake: ShopifyFake): Promise<void> {
  const shop = fake.shop(SHOP);
  const app = { ...fake.app, url: APP_URL };
  const tokens = await shopifySignIn({ app, clock: wallClock, baseUrl: fake.url }, SHOP, shop.sessionToken());
  await connect(engine, storeId, { platform: 'shopify', account: SHOP, credentials: tokens, settings: { shop: SHOP } });
}
