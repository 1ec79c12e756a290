/** What stands behind the server under fire: two stores with people and campaigns, an account of each platform, all keys. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { connectAccount, createApiKey, keysFrom, openAccount, seededRandom, wallClock } from '@rekindle/core';
import type { Database, Keys } from '@rekindle/core';
import { buildPages, campaignId } from '@rekindle/core/testing';
import { SECRET } from '../scene.ts';
import { readIds, type StoreIds } from './ids.store.ts';

export const HOST = 'rekindle.example';
export const SHOP = 'kaffa.myshopify.com';
/** A shop that comes and goes: what ends a connection, or erases everything, is said of this one. */
export const LEAVING = 'teas.myshopify.com';
export const PORTAL = '4711';
export const ORGANISATION = '00D5g00000AbCdE';
export const APP = { apiKey: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', apiSecret: 'shpss_of_a_trial' };
export const HUBSPOT_SECRET = 'the secret of the HubSpot app';

const CAMPAIGN = 'Back in spring';
const DAY = 86_400_000;

export interface Target extends StoreIds {
  env: Record<string, string>;
  keys: Keys;
  storeId: string;
  campaignId: string;
  apiKey: string;
  mailKey: KeyObject;
}

export async function openTarget(database: Database): Promise<Target> {
  const now = wallClock.now();
  const storeId = await buildPages(database, {
    name: 'Kaffa',
    now,
    customers: 80,
    campaigns: [
      { name: CAMPAIGN, state: 'measuring', plannedAt: new Date(now.getTime() - 20 * DAY), looks: 12 },
      { name: 'Waits', state: 'awaiting_approval', plannedAt: now, looks: 0 },
    ],
  });
  const keys = keysFrom(SECRET);
  const engine = { database, keys, clock: wallClock, random: seededRandom('fuzz') };
  const tokens = (shop: string) => ({
    shop,
    accessToken: `shpat_${shop}`,
    scope: 'read_customers',
    expiresAt: new Date(now.getTime() + 30 * DAY).toISOString(),
    refreshToken: `shprt_${shop}`,
    refreshExpiresAt: new Date(now.getTime() + 30 * DAY).toISOString(),
  });
  await connectAccount(engine, {
    platform: 'shopify',
    account: SHOP,
    storeId,
    credentials: tokens(SHOP),
    actor: 'trial',
  });
  await connectAccount(engine, { platform: 'hubspot', account: PORTAL, storeId, actor: 'trial' });
  await connectAccount(engine, { platform: 'salesforce', account: ORGANISATION, storeId, actor: 'trial' });
  await openAccount(
    engine,
    { platform: 'shopify', account: LEAVING, credentials: tokens(LEAVING), actor: 'trial' },
    {
      name: LEAVING,
      currency: 'EUR',
      timeZone: 'Europe/Madrid',
      country: 'ES',
      language: 'en',
      senderEmail: 'hello@shop.example',
    },
  );
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { key } = await createApiKey(engine, storeId, 'trial', 'trial');
  return {
    ...(await database.inStore(storeId, readIds)),
    keys,
    storeId,
    campaignId: campaignId(storeId, CAMPAIGN),
    apiKey: key,
    mailKey: privateKey,
    env: {
      APP_SECRET: SECRET,
      LOG_LEVEL: 'error',
      PUBLIC_URL: `http://${HOST}`,
      HOST: '127.0.0.1',
      // Nobody is there: a request that would leave this machine ends here.
      SENDGRID_API_KEY: 'SG.trial',
      SENDGRID_URL: 'http://127.0.0.1:9',
      SENDGRID_WEBHOOK_KEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      SHOPIFY_API_KEY: APP.apiKey,
      SHOPIFY_API_SECRET: APP.apiSecret,
      SHOPIFY_APP_URL: 'http://admin.rekindle.example',
      HUBSPOT_CLIENT_ID: 'b0b1b2b3-0000-4000-8000-000000000001',
      HUBSPOT_CLIENT_SECRET: HUBSPOT_SECRET,
      HUBSPOT_APP_ID: '12345',
      HUBSPOT_URL: 'http://127.0.0.1:9',
      SALESFORCE_CLIENT_ID: 'the consumer key of a trial',
    },
  };
}
