/** The history of what people asked for: added to, and the newest of each person counts. */
import { UNDER_WAY } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Preference } from './preference.ts';

/** One row of the history. */
export interface KeptPreference extends Preference {
  id: string;
  at: Date;
  source: string;
}

const COLUMNS = `id::text, at, source, topics_off AS "topicsOff", days_between AS "daysBetween", paused_until AS "pausedUntil", language`;

/** What the person asked for, newest first, at most `limit` rows. */
export function preferencesOf(tx: StoreTransaction, customerId: string, limit: number): Promise<KeptPreference[]> {
  return tx.rows<KeptPreference>(
    `SELECT ${COLUMNS} FROM preferences WHERE store_id = $1 AND customer_id = $2 ORDER BY at DESC, preferences.id DESC LIMIT $3`,
    [tx.storeId, customerId, limit],
  );
}

/** Adds to the history. */
export async function addPreference(
  tx: StoreTransaction,
  one: Preference & { customerId: string; at: Date; source: string },
): Promise<void> {
  await tx.run(
    `INSERT INTO preferences (store_id, customer_id, at, source, topics_off, days_between, paused_until, language)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tx.storeId, one.customerId, one.at, one.source, one.topicsOff, one.daysBetween, one.pausedUntil, one.language],
  );
}

/**
 * Joins the newest preference of a person as `q`: `LEFT JOIN LATERAL …`. `customer` is an expression of the caller's query,
 * never from outside; $1 is the store, as everywhere.
 */
export function newestPreferenceSql(customer: string): string {
  return `LEFT JOIN LATERAL (SELECT n.topics_off, n.days_between, n.paused_until, n.language FROM preferences n
    WHERE n.store_id = $1 AND n.customer_id = ${customer} ORDER BY n.at DESC, n.id DESC LIMIT 1) q ON true`;
}

/**
 * preference.ts, askedFor, as an expression over `q` (newestPreferenceSql): the reason, or null. `topic` and `now` are
 * expressions; `mailedAfter` gives one that is true where a mail went to the person, or is going, after an instant.
 */
export function askedSql(mail: { topic: string; now: string; mailedAfter: (since: string) => string }): string {
  return `CASE WHEN q.paused_until > ${mail.now} THEN 'asked_pause' WHEN ${mail.topic} = ANY (q.topics_off) THEN 'asked_topic'
    WHEN q.days_between IS NOT NULL AND ${mail.mailedAfter(`${mail.now} - q.days_between * interval '24 hours'`)} THEN 'asked_fewer' END`;
}

/** The languages that these people asked for, by person; who asked for none is not in it. */
export async function askedLanguages(tx: StoreTransaction, customerIds: string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; language: string | null }>(
    `SELECT DISTINCT ON (customer_id) customer_id AS id, language FROM preferences
     WHERE store_id = $1 AND customer_id = ANY ($2) ORDER BY customer_id, at DESC, preferences.id DESC`,
    [tx.storeId, customerIds],
  );
  return new Map(rows.flatMap(({ id, language }) => (language === null ? [] : [[id, language] as const])));
}

/** Gives mails that wait the same version in the language that was asked for, where it is written in it. */
export async function rewordWaiting(tx: StoreTransaction, customerId: string, language: string): Promise<void> {
  await tx.run(
    `UPDATE messages m SET variant_id = w.id FROM variants v, variants w
     WHERE m.store_id = $1 AND m.customer_id = $2 AND m.state IN ('planned', 'scheduled') AND v.id = m.variant_id
       AND m.id NOT IN (${UNDER_WAY})
       AND w.store_id = $1 AND w.campaign_id = v.campaign_id AND w.key = v.key AND w.language = $3 AND w.id <> v.id`,
    [tx.storeId, customerId, language],
  );
}
