/**
 * The app inside the Shopify admin. There is one where the three keys of the Shopify app are set; Shopify's library is only
 * loaded then. Under its name (SHOPIFY_APP_URL) nothing is answered without a session token that Shopify signed.
 */
import { fail, type Config, type Engine } from '@rekindle/core';
import type { Embedded } from './embedded.ts';

export type { Embedded, Entered } from './embedded.ts';
export { shopNamed } from './shop-name.ts';

export type EmbeddedConfig = Pick<Config, 'SHOPIFY_API_KEY' | 'SHOPIFY_API_SECRET' | 'SHOPIFY_APP_URL'>;

/** Undefined where no Shopify app is configured. Throws `bad_configuration` where only a part of it is. */
export async function openEmbedded(engine: Engine, config: EmbeddedConfig): Promise<Embedded | undefined> {
  const { SHOPIFY_API_KEY: apiKey, SHOPIFY_API_SECRET: apiSecret, SHOPIFY_APP_URL: url } = config;
  if (apiKey === undefined || apiSecret === undefined || url === undefined) {
    if (apiKey === undefined && apiSecret === undefined && url === undefined) return undefined;
    throw fail(
      'bad_configuration',
      'The Shopify app needs all of SHOPIFY_API_KEY, SHOPIFY_API_SECRET and SHOPIFY_APP_URL, or none of them.',
    );
  }
  const { openShopifyAdmin } = await import('./embedded.ts');
  return openShopifyAdmin(engine, { apiKey, apiSecret, url });
}
