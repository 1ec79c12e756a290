/** The connector on its fake, as the tests of this folder open it. */
import { fakeClock, type FakeClock } from '@rekindle/core/testing';
import type { Connector } from '@rekindle/core';
import {
  adminSchema,
  fakeApp,
  memoryCredentials,
  seedShop,
  startShopifyFake,
  type FakeShop,
  type ShopifyFake,
  type ShopifyFakeOptions,
} from './index.ts';
import { shopifyConnector, shopifySignIn, type ShopifyOptions } from '../src/index.ts';

export interface Opened {
  fake: ShopifyFake;
  shop: FakeShop;
  clock: FakeClock;
  options: ShopifyOptions;
  credentials: ReturnType<typeof memoryCredentials>;
  connector: Connector;
  /** How long the connector waited, ms */
  waited: () => number;
}

export const NOW = '2026-03-01T10:00:00Z';

/** A shop with made-up people and orders, and the connector signed in at it. Waiting moves the clock and takes no time. */
export async function openShop(
  given: { customers?: number; orders?: number; fake?: ShopifyFakeOptions } = {},
): Promise<Opened> {
  const clock = fakeClock(NOW);
  const fake = await startShopifyFake({ clock, hostClock: clock, ...given.fake });
  const shop = fake.shop();
  seedShop(shop, {
    customers: given.customers ?? 12,
    orders: given.orders ?? 30,
    from: new Date('2026-01-01T12:00:00Z'),
    to: new Date('2026-02-20T12:00:00Z'),
  });
  const app = fakeApp(fake);
  const tokens = await shopifySignIn({ app, clock, baseUrl: fake.url }, shop.domain, shop.sessionToken());
  const credentials = memoryCredentials(tokens);
  let waited = 0;
  const options: ShopifyOptions = {
    account: shop.domain,
    credentials,
    app,
    baseUrl: fake.url,
    clock,
    sleep: (milliseconds) => {
      waited += milliseconds;
      clock.advance(milliseconds);
      // The other side gets its turn.
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
  return { fake, shop, clock, options, credentials, connector: shopifyConnector(options), waited: () => waited };
}

/** Why there is no fake: Shopify's schema is neither cached nor to be had. Undefined: it is there. Says so aloud. */
export async function schemaMissing(): Promise<string | undefined> {
  try {
    await adminSchema();
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stdout.write(`skipped: ${why}\n`);
    return why;
  }
}
