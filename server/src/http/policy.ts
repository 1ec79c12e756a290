/**
 * What a page of ours may load and do (https://www.w3.org/TR/CSP3/). Nobody may put the stand-alone pages in a frame; the
 * embedded ones only the admin of the shop that they show.
 */

/** Where Shopify hands out App Bridge; it may not be served from anywhere else. */
export const APP_BRIDGE = 'https://cdn.shopify.com/shopifycloud/app-bridge.js';

/** `shop`: the shop in whose admin the page is shown, such as kaffa.myshopify.com. Without: in no frame. */
export function contentSecurityPolicy(nonce: string, shop?: string): string {
  const bridge = shop === undefined ? '' : ` ${APP_BRIDGE}`;
  // App Bridge measures the page and asks the admin.
  const talks = shop === undefined ? '' : ` https://${shop} https://*.shopify.com https://*.shopifysvc.com`;
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${bridge}`,
    // Polaris and the charts set styles on elements.
    "style-src 'self' 'unsafe-inline'",
    // A mail's preview shows the shop's own product pictures; its frame runs no script.
    "img-src 'self' data: https:",
    "font-src 'self'",
    `connect-src 'self'${talks}`,
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    shop === undefined ? "frame-ancestors 'none'" : `frame-ancestors https://${shop} https://admin.shopify.com`,
  ].join('; ');
}
