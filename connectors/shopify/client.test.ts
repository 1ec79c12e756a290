/** Signing in, renewing tokens, and keeping to Shopify's limits. */
import type { RekindleError } from '@rekindle/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { memoryCredentials, type SessionTokenOptions } from './fake/index.ts';
import { openShop, schemaMissing, type Opened } from './fake/testing.ts';
import { shopifyClient } from './src/client.ts';
import { shopifySignIn, shopifyTokens } from './src/index.ts';
import { NEWEST, SHOP, START_BULK } from './src/operations.ts';

const missing = await schemaMissing();

async function opened(
  work: (shop: Opened) => Promise<void>,
  given: Parameters<typeof openShop>[0] = {},
): Promise<void> {
  const open = await openShop({ customers: 3, orders: 3, ...given });
  try {
    await work(open);
  } finally {
    await open.fake.close();
  }
}

const shopName = z.object({ shop: z.object({ myshopifyDomain: z.string() }) });
const ask = (open: Opened, options = open.options) => shopifyClient(options).run(SHOP, {}, shopName);
const exchanges = ({ fake }: Opened): number => fake.asked.filter((name) => name === 'access_token').length;

describe.skipIf(missing !== undefined)(missing ?? 'with Shopify’s schema', () => {
  test('a session token becomes an expiring token and one that renews it', () =>
    opened((open) => {
      const tokens = shopifyTokens.parse(open.credentials.kept());
      expect(tokens.shop).toBe(open.shop.domain);
      const lives = Date.parse(tokens.expiresAt) - open.clock.now().getTime();
      expect(Math.abs(lives - 3_600_000)).toBeLessThan(60_000);
      return Promise.resolve();
    }));

  const forged: Record<string, SessionTokenOptions> = {
    'of another secret': { secret: 'shpss_another' },
    'for another app': { claims: { aud: 'another' } },
    'for another shop': { claims: { dest: 'https://other.myshopify.com' } },
    'that ran out': { claims: { exp: 1_700_000_000 } },
  };
  test.each(Object.entries(forged))('a session token %s gets nothing', (_, how) =>
    opened(async ({ options, shop, clock }) => {
      const signIn = shopifySignIn({ ...options, clock }, shop.domain, shop.sessionToken(how));
      await expect(signIn).rejects.toMatchObject({ code: 'unauthorised' });
    }),
  );

  test('a shop that did not install the app is told to open it', () =>
    opened(async ({ options, shop, clock }) => {
      shop.uninstall();
      const signIn = shopifySignIn({ ...options, clock }, shop.domain, shop.sessionToken());
      await expect(signIn).rejects.toMatchObject({ code: 'connector_refused' });
    }));

  test('of many that find the token old, one renews it', () =>
    opened(async (open) => {
      const before = exchanges(open);
      open.clock.advance(2 * 3_600_000);
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(open)));
      expect(answers).toHaveLength(5);
      expect(exchanges(open) - before).toBe(1);
    }));

  test('a token that Shopify turns down is renewed once, and asked with again', () =>
    opened(async (open) => {
      const before = exchanges(open);
      open.fake.queueFaults('token_expired');
      await ask(open);
      expect(exchanges(open) - before).toBe(1);
    }));

  test('after the app was removed it says what to do, and neither token nor secret', () =>
    opened(async (open) => {
      open.shop.uninstall();
      const error = await ask(open).catch((one: unknown) => one as RekindleError);
      expect(error).toMatchObject({
        code: 'connector_refused',
        message: expect.stringContaining('open the app') as string,
      });
      const { stack = '', message } = error as RekindleError;
      const said = `${JSON.stringify(error)} ${message} ${stack}`;
      expect(said).not.toMatch(/shpat_|shprt_|shpss_/);
    }));

  test('nobody signed in is said in a sentence', () =>
    opened(async (open) => {
      const nobody = { ...open.options, credentials: memoryCredentials() };
      await expect(ask(open, nobody)).rejects.toMatchObject({ code: 'connector_refused' });
    }));

  test('an empty bucket is waited for beforehand: nothing is ever throttled', () =>
    opened(async (open) => {
      const client = shopifyClient(open.options);
      const start = open.clock.now().getTime();
      for (let count = 0; count < 80; count++)
        await client.run(NEWEST.orders, { filter: "updated_at:>='2026-01-01T00:00:00Z'" }, z.unknown());
      // 51 points each: 4,080 of 2,000 and 100 a second.
      expect(open.clock.now().getTime() - start).toBeGreaterThanOrEqual(20_000);
      expect(open.clock.now().getTime() - start).toBeLessThan(25_000);
      expect(open.fake.asked.filter((name) => name === 'NewestOrders')).toHaveLength(80);
    }));

  test('THROTTLED waits until there are points again; 429 as long as it says', () =>
    opened(async (open) => {
      open.fake.queueFaults('throttled');
      await ask(open);
      expect(open.waited()).toBeGreaterThan(0);
      const before = open.waited();
      open.fake.queueFaults('too_many');
      await ask(open);
      expect(open.waited() - before).toBe(2000);
    }));

  test('it does not try for ever, and says that Shopify did not answer', () =>
    opened(async (open) => {
      open.fake.setFaults({ error_before: 1 });
      await expect(ask(open)).rejects.toMatchObject({ code: 'connector_unavailable', retryable: true });
      expect(open.fake.asked.filter((name) => name === 'Shop')).toHaveLength(7);
      open.fake.setFaults({ too_many: 1 });
      await expect(ask(open)).rejects.toMatchObject({ code: 'rate_limited', retryable: true });
    }));

  test('what is deprecated, unknown or too dear is refused by the fake', () =>
    opened(async ({ options }) => {
      const client = shopifyClient(options);
      for (const query of [
        'query Deprecated { customers(first: 1) { nodes { email } } }',
        'query Unknown { customers(first: 1) { nodes { shoeSize } } }',
        'query Dear { customers(first: 250) { nodes { id orders(first: 50) { nodes { id } } } } }',
        'query Unpaged { customers { nodes { id } } }',
      ])
        await expect(client.run(query, {}, z.unknown())).rejects.toMatchObject({ code: 'connector_refused' });
      const deprecated = { topic: 'ORDERS_CREATE', subscription: { callbackUrl: 'https://a.example/' } };
      const mutation =
        'mutation Old($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) { userErrors { message } } }';
      await expect(client.run(mutation, deprecated, z.unknown())).rejects.toMatchObject({ code: 'connector_refused' });
    }));

  test('the fake’s exports keep Shopify’s restrictions', () =>
    opened(async ({ options, fake }) => {
      const client = shopifyClient(options);
      const refused = z.object({
        bulkOperationRunQuery: z.object({ bulkOperation: z.null(), userErrors: z.array(z.unknown()).min(1) }),
      });
      for (const query of [
        '{ shop { name } }',
        '{ orders(first: 5) { edges { node { id } } } }',
        '{ orders { nodes { id } } }',
        '{ orders { edges { node { lineItems { edges { node { id } } } } } } }',
        '{ orders { edges { node { id refunds { refundLineItems { edges { node { quantity } } } } } } } }',
        '{ customers { edges { node { id email } } } }',
      ])
        await client.run(START_BULK, { query }, refused);
      expect(fake.shop().state.operations.size).toBe(0);
    }));

  test('a second shop’s token opens nothing of the first', () =>
    opened(async (open) => {
      const other = open.fake.addShop({ domain: 'other.myshopify.com' });
      const { options, clock } = open;
      const tokens = await shopifySignIn({ ...options, clock }, other.domain, other.sessionToken());
      const stolen = memoryCredentials({ ...tokens, shop: open.shop.domain });
      await expect(ask(open, { ...options, credentials: stolen })).rejects.toMatchObject({ code: 'connector_refused' });
    }));
});
