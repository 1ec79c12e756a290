/**
 * Webhooks of the fake: what happened waits here until it is delivered, signed, to whoever subscribed; what is not answered 2xx
 * is tried again, eight times, as Shopify does it over four hours.
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
import { createHmac } from 'node:crypto';
import type { Random, RawWebhook } from '@rekindle/core';
import type { ShopState, World } from './state.ts';

export interface PendingWebhook {
  shop: string;
  topic: string;
  payload: Record<string, unknown>;
  eventId: string;
  triggeredAt: Date;
  attempts: number;
}

export interface DeliveryOptions {
  /** Deliver here, whatever address was subscribed; the app's own is often not to be reached. */
  to?: string;
  /** Further copies of each, with the same event id */
  duplicates?: number;
  /** In another order than they happened */
  shuffle?: boolean;
  /** Of these topics only; the others wait on (and come late) */
  topics?: readonly string[];
}

const TRIES = 8;

/** Headers and body as Shopify posts them. */
export function signedWebhook(world: World, one: PendingWebhook, apiVersion: string, copy = 0): RawWebhook {
  const body = Buffer.from(JSON.stringify(one.payload));
  return {
    body,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-topic': one.topic,
      'x-shopify-shop-domain': one.shop,
      'x-shopify-api-version': apiVersion,
      'x-shopify-event-id': one.eventId,
      'x-shopify-webhook-id': `${one.eventId}-${String(one.attempts)}-${String(copy)}`,
      'x-shopify-triggered-at': one.triggeredAt.toISOString(),
      'x-shopify-hmac-sha256': createHmac('sha256', world.app.apiSecret).update(body).digest('base64'),
    },
  };
}

/** CUSTOMERS_CREATE → customers/create */
export function topicName(name: string): string {
  return name.toLowerCase().replace(/_([a-z]+)$/, '/$1');
}

/** Topics that no shop subscribes to: the app's configuration names one address for them. */
export const COMPLIANCE = ['customers/data_request', 'customers/redact', 'shop/redact'];

export interface AppSubscriptions {
  uri: string;
  topics: readonly string[];
}

/** Where a webhook goes: what the app's configuration subscribes to, and what the shop was asked for. */
export function addressesOf(
  shop: Pick<ShopState, 'subscriptions'> | undefined,
  app: AppSubscriptions | undefined,
  topic: string,
): string[] {
  const own = [...(shop?.subscriptions.values() ?? [])].filter((one) => topicName(one.topic) === topic);
  const all = own.map((one) => one.uri);
  if (app?.topics.includes(topic) === true) all.push(app.uri);
  return [...new Set(all)];
}

/** Posts them. Gives what was not taken and may be tried again. */
export async function deliver(
  world: World,
  waiting: readonly PendingWebhook[],
  addresses: (one: PendingWebhook) => string[],
  given: { apiVersion: string; random: Random } & DeliveryOptions,
): Promise<{ statuses: number[]; again: PendingWebhook[] }> {
  const posts = waiting.flatMap((one) =>
    addresses(one).flatMap((uri) =>
      Array.from({ length: 1 + (given.duplicates ?? 0) }, (_, copy) => ({
        one,
        uri: given.to ?? uri,
        raw: signedWebhook(world, one, given.apiVersion, copy),
      })),
    ),
  );
  if (given.shuffle === true) shuffle(posts, given.random);
  const statuses: number[] = [];
  const again = new Set<PendingWebhook>();
  for (const { one, uri, raw } of posts) {
    const status = await post(uri, raw);
    statuses.push(status);
    if (status < 200 || status >= 300) again.add(one);
  }
  for (const one of again) one.attempts++;
  return { statuses, again: [...again].filter((one) => one.attempts <= TRIES) };
}

async function post(uri: string, { headers, body }: RawWebhook): Promise<number> {
  try {
    const response = await fetch(uri, { method: 'POST', headers, body: Buffer.from(body) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // Nobody there: as good as a 503.
    return 503;
  }
}

/** Fisher–Yates */
function shuffle(list: unknown[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
}
