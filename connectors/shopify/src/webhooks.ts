/**
 * Shopify's webhooks → platform events. Signed with HMAC-SHA256 over the raw body, by the app's secret. The signature has no
 * time in it: a copy, old or new, is told apart by the event's id alone. Order is not promised either: `at` says when it was.
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, type PlatformEvent, type PlatformWebhooks, type RawWebhook } from '@rekindle/core';
import { shopDomain } from './library.ts';
import { whatHappened } from './webhook-topics.ts';

export interface ShopifyWebhookOptions {
  /** The app's secret; while it is being changed, the old one too. */
  apiSecrets: readonly string[];
}

export function shopifyWebhooks(options: ShopifyWebhookOptions): PlatformWebhooks {
  return {
    platform: 'shopify',
    read: (webhook, now) => readWebhook(options.apiSecrets, webhook, now),
  };
}

function readWebhook(secrets: readonly string[], { headers, body }: RawWebhook, now: Date): PlatformEvent[] {
  const header = (name: string): string | undefined =>
    headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  authenticate(secrets, header('x-shopify-hmac-sha256'), body);
  const [topic, shop] = [header('x-shopify-topic'), header('x-shopify-shop-domain')];
  // One thing that a merchant does has one event id and may be told under several topics.
  const id = header('x-shopify-event-id') ?? header('x-shopify-webhook-id');
  if (topic === undefined || shop === undefined || id === undefined || id === '')
    throw fail('bad_request', 'The webhook lacks its topic, shop or id.');
  const happened = whatHappened(topic, parse(body));
  if (!happened) return [];
  const triggered = Date.parse(header('x-shopify-triggered-at') ?? '');
  const at = Number.isNaN(triggered) ? now : new Date(triggered);
  return [{ ...happened, vendorEventId: `${topic} ${id}`.slice(0, 200), account: shopDomain(shop), at }];
}

function authenticate(secrets: readonly string[], signature: string | undefined, body: Uint8Array): void {
  if (signature === undefined) throw fail('unauthorised', 'The webhook is not signed.');
  const given = Buffer.from(signature, 'base64');
  const isRight = (secret: string): boolean => {
    const wanted = createHmac('sha256', secret).update(body).digest();
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  if (!secrets.some(isRight)) throw fail('unauthorised', 'The webhook’s signature is wrong.');
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw fail('bad_request', 'The webhook’s body is not JSON.', { cause });
  }
}
