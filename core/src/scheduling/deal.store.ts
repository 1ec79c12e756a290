/** Batches of a campaign that is dealt day by day: their log, what is known of the versions, and the mails that wait for their day. */
import { z } from 'zod';
import type { StoreTransaction } from '../database/connect.ts';
import type { VariantRecord } from '../measurement/index.ts';
import { newestPreferenceSql } from '../preferences/index.ts';
import type { LoggedBatch } from './deal.ts';
import type { HourSource } from './moment.ts';
import type { ZoneSource } from './zone.ts';

const records = z.array(z.object({ key: z.string(), trials: z.number(), successes: z.number() }));
const shares = z.array(z.object({ key: z.string(), share: z.number() }));
const rule = z.enum(['even', 'winner', 'thompson']);

/** Batches dealt so far, in order. */
export async function dealtBatches(tx: StoreTransaction, campaignId: string): Promise<LoggedBatch[]> {
  const rows = await tx.db
    .selectFrom('allocations')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .where('campaign_id', '=', campaignId)
    .orderBy('batch')
    .execute();
  return rows.map((row) => ({
    batch: row.batch,
    rule: rule.parse(row.rule),
    records: records.parse(row.records),
    shares: shares.parse(row.shares),
    decidedAt: row.decided_at,
  }));
}

/** Logs a batch; the first to say so wins. */
export async function logBatch(tx: StoreTransaction, campaignId: string, batch: LoggedBatch): Promise<void> {
  await tx.db
    .insertInto('allocations')
    .values({
      store_id: tx.storeId,
      campaign_id: campaignId,
      batch: batch.batch,
      rule: batch.rule,
      records: JSON.stringify(batch.records),
      shares: JSON.stringify(batch.shares),
      decided_at: batch.decidedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Mails that went with each version, and those that a person clicked. */
export function variantRecords(tx: StoreTransaction, campaignId: string): Promise<VariantRecord[]> {
  return tx.rows<VariantRecord>(
    `SELECT v.key, coalesce(sum(n.trials), 0)::int AS trials, coalesce(sum(n.successes), 0)::int AS successes
     FROM variants v LEFT JOIN (
       SELECT variant_id, count(*) AS trials, count(clicked_at) AS successes FROM messages
       WHERE store_id = $1 AND campaign_id = $2 AND state = 'accepted' GROUP BY variant_id) n ON n.variant_id = v.id
     WHERE v.store_id = $1 AND v.campaign_id = $2 GROUP BY v.key ORDER BY v.key`,
    [tx.storeId, campaignId],
  );
}

export interface WaitingMail {
  id: string;
  customerId: string;
  /** Null: erased since the draw */
  key: string | null;
  timeZone: string | null;
  timeZoneSource: string | null;
  country: string | null;
  bought?: Date[];
  language: string | null;
  bestHour: number | null;
}

/** The next mails of a campaign that wait for their day, by customer. */
export function waitingMails(
  tx: StoreTransaction,
  campaign: { id: string; scoreVersion: number },
  after: string,
  limit: number,
): Promise<WaitingMail[]> {
  return tx.rows<WaitingMail>(
    `SELECT m.id, m.customer_id AS "customerId", c.key, c.time_zone AS "timeZone", c.time_zone_source AS "timeZoneSource", c.country,
       coalesce(q.language, c.language) AS language,
       (SELECT s.best_hour FROM scores s WHERE s.store_id = $1 AND s.version = $3 AND s.customer_id = m.customer_id) AS "bestHour"
     FROM messages m LEFT JOIN customers c ON c.store_id = $1 AND c.id = m.customer_id ${newestPreferenceSql('m.customer_id')}
     WHERE m.store_id = $1 AND m.campaign_id = $2 AND m.state = 'planned' AND m.step = '' AND m.customer_id > $4
     ORDER BY m.customer_id LIMIT $5`,
    [tx.storeId, campaign.id, campaign.scoreVersion, after, limit],
  );
}

export type Release = {
  id: string;
  customerId: string;
  variantKey: string;
  variantId: string;
  timeZone: string;
  zoneSource: ZoneSource;
} & (
  | { state: 'scheduled'; at: Date; hour: number; source: HourSource }
  | { state: 'dropped'; reason: string; at: null; hour: null; source: null }
);

/** Gives mails that waited their version and hour. One that does not wait any more stays as it is. */
export async function releaseMails(tx: StoreTransaction, campaignId: string, mails: Release[]): Promise<void> {
  if (mails.length === 0) return;
  await tx.run(
    `UPDATE messages m SET state = r.state, state_reason = r.reason, variant_id = r.variant, scheduled_at = r.at,
       time_zone = r.zone, zone_source = r.zone_source, hour_source = r.source, local_hour = r.hour
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::int[])
       AS r (id, state, reason, variant, at, zone, zone_source, source, hour)
     WHERE m.store_id = $1 AND m.campaign_id = $2 AND m.id = r.id AND m.state = 'planned'`,
    [
      tx.storeId,
      campaignId,
      mails.map((one) => one.id),
      mails.map((one) => one.state),
      mails.map((one) => (one.state === 'dropped' ? one.reason : null)),
      mails.map((one) => one.variantId),
      mails.map((one) => one.at),
      mails.map((one) => one.timeZone),
      mails.map((one) => one.zoneSource),
      mails.map((one) => one.source),
      mails.map((one) => one.hour),
    ],
  );
  await tx.run(
    `UPDATE holdouts h SET variant_key = r.key FROM unnest($3::uuid[], $4::text[]) AS r (customer, key)
     WHERE h.store_id = $1 AND h.campaign_id = $2 AND h.customer_id = r.customer AND h.variant_key IS DISTINCT FROM r.key`,
    [tx.storeId, campaignId, mails.map((one) => one.customerId), mails.map((one) => one.variantKey)],
  );
}
