/** Shopify: customers and orders in, scores, outcomes and consent back, webhooks read. */
export { shopFetch } from './address.ts';
export { shopifyRefresh, shopifySignIn, type SignInOptions } from './auth.ts';
export type { ClientOptions } from './client.ts';
export { shopifyConnector, type ShopifyOptions } from './connector.ts';
export { registerShopifyWebhooks } from './install.ts';
export { API_VERSION, shopDomain } from './library.ts';
export { shopifySettings, shopifyTokens, type ShopifyApp, type ShopifySettings, type ShopifyTokens } from './schema.ts';
export { COMPLIANCE_TOPICS, SUBSCRIBED_TOPICS } from './webhook-topics.ts';
export { shopifyWebhooks, type ShopifyWebhookOptions } from './webhooks.ts';
export { activateShopifyPixel, type PixelSettings } from './pixel.ts';
export { readShop } from './shop.ts';
