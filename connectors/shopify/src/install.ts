/**
 * Subscribing to webhooks shop by shop. An app whose shopify.app.toml is deployed needs none of it; where it is not (a shop
 * that a development address serves), this puts the subscriptions right, as often as it is run.
 */
import { z } from 'zod';
import { fail } from '@rekindle/core';
import { shopifyClient, type ClientOptions, type ShopifyClient } from './client.ts';
import { ADD_WEBHOOK, LIST_WEBHOOKS, MOVE_WEBHOOK } from './operations.ts';
import { userErrors } from './schema.ts';
import { SUBSCRIBED_TOPICS } from './webhook-topics.ts';

const page = z.object({
  webhookSubscriptions: z.object({
    nodes: z.array(z.object({ id: z.string(), topic: z.string(), uri: z.string() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});
type Subscription = z.output<typeof page>['webhookSubscriptions']['nodes'][number];

const added = z.object({ webhookSubscriptionCreate: z.object({ userErrors }) });
const moved = z.object({ webhookSubscriptionUpdate: z.object({ userErrors }) });

async function listed(client: ShopifyClient, after: string | null = null): Promise<Subscription[]> {
  const { nodes, pageInfo } = (await client.run(LIST_WEBHOOKS, { after }, page)).webhookSubscriptions;
  return pageInfo.hasNextPage ? [...nodes, ...(await listed(client, pageInfo.endCursor))] : nodes;
}

/** customers/create → CUSTOMERS_CREATE */
function topicConstant(topic: string): string {
  return topic.replace('/', '_').toUpperCase();
}

/** Has every topic told to `uri` (https). Subscriptions that point elsewhere are moved, none is doubled. */
export async function registerShopifyWebhooks(options: ClientOptions, uri: string): Promise<void> {
  const client = shopifyClient(options);
  const there = await listed(client);
  for (const topic of SUBSCRIBED_TOPICS.map(topicConstant)) {
    const same = there.filter((one) => one.topic === topic);
    if (same.some((one) => one.uri === uri)) continue;
    const [old] = same;
    const subscription = { uri };
    const errors = old
      ? (await client.run(MOVE_WEBHOOK, { id: old.id, subscription }, moved)).webhookSubscriptionUpdate.userErrors
      : (await client.run(ADD_WEBHOOK, { topic, subscription }, added)).webhookSubscriptionCreate.userErrors;
    if (errors.length > 0)
      throw fail('connector_refused', `Shopify does not tell ${topic} to ${new URL(uri).host}: is the address https?`);
  }
}
