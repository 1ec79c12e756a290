/** A Shopify shop as a platform: what it holds comes in, what we know and did goes back. */
import type { Connector } from '@rekindle/core';
import { shopifyClient, type ClientOptions } from './client.ts';
import { shopDomain } from './library.ts';
import { pullShop } from './pull.ts';
import { pushToShop, TAKES, type Push } from './push.ts';

export type ShopifyOptions = ClientOptions;

/** Throws `bad_request` where the account is no shop's domain. Nothing is asked before it is pulled or pushed. */
export function shopifyConnector(options: ShopifyOptions): Connector {
  const client = shopifyClient({ ...options, account: shopDomain(options.account) });
  const push: Push = { client, appUrl: options.app.url, facts: {} };
  return {
    platform: 'shopify',
    takes: TAKES,
    pull: (request) => pullShop(client, request),
    push: (records) => pushToShop(push, records),
  };
}
