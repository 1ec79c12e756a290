/** People of a journey who have come to a mail and have none yet, and messages for them. */
import type { StoreTransaction } from '../database/connect.ts';
import { newestPreferenceSql } from '../preferences/index.ts';
import type { HourSource } from './moment.ts';
import type { ZoneSource } from './zone.ts';

export interface Run {
  id: string;
  key: string;
  sendDays: number;
  randomHourShare: number;
}

/** Runs of journeys that are on. */
export function openRuns(tx: StoreTransaction): Promise<Run[]> {
  return tx.rows<Run>(
    `SELECT id, key, (plan->>'sendDays')::int AS "sendDays", coalesce((plan->>'randomHourShare')::float8, 0) AS "randomHourShare"
     FROM campaigns WHERE store_id = $1 AND journey_id IS NOT NULL AND state = 'running' ORDER BY planned_at, id`,
    [tx.storeId],
  );
}

/** An enrolment `e` of this store that stands at a mail and has no message for it, as SQL. */
export function waitsForMail(store: string): string {
  return `e.store_id = ${store} AND e.state = 'inside' AND e.due_at IS NULL AND NOT EXISTS (SELECT FROM messages m
    WHERE m.store_id = ${store} AND m.campaign_id = e.campaign_id AND m.step = e.step AND m.customer_id = e.customer_id
      AND m.occurrence = e.occurrence)`;
}

export interface Waiting {
  customerId: string;
  occurrence: number;
  step: string;
  variantKey: string | null;
  /** Null: erased meanwhile */
  key: string | null;
  timeZone: string | null;
  timeZoneSource: string | null;
  country: string | null;
  bought?: Date[];
  language: string | null;
  bestHour: number | null;
}

/** The next people of a run who wait for a mail. The rows are held: who leaves meanwhile waits for us, or we for her. */
export function waitingPeople(tx: StoreTransaction, runId: string, limit: number): Promise<Waiting[]> {
  return tx.rows<Waiting>(
    `SELECT e.customer_id AS "customerId", e.occurrence, e.step, e.variant_key AS "variantKey", c.key, c.time_zone AS "timeZone", c.time_zone_source AS "timeZoneSource", c.country,
       coalesce(q.language, c.language) AS language, (SELECT s.best_hour FROM scores s WHERE s.store_id = $1 AND s.version = e.score_version AND s.customer_id = e.customer_id) AS "bestHour"
     FROM enrolments e LEFT JOIN customers c ON c.store_id = $1 AND c.id = e.customer_id ${newestPreferenceSql('e.customer_id')}
     WHERE ${waitsForMail('$1')} AND e.campaign_id = $2
     ORDER BY e.customer_id, e.occurrence LIMIT $3 FOR NO KEY UPDATE OF e`,
    [tx.storeId, runId, limit],
  );
}

export interface StepMail {
  id: string;
  customerId: string;
  occurrence: number;
  step: string;
  variantId: string;
  timeZone: string;
  zoneSource: ZoneSource;
  /** Null: it is dropped for this reason */
  at: Date | null;
  reason: string | null;
  hour: number | null;
  source: HourSource | null;
}

/** Writes messages; one that is there already stays as it is. Gives how many are new. */
export function addStepMails(tx: StoreTransaction, runId: string, now: Date, mails: StepMail[]): Promise<number> {
  return tx.run(
    `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, occurrence, variant_id, message_class, state, state_reason,
       scheduled_at, time_zone, zone_source, hour_source, local_hour, created_at)
     SELECT n.id, $1, $2, n.step, n.customer, n.occurrence, n.variant, 'marketing', CASE WHEN n.at IS NULL THEN 'dropped' ELSE 'scheduled' END,
       n.reason, n.at, n.zone, n.zone_source, n.source, n.hour, $3
     FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::int[], $8::uuid[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::int[])
       AS n (id, step, customer, occurrence, variant, at, reason, zone, zone_source, source, hour)
     ON CONFLICT (store_id, campaign_id, step, customer_id, occurrence) DO NOTHING`,
    [
      tx.storeId,
      runId,
      now,
      mails.map((one) => one.id),
      mails.map((one) => one.step),
      mails.map((one) => one.customerId),
      mails.map((one) => one.occurrence),
      mails.map((one) => one.variantId),
      mails.map((one) => one.at),
      mails.map((one) => one.reason),
      mails.map((one) => one.timeZone),
      mails.map((one) => one.zoneSource),
      mails.map((one) => one.source),
      mails.map((one) => one.hour),
    ],
  );
}
