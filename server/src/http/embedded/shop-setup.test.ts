/** What a shop is asked for when it gives a token, against a shop as strict as Shopify. */
import { shopifySignIn, SUBSCRIBED_TOPICS, type ClientOptions } from '@rekindle/connector-shopify';
import {
  adminSchema,
  fakeApp,
  memoryCredentials,
  startShopifyFake,
  type FakeShop,
  type ShopifyFake,
} from '@rekindle/connector-shopify/fake';
import { keysFrom, pixelKey, wallClock, type Log } from '@rekindle/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setUpShop } from './shop-setup.ts';

const STORE = '0a1b2c3d-0000-4000-8000-000000000000';
const missing = await adminSchema().then(
  () => undefined,
  (error: unknown) => `skipped: ${error instanceof Error ? error.message : String(error)}`,
);

let fake: ShopifyFake;
let shop: FakeShop;
let options: ClientOptions;
let logged: string[];

const keys = keysFrom('a secret of the tests, long enough');
const around = (publicUrl: string) => {
  const ignore = () => undefined;
  const warn = (_: object, sentence: string) => logged.push(sentence);
  return { keys, publicUrl, log: { debug: ignore, info: ignore, error: ignore, warn } as unknown as Log };
};

describe.skipIf(missing !== undefined)(missing ?? 'a shop that gives a token', () => {
  beforeEach(async () => {
    logged = [];
    fake = await startShopifyFake();
    shop = fake.shop();
    const app = fakeApp(fake);
    const tokens = await shopifySignIn({ app, clock: wallClock, baseUrl: fake.url }, shop.domain, shop.sessionToken());
    options = { account: shop.domain, credentials: memoryCredentials(tokens), app, baseUrl: fake.url };
  });
  afterEach(() => fake.close());

  test('tells every topic to the public address and runs the pixel of its store, once', async () => {
    for (let time = 0; time < 2; time++) await setUpShop(around('https://rekindle.example'), STORE, options);
    const { subscriptions, pixel } = shop.state;
    expect([...subscriptions.values()].map(({ uri }) => uri)).toEqual(
      SUBSCRIBED_TOPICS.map(() => 'https://rekindle.example/webhooks/shopify'),
    );
    expect(pixel?.settings).toEqual({ accountID: pixelKey(keys, STORE), endpoint: 'https://rekindle.example' });
    expect(logged).toEqual([]);
  });

  test('is left alone where nothing of ours is reached by https', async () => {
    await setUpShop(around('http://127.0.0.1:3400'), STORE, options);
    expect(shop.state.subscriptions.size).toBe(0);
    expect(shop.state.pixel).toBeUndefined();
  });

  test('keeps nobody out where it refuses: the log says so', async () => {
    shop.uninstall();
    await setUpShop(around('https://rekindle.example'), STORE, options);
    expect(logged).toEqual(['a shop is not wholly set up', 'a shop is not wholly set up']);
  });
});
