/** One person, by primary keys and the person's own index entries only. */
import type { StoreTransaction } from '../database/connect.ts';

export function customerFacts(tx: StoreTransaction, id: string) {
  return tx.db
    .selectFrom('customers')
    .leftJoin('customer_totals', (join) =>
      join
        .onRef('customer_totals.customer_id', '=', 'customers.id')
        .onRef('customer_totals.store_id', '=', 'customers.store_id'),
    )
    .select([
      'customers.id',
      'customers.key',
      'customers.first_name as firstName',
      'customers.last_name as lastName',
      'customers.email',
      'customers.country',
      'customers.language',
      'customers.time_zone as timeZone',
      'customers.time_zone_source as timeZoneSource',
      'customer_totals.purchase_days as purchaseDays',
      'customer_totals.orders',
      'customer_totals.revenue',
      'customer_totals.first_order_at as firstOrderAt',
      'customer_totals.last_order_at as lastOrderAt',
    ])
    .where('customers.store_id', '=', tx.storeId)
    .where('customers.id', '=', id)
    .executeTakeFirst();
}

export function customerScore(tx: StoreTransaction, version: number, id: string) {
  return tx.db
    .selectFrom('scores')
    .select([
      'state',
      'p_alive as alive',
      'p_return_90 as returnChance90',
      'expected_orders_365 as expectedOrders365',
      'expected_value_365 as expectedValue365',
      'value_at_risk as valueAtRisk',
      'usual_interval_days as usualIntervalDays',
      'days_since_last as daysSinceLast',
      'next_order_at as nextOrderAt',
      'next_order_low as nextOrderLow',
      'next_order_high as nextOrderHigh',
      'life_stage as lifeStage',
      'reasons',
    ])
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .where('customer_id', '=', id)
    .executeTakeFirst();
}

/** What the models of mail say of the next one; undefined: nothing. */
export function customerMailScore(tx: StoreTransaction, version: number, id: string) {
  return tx.db
    .selectFrom('mail_scores')
    .select([
      'best_hour as bestHour',
      'click_chance as clickChance',
      'leave_chance as leaveChance',
      'uplift',
      'offer_uplift as offerUplift',
    ])
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .where('customer_id', '=', id)
    .executeTakeFirst();
}

/** Products that surest go with what the person owns and does not own yet, with the one that says so. */
export function nextProductsOf(
  tx: StoreTransaction,
  id: string,
  limit: number,
): Promise<{ name: string; because: string; share: number }[]> {
  return tx.rows<{ name: string; because: string; share: number }>(
    `WITH owned AS (
       SELECT DISTINCT product_id FROM orders o JOIN order_lines l ON l.store_id = $1 AND l.order_id = o.id CROSS JOIN unnest(l.product_ids) product_id
       WHERE o.store_id = $1 AND o.customer_id = $2 AND o.kind = 'sale' AND product_id IS NOT NULL
     ), best AS (
       SELECT DISTINCT ON (g.next_id) g.next_id, g.product_id, g.surely, g.confidence
       FROM owned JOIN product_pairs g ON g.store_id = $1 AND g.product_id = owned.product_id
       WHERE g.next_id NOT IN (SELECT product_id FROM owned)
       ORDER BY g.next_id, g.surely DESC, g.product_id
     )
     SELECT p.name, b.name AS because, best.confidence AS share
     FROM best JOIN products p ON p.store_id = $1 AND p.id = best.next_id JOIN products b ON b.store_id = $1 AND b.id = best.product_id
     ORDER BY best.surely DESC, p.external_id LIMIT $3`,
    [tx.storeId, id, limit],
  );
}

/** The newest orders and returns, newest first. */
export function customerOrders(tx: StoreTransaction, id: string, limit: number) {
  return tx.db
    .selectFrom('orders')
    .select(['ordered_at as at', 'kind', 'amount', 'currency'])
    .where('store_id', '=', tx.storeId)
    .where('customer_id', '=', id)
    .orderBy('ordered_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Mails to this person, newest plan first. */
export function customerMessages(tx: StoreTransaction, id: string, limit: number) {
  return tx.db
    .selectFrom('messages')
    .innerJoin('campaigns', 'campaigns.id', 'messages.campaign_id')
    .innerJoin('variants', 'variants.id', 'messages.variant_id')
    .leftJoin('outcomes', (join) =>
      join
        .onRef('outcomes.campaign_id', '=', 'messages.campaign_id')
        .onRef('outcomes.customer_id', '=', 'messages.customer_id'),
    )
    .select([
      'messages.id',
      'messages.campaign_id as campaignId',
      'campaigns.name as campaignName',
      'variants.subject',
      'messages.state',
      'messages.state_reason as stateReason',
      'messages.scheduled_at as scheduledAt',
      'messages.accepted_at as acceptedAt',
      'messages.delivered_at as deliveredAt',
      'messages.opened_at as openedAt',
      'messages.clicked_at as clickedAt',
      'messages.bounced_at as bouncedAt',
      'messages.complained_at as complainedAt',
      'messages.unsubscribed_at as unsubscribedAt',
      'outcomes.first_order_at as orderedAt',
      'outcomes.revenue',
    ])
    .where('messages.store_id', '=', tx.storeId)
    .where('messages.customer_id', '=', id)
    .orderBy('messages.scheduled_at', 'desc')
    .orderBy('messages.id')
    .limit(limit)
    .execute();
}

/** Where campaigns' draws put this person without writing to them. */
export function customerDraws(tx: StoreTransaction, id: string, limit: number) {
  return tx.db
    .selectFrom('holdouts')
    .innerJoin('campaigns', 'campaigns.id', 'holdouts.campaign_id')
    .select([
      'holdouts.campaign_id as campaignId',
      'campaigns.name as campaignName',
      'holdouts.arm',
      'holdouts.reason',
      'holdouts.decided_at as at',
    ])
    .where('holdouts.store_id', '=', tx.storeId)
    .where('holdouts.customer_id', '=', id)
    .where('holdouts.arm', '!=', 'treated')
    .orderBy('holdouts.decided_at', 'desc')
    .orderBy('holdouts.campaign_id')
    .limit(limit)
    .execute();
}

/** What the person allowed, newest first. */
export function customerConsents(tx: StoreTransaction, id: string) {
  return tx.db
    .selectFrom('consents')
    .select(['state', 'basis', 'at', 'source'])
    .where('store_id', '=', tx.storeId)
    .where('customer_id', '=', id)
    .where('channel', '=', 'email')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(20)
    .execute();
}

/** Why the address behind this hash gets nothing; null: it may get mail. */
export async function suppressionReason(tx: StoreTransaction, addressHash: string): Promise<string | null> {
  const row = await tx.db
    .selectFrom('suppressions')
    .select('reason')
    .where('store_id', '=', tx.storeId)
    .where('address_hash', '=', addressHash)
    .executeTakeFirst();
  return row?.reason ?? null;
}
