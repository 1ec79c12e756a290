/** What writing needs to know of a campaign, and where its variants go. */
import type { StoreTransaction } from '../database/connect.ts';
import { newestPreferenceSql } from '../preferences/index.ts';
import { uuidOf } from '../random.ts';
import type { SoldProduct } from './brief.ts';
import { mailLanguageSql, type MailLanguage } from './language.ts';

/** Languages among the people who will be written to, in alphabetical order. */
export async function languagesOfTreated(
  tx: StoreTransaction,
  campaignId: string,
  storeLanguage: string,
): Promise<MailLanguage[]> {
  const rows = await tx.rows<{ language: MailLanguage }>(
    `SELECT DISTINCT ${mailLanguageSql('coalesce(q.language, c.language)', storeLanguage)} AS language
     FROM holdouts h JOIN customers c ON c.store_id = h.store_id AND c.id = h.customer_id
     ${newestPreferenceSql('h.customer_id')}
     WHERE h.store_id = $1 AND h.campaign_id = $2 AND h.arm = 'treated' ORDER BY 1`,
    [tx.storeId, campaignId],
  );
  return rows.map((row) => row.language);
}

/** Languages among all customers who have an address, in alphabetical order: whoever comes into a journey reads one of them. */
export async function languagesOfStore(tx: StoreTransaction, storeLanguage: string): Promise<MailLanguage[]> {
  const rows = await tx.rows<{ language: MailLanguage }>(
    `SELECT DISTINCT ${mailLanguageSql('coalesce(q.language, c.language)', storeLanguage)} AS language
     FROM customers c ${newestPreferenceSql('c.id')} WHERE c.store_id = $1 AND c.email IS NOT NULL ORDER BY 1`,
    [tx.storeId],
  );
  return rows.map((row) => row.language);
}

/** Products with most buyers in the year before `until`, best first. */
export function bestSellers(tx: StoreTransaction, until: Date, limit: number): Promise<SoldProduct[]> {
  return tx.rows<SoldProduct>(
    `SELECT p.name, p.image_url AS "imageUrl" FROM (
       SELECT product_id, count(DISTINCT o.customer_id) AS buyers
       FROM orders o JOIN order_lines l ON l.store_id = o.store_id AND l.order_id = o.id CROSS JOIN unnest(l.product_ids) product_id
       WHERE o.store_id = $1 AND o.kind = 'sale' AND o.ordered_at > $2::timestamptz - interval '365 days' AND o.ordered_at <= $2
         AND product_id IS NOT NULL
       GROUP BY product_id
     ) sold JOIN products p ON p.store_id = $1 AND p.id = sold.product_id
     ORDER BY sold.buyers DESC, p.external_id LIMIT $3`,
    [tx.storeId, until, limit],
  );
}

/** People asked what goes with what they own; the rest are like them. */
const ASKED = 5000;

/**
 * Next-best products of those who will be written to: what goes with what each of them owns and they do not own yet, by how
 * surely it goes with it, summed over people. Best first; empty where no products are known to go together.
 */
export function nextBest(tx: StoreTransaction, campaignId: string, limit: number): Promise<SoldProduct[]> {
  return tx.rows<SoldProduct>(
    `WITH people AS (
       SELECT customer_id FROM holdouts WHERE store_id = $1 AND campaign_id = $2 AND arm = 'treated'
       ORDER BY draw, customer_id LIMIT ${String(ASKED)}
     ), owned AS (
       SELECT DISTINCT o.customer_id, product_id
       FROM people JOIN orders o ON o.store_id = $1 AND o.customer_id = people.customer_id AND o.kind = 'sale'
       JOIN order_lines l ON l.store_id = $1 AND l.order_id = o.id CROSS JOIN unnest(l.product_ids) product_id
       WHERE product_id IS NOT NULL
     ), votes AS (
       SELECT w.customer_id, g.next_id, max(g.surely) AS surely
       FROM owned w JOIN product_pairs g ON g.store_id = $1 AND g.product_id = w.product_id
       WHERE NOT EXISTS (SELECT FROM owned x WHERE x.customer_id = w.customer_id AND x.product_id = g.next_id)
       GROUP BY 1, 2
     )
     SELECT p.name, p.image_url AS "imageUrl" FROM (
       SELECT next_id, sum(surely) AS score FROM votes GROUP BY next_id
     ) v JOIN products p ON p.store_id = $1 AND p.id = v.next_id
     ORDER BY v.score DESC, p.external_id LIMIT $3`,
    [tx.storeId, campaignId, limit],
  );
}

export interface NewVariant {
  /** '' for a campaign's one mail */
  step: string;
  key: string;
  language: MailLanguage;
  subject: string;
  preheader: string;
  /** The blocks before layout */
  content: unknown;
  html: string;
  text: string;
  writer: string;
}

/** Writes a campaign's variants; those of an earlier, broken-off try are replaced. */
export async function saveVariants(
  tx: StoreTransaction,
  campaignId: string,
  variants: NewVariant[],
  now: Date,
): Promise<void> {
  await tx.db.deleteFrom('variants').where('store_id', '=', tx.storeId).where('campaign_id', '=', campaignId).execute();
  await tx.db
    .insertInto('variants')
    .values(
      variants.map((one) => ({
        ...one,
        id: uuidOf('variant', campaignId, ...(one.step === '' ? [] : [one.step]), one.key, one.language),
        store_id: tx.storeId,
        campaign_id: campaignId,
        content: JSON.stringify(one.content),
        created_at: now,
      })),
    )
    .execute();
}
