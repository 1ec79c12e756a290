/**
 * The platforms with customers: which connector reads which, who reads what they tell by themselves, and who may ask for a panel.
 * The only place of production that knows them by name.
 */
import {
  fail,
  wallClock,
  type Config,
  type Connector,
  type Credentials,
  type Keys,
  type PlatformWebhooks,
} from '@rekindle/core';
import { csvConnector, type CsvSettings } from '@rekindle/connector-csv';
import {
  hubSpotConnector,
  hubSpotSettings,
  hubSpotWebhooks,
  verifyHubSpotSignature,
} from '@rekindle/connector-hubspot';
import { salesforceConnector, salesforceWebhooks, type SalesforceApp } from '@rekindle/connector-salesforce';
import { shopifyConnector, shopifyWebhooks } from '@rekindle/connector-shopify';
import type { VerifyHubSpot } from './http/api/caller.ts';

export type HubSpotKeys = Pick<Config, 'HUBSPOT_CLIENT_ID' | 'HUBSPOT_CLIENT_SECRET' | 'HUBSPOT_URL'>;

/** What a connector is opened with: what the store has said of it, and what signs it in. */
export interface Opening {
  platform: string;
  account: string;
  settings: unknown;
  credentials: Credentials;
}

// A function a platform: adding one is a line here. Tokens live by real time, whatever world the engine lives in.
const CONNECTORS: Record<string, (opening: Opening, config: Config) => Connector> = {
  csv: ({ settings }) => csvConnector(settings as CsvSettings),
  shopify: ({ account, credentials }, config) =>
    shopifyConnector({ account, credentials, app: shopifyApp(config), baseUrl: config.SHOPIFY_URL }),
  hubspot: ({ settings, credentials }, config) =>
    hubSpotConnector({
      ...hubSpotApp(config),
      clock: wallClock,
      settings: hubSpotSettings.parse(settings),
      credentials,
    }),
  salesforce: ({ account, settings, credentials }, config) =>
    salesforceConnector({ app: salesforceApp(config), account, settings, credentials }),
};

/** Throws `bad_configuration` where the platform is none, or its keys are not set. */
export function openConnector(opening: Opening, config: Config): Connector {
  const open = CONNECTORS[opening.platform];
  if (!open) throw fail('bad_configuration', `There is no connector for the platform ${opening.platform}.`);
  return open(opening, config);
}

/** Who reads what platforms tell: those whose keys are set. */
export function platformWebhooks(config: Config, keys: Keys): Record<string, PlatformWebhooks> {
  const { SHOPIFY_API_SECRET, HUBSPOT_CLIENT_SECRET, SALESFORCE_CLIENT_ID } = config;
  return {
    ...(SHOPIFY_API_SECRET !== undefined && { shopify: shopifyWebhooks({ apiSecrets: [SHOPIFY_API_SECRET] }) }),
    ...(HUBSPOT_CLIENT_SECRET !== undefined && { hubspot: hubSpotWebhooks({ clientSecret: HUBSPOT_CLIENT_SECRET }) }),
    ...(SALESFORCE_CLIENT_ID !== undefined && {
      salesforce: salesforceWebhooks({ keyOf: (organisation) => salesforceWebhookKey(keys, organisation) }),
    }),
  };
}

/** The key that an organisation's package signs with: made of the application's secret, so that it is kept nowhere. */
export function salesforceWebhookKey(keys: Keys, organisation: string): string {
  // An organisation's id has fifteen characters that tell it apart, and three that check them.
  return keys.mac('salesforce webhook', organisation.slice(0, 15)).toString('hex');
}

/** Checks the calls of HubSpot's card; undefined where HubSpot is not set up. */
export function verifyHubSpot({
  HUBSPOT_CLIENT_SECRET: secret,
}: Pick<Config, 'HUBSPOT_CLIENT_SECRET'>): VerifyHubSpot | undefined {
  return secret === undefined
    ? undefined
    : (request, now) => {
        verifyHubSpotSignature(secret, request, now);
      };
}

function shopifyApp(config: Config) {
  return {
    apiKey: needed(config, 'SHOPIFY_API_KEY'),
    apiSecret: needed(config, 'SHOPIFY_API_SECRET'),
    url: needed(config, 'SHOPIFY_APP_URL'),
  };
}

/** The app that Rekindle signs in to HubSpot with. Throws `bad_configuration` where it is not set up. */
export function hubSpotApp(config: HubSpotKeys) {
  return {
    clientId: needed(config, 'HUBSPOT_CLIENT_ID'),
    clientSecret: needed(config, 'HUBSPOT_CLIENT_SECRET'),
    baseUrl: config.HUBSPOT_URL,
  };
}

/** The app that Rekindle signs in to Salesforce with. Throws `bad_configuration` where it is not set up. */
export function salesforceApp(config: Config): SalesforceApp {
  return {
    clientId: needed(config, 'SALESFORCE_CLIENT_ID'),
    privateKey: needed(config, 'SALESFORCE_PRIVATE_KEY'),
    loginUrl: config.SALESFORCE_LOGIN_URL,
  };
}

/**
 * Where a page opens: inside the admin of the store's shop, where the app is set up there, else on this machine.
 * https://shopify.dev/docs/apps/build/admin/app-home (an app's pages live under /store/<shop>/apps/<client id>)
 */
export function pageAddress(
  { SHOPIFY_API_KEY, SHOPIFY_APP_URL, HOST, PORT }: Config,
  path: string,
  connections: readonly { platform: string; account: string }[],
): string | undefined {
  const shop = connections.find(({ platform }) => platform === 'shopify')?.account.replace(/\.myshopify\.com$/, '');
  if (SHOPIFY_API_KEY !== undefined && SHOPIFY_APP_URL !== undefined && shop !== undefined)
    return `https://admin.shopify.com/store/${shop}/apps/${SHOPIFY_API_KEY}${path}`;
  // The stand-alone pages are served on loopback only: an address for whoever sits there.
  return HOST === '127.0.0.1' || HOST === 'localhost' ? `http://127.0.0.1:${String(PORT)}${path}` : undefined;
}

type Key =
  | 'SHOPIFY_API_KEY'
  | 'SHOPIFY_API_SECRET'
  | 'SHOPIFY_APP_URL'
  | 'HUBSPOT_CLIENT_ID'
  | 'HUBSPOT_CLIENT_SECRET'
  | 'SALESFORCE_CLIENT_ID'
  | 'SALESFORCE_PRIVATE_KEY';

function needed(config: Partial<Pick<Config, Key>>, key: Key): string {
  const value = config[key];
  if (value === undefined)
    throw fail('bad_configuration', `${key} is not set; without it this connection cannot be opened.`);
  return value;
}
