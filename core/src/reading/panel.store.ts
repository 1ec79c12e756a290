/** What a panel shows of one person beside her page (customer.store.ts). */
import type { StoreTransaction } from '../database/connect.ts';
import { heldBackInJourney } from '../journeys/index.ts';

/** The customer whom a platform calls so. */
export async function customerOfId(
  tx: StoreTransaction,
  platform: string,
  externalId: string,
): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom('identities')
    .select('customer_id')
    .where('store_id', '=', tx.storeId)
    .where('platform', '=', platform)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row?.customer_id;
}

export interface PanelFacts {
  phone: string | null;
  scoredAt: Date | null;
  planned: boolean;
  heldBack: boolean;
  daysSinceMail: number | null;
}

/** What decides what to do next, beside score and consent (scoring, Situation). */
export async function panelFacts(tx: StoreTransaction, customerId: string, now: Date): Promise<PanelFacts> {
  const [row] = await tx.rows<PanelFacts>(
    `SELECT c.phone, (SELECT r.as_of FROM score_runs r JOIN stores s ON s.id = $1 AND r.version = s.score_version WHERE r.store_id = $1) AS "scoredAt",
       EXISTS (SELECT FROM messages m WHERE m.store_id = $1 AND m.customer_id = c.id AND m.state IN ('planned', 'scheduled')) AS planned,
       EXISTS (SELECT FROM holdouts h JOIN campaigns o ON o.store_id = $1 AND o.id = h.campaign_id
         WHERE h.store_id = $1 AND h.customer_id = c.id AND h.arm = 'holdout' AND o.state IN ('running', 'paused', 'measuring'))
         OR ${heldBackInJourney('c.id', '$3::timestamptz')} AS "heldBack",
       (SELECT floor(extract(epoch FROM $3::timestamptz - max(m.accepted_at)) / 86400)::int FROM messages m
        WHERE m.store_id = $1 AND m.customer_id = c.id) AS "daysSinceMail"
     FROM customers c WHERE c.store_id = $1 AND c.id = $2`,
    [tx.storeId, customerId, now],
  );
  return row ?? { phone: null, scoredAt: null, planned: false, heldBack: false, daysSinceMail: null };
}

export interface TouchFact {
  at: Date;
  /** order, return, a mail's furthest step, what was done in the shop, a consent's state */
  kind: string;
  /** A mail's subject, a page's title */
  text: string | null;
  /** Minor units */
  amount: number | null;
}

/** The newest things between the person and the store, newest first. */
export function touchFacts(tx: StoreTransaction, customerId: string, limit: number): Promise<TouchFact[]> {
  return tx.rows<TouchFact>(
    `SELECT at, kind, text, amount FROM (
       (SELECT ordered_at AS at, CASE kind WHEN 'sale' THEN 'order' ELSE 'return' END AS kind, NULL AS text, amount FROM orders
        WHERE store_id = $1 AND customer_id = $2 ORDER BY ordered_at DESC LIMIT $3)
       UNION ALL
       (SELECT far.at, far.kind, v.subject, NULL FROM messages m JOIN variants v ON v.store_id = $1 AND v.id = m.variant_id
        CROSS JOIN LATERAL (SELECT * FROM (VALUES ('complained', m.complained_at), ('unsubscribed', m.unsubscribed_at), ('bounced', m.bounced_at),
          ('clicked', m.clicked_at), ('opened', m.opened_at), ('sent', m.accepted_at)) AS f (kind, at) WHERE f.at IS NOT NULL LIMIT 1) far
        WHERE m.store_id = $1 AND m.customer_id = $2 ORDER BY far.at DESC LIMIT $3)
       UNION ALL
       (SELECT at, kind, detail ->> 'title', NULL FROM events WHERE store_id = $1 AND customer_id = $2 AND source = 'pixel' ORDER BY at DESC LIMIT $3)
       UNION ALL
       (SELECT at, 'consent_' || state, NULL, NULL FROM consents WHERE store_id = $1 AND customer_id = $2 AND channel = 'email' AND source <> 'public'
          AND state IN ('subscribed', 'unsubscribed') ORDER BY at DESC LIMIT $3)
     ) touches ORDER BY at DESC, kind LIMIT $3`,
    [tx.storeId, customerId, limit],
  );
}
