/** What a store must know of its shop before the first pull: asked once, with the first token. */
import { fail, type NewStore } from '@rekindle/core';
import { z } from 'zod';

const VERSION = '2026-07';
/** Milliseconds that Shopify may take; a person is waiting. */
const PATIENCE_MS = 10_000;
const SHOP = `query RekindleShop { shop {
  name contactEmail currencyCode ianaTimezone
  primaryDomain { url }
  shopAddress { countryCodeV2 formatted(withName: false) }
} }`;

const answer = z.object({
  data: z.object({
    shop: z.object({
      name: z.string(),
      contactEmail: z.string(),
      currencyCode: z.string(),
      ianaTimezone: z.string(),
      primaryDomain: z.object({ url: z.string() }),
      shopAddress: z.object({ countryCodeV2: z.string().nullable(), formatted: z.array(z.string()) }),
    }),
  }),
});

/** Shops of these countries start in Spanish, all others in English: the languages that mails are written in. */
const SPANISH = new Set('AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PR PY SV UY VE'.split(' '));

/** Throws `connector_unavailable` where Shopify does not say. */
export async function readShop(shop: string, accessToken: string): Promise<NewStore> {
  const facts = await askShop(shop, accessToken);
  const country = facts.shopAddress.countryCodeV2 ?? 'US';
  return {
    name: facts.name,
    currency: facts.currencyCode,
    timeZone: facts.ianaTimezone,
    country,
    language: SPANISH.has(country) ? 'es' : 'en',
    website: facts.primaryDomain.url,
    senderEmail: facts.contactEmail,
    postalAddress: facts.shopAddress.formatted.join(', '),
  };
}

async function askShop(shop: string, accessToken: string): Promise<z.infer<typeof answer>['data']['shop']> {
  try {
    const response = await fetch(`https://${shop}/admin/api/${VERSION}/graphql.json`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Shopify-Access-Token': accessToken },
      body: JSON.stringify({ query: SHOP }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.parse(await response.json()).data.shop;
  } catch (cause) {
    throw fail('connector_unavailable', `Shopify does not say now who ${shop} is. Try again in a minute.`, { cause });
  }
}
