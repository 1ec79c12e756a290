/** The one builder of @shopify/shopify-api: version, app keys, no log of its own (it would quote tokens and people). */
import { ApiVersion, LogSeverity, shopifyApi, type Shopify } from '@shopify/shopify-api';
import { fail } from '@rekindle/core';
import type { ShopifyApp } from './schema.ts';
import '@shopify/shopify-api/adapters/node';

/** Stable since July 2026; operations.ts holds to it, a test to its schema. */
export const API_VERSION = ApiVersion.July26;

export function shopifyLibrary(app: ShopifyApp): Shopify {
  return shopifyApi({
    apiKey: app.apiKey,
    apiSecretKey: app.apiSecret,
    apiVersion: API_VERSION,
    hostName: new URL(app.url).host,
    isEmbeddedApp: true,
    logger: { level: LogSeverity.Error, log: () => undefined },
  });
}

/** A shop's domain as Shopify writes it, or `bad_request`. */
export function shopDomain(name: string): string {
  const domain = name.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(domain))
    throw fail('bad_request', 'A Shopify shop is named by its domain, as in example.myshopify.com.');
  return domain;
}
