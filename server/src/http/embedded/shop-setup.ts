/**
 * What a shop is asked for beside a store when it gives a token: to tell Rekindle what happens there, and to run its web pixel.
 * Both say what shall be, so they are asked each time. What a deployed shopify.app.toml subscribes to comes twice then, under one
 * event id, and counts once. Nobody is kept out where they fail: pulls bring the same later, and the
 * next token tries again.
 */
import { activateShopifyPixel, registerShopifyWebhooks, type ClientOptions } from '@rekindle/connector-shopify';
import { fail, pixelKey, type Engine } from '@rekindle/core';

export async function setUpShop(
  engine: Pick<Engine, 'keys' | 'log' | 'publicUrl'>,
  storeId: string,
  shop: ClientOptions,
): Promise<void> {
  const { protocol, origin } = new URL(engine.publicUrl);
  // Shopify speaks to https alone. On a laptop there is none, and pulls do the work.
  if (protocol !== 'https:') return;
  // A person is waiting: whatever would take a second try is left to the next token.
  const sleep = () => Promise.reject(fail('connector_unavailable', 'Shopify asks for patience.'));
  const options = { ...shop, sleep };
  const done = await Promise.allSettled([
    registerShopifyWebhooks(options, `${origin}/webhooks/shopify`),
    activateShopifyPixel(options, { accountID: pixelKey(engine.keys, storeId), endpoint: origin }),
  ]);
  for (const one of done)
    if (one.status === 'rejected')
      engine.log.warn({ platform: 'shopify', storeId, err: one.reason as unknown }, 'a shop is not wholly set up');
}
