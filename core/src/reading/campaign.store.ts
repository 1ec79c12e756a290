/** What one campaign planned, sent and caused, summed up in the database. */
import type { StoreTransaction } from '../database/connect.ts';

export interface MessageCounts {
  variantId: string;
  /** 0..23, the recipients' own clocks; null: no hour yet */
  localHour: number | null;
  /** scheduled, claimed, accepted, refused, in_doubt, dropped */
  state: string;
  messages: number;
  delivered: number;
  opened: number;
  clicked: number;
  bounced: number;
  complained: number;
  unsubscribed: number;
}

/** One walk over the campaign's messages, counted by all that the page tells apart. */
export function countMessages(tx: StoreTransaction, campaignId: string): Promise<MessageCounts[]> {
  return tx.rows<MessageCounts>(
    `SELECT variant_id AS "variantId", local_hour AS "localHour", state, count(*) AS messages,
            count(delivered_at) AS delivered, count(opened_at) AS opened, count(clicked_at) AS clicked,
            count(bounced_at) AS bounced, count(complained_at) AS complained, count(unsubscribed_at) AS unsubscribed
       FROM messages WHERE store_id = $1 AND campaign_id = $2
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [tx.storeId, campaignId],
  );
}

export interface OutcomeCounts {
  /** treated, holdout */
  arm: string;
  people: number;
  /** People with an order after the draw */
  ordered: number;
  /** Minor units */
  revenue: number;
}

export function countOutcomes(tx: StoreTransaction, campaignId: string): Promise<OutcomeCounts[]> {
  return tx.rows<OutcomeCounts>(
    `SELECT arm, count(*) AS people, count(*) FILTER (WHERE orders > 0) AS ordered, sum(revenue)::bigint AS revenue
       FROM outcomes WHERE store_id = $1 AND campaign_id = $2 GROUP BY arm ORDER BY arm`,
    [tx.storeId, campaignId],
  );
}

export interface AgentCounts {
  /** human, machine, unknown */
  agent: string;
  kind: 'open' | 'click';
  /** Mails opened or clicked by such an agent at least once */
  messages: number;
}

/** Opens and clicks of the campaign's mails by who did them: robots, prefetchers and link scanners apart from people. */
export function countAgents(tx: StoreTransaction, campaignId: string): Promise<AgentCounts[]> {
  return tx.rows<AgentCounts>(
    `SELECT e.agent, e.kind, count(DISTINCT e.message_id) AS messages
     FROM messages m JOIN events e ON e.store_id = $1 AND e.message_id = m.id AND e.kind IN ('open', 'click')
     WHERE m.store_id = $1 AND m.campaign_id = $2 GROUP BY 1, 2 ORDER BY 1, 2`,
    [tx.storeId, campaignId],
  );
}

export function listVariants(tx: StoreTransaction, campaignId: string) {
  return tx.db
    .selectFrom('variants')
    .select(['id', 'key', 'language', 'weight', 'subject', 'preheader', 'html', 'text', 'writer'])
    .where('store_id', '=', tx.storeId)
    .where('campaign_id', '=', campaignId)
    .orderBy('language')
    .orderBy('key')
    .execute();
}
