/**
 * Tells Rekindle what known customers do. Shopify loads it only where analytics and marketing are allowed; it asks again before
 * each telling, because a visitor may change their mind on the page. A shop must never be slower or broken for it: what cannot
 * be told is let go.
 */
import type { ExtensionApi } from '@shopify/web-pixels-extension';
import { toEvent, type PixelEvent } from './event.ts';

type Allowed = ExtensionApi['init']['customerPrivacy'];

/** What is posted to `<endpoint>/api/v1/pixel`. */
export interface Told {
  /** The store's pixel key: names the store and opens nothing */
  key: string;
  events: PixelEvent[];
}

export function startPixel({ analytics, customerPrivacy, init, settings }: ExtensionApi): void {
  const { accountID, endpoint } = settings as Record<string, unknown>;
  if (typeof accountID !== 'string' || typeof endpoint !== 'string') return;
  let allowed = mayTell(init.customerPrivacy);
  customerPrivacy.subscribe('visitorConsentCollected', (consent) => {
    allowed = mayTell(consent.customerPrivacy);
  });
  const tell = (source: Parameters<typeof toEvent>[0]): void => {
    if (!allowed) return;
    const event = toEvent(source, init.data.customer?.id);
    if (event !== null) post(`${endpoint}/api/v1/pixel`, { key: accountID, events: [event] });
  };
  analytics.subscribe('product_viewed', tell);
  analytics.subscribe('product_added_to_cart', tell);
  analytics.subscribe('checkout_started', tell);
  analytics.subscribe('checkout_completed', tell);
}

function mayTell({ analyticsProcessingAllowed, marketingAllowed }: Allowed): boolean {
  return analyticsProcessingAllowed && marketingAllowed;
}

/** As plain text, so that the browser need not ask the server first; kept alive when the visitor leaves the page. */
function post(address: string, told: Told): void {
  fetch(address, { method: 'POST', body: JSON.stringify(told), keepalive: true, credentials: 'omit' }).catch(() => {});
}
