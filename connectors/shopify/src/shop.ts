/** What a store must know of its shop before the first pull: asked once, with the shop's first token. */
import { fail, type NewStore } from '@rekindle/core';
import { z } from 'zod';
import { shopifyClient, type ClientOptions } from './client.ts';
import { OPEN_SHOP } from './operations.ts';
import type { ShopifyTokens } from './schema.ts';

const opened = z.object({
  shop: z.object({
    name: z.string(),
    contactEmail: z.string(),
    currencyCode: z.string(),
    ianaTimezone: z.string(),
    primaryDomain: z.object({ url: z.string() }),
    shopAddress: z.object({ countryCodeV2: z.string().nullable(), formatted: z.array(z.string()) }),
  }),
});

/** Mails are written in English and Spanish; shops of these countries start in Spanish, all others in English. */
const SPANISH = new Set('AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PR PY SV UY VE'.split(' '));

/** The shop as a store to open. Throws `connector_unavailable` or `connector_refused`. */
export async function readShop(
  options: Omit<ClientOptions, 'account' | 'credentials'>,
  tokens: ShopifyTokens,
): Promise<NewStore> {
  const credentials = {
    read: () => Promise.resolve(tokens),
    renew: () => Promise.reject(fail('connector_refused', 'Shopify does not take the token that it has just given.')),
  };
  const client = shopifyClient({ ...options, account: tokens.shop, credentials });
  const { shop } = await client.run(OPEN_SHOP, {}, opened);
  const country = shop.shopAddress.countryCodeV2;
  // Whom one may write to depends on it.
  if (country === null)
    throw fail('connector_refused', 'The shop has no country yet: enter its address in the Shopify settings first.');
  return {
    name: shop.name,
    currency: shop.currencyCode,
    timeZone: shop.ianaTimezone,
    country,
    language: SPANISH.has(country) ? 'es' : 'en',
    website: shop.primaryDomain.url,
    senderEmail: shop.contactEmail,
    postalAddress: shop.shopAddress.formatted.join(', '),
  };
}
