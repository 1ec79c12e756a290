/** People without a message, and messages for them, by the ten thousand. */
import { z } from 'zod';
import type { StoreTransaction } from '../database/connect.ts';
import type { HourSource } from './moment.ts';

export interface Campaign {
  id: string;
  key: string;
  sendFrom: Date;
  sendUntil: Date;
  scoreVersion: number;
  randomHourShare: number | undefined;
}

export interface Person {
  customerId: string;
  key: string;
  variantKey: string | null;
  timeZone: string | null;
  country: string | null;
  language: string | null;
  bestHour: number | null;
}

export type NewMessage = { id: string; customerId: string; variantId: string; timeZone: string } & (
  { state: 'scheduled'; at: Date; hour: number; source: HourSource } | { state: 'dropped'; reason: string }
);

/** What this room needs of a plan; the whole of it belongs to core/campaigns. */
const plan = z.object({ randomHourShare: z.number().min(0).max(1).optional() });

/** Campaigns that are running, oldest first. */
export async function openCampaigns(tx: StoreTransaction): Promise<Campaign[]> {
  const rows = await tx.db
    .selectFrom('campaigns')
    .select(['id', 'key', 'send_from', 'send_until', 'score_version', 'plan'])
    .where('state', '=', 'running')
    .where('send_from', 'is not', null)
    .where('send_until', 'is not', null)
    .orderBy('planned_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    sendFrom: row.send_from as Date,
    sendUntil: row.send_until as Date,
    scoreVersion: row.score_version,
    randomHourShare: plan.parse(row.plan).randomHourShare,
  }));
}

/** Treated people without a message, by id, from after `after` on. */
export async function nextPeople(
  tx: StoreTransaction,
  campaign: Campaign,
  after: string | undefined,
  limit: number,
): Promise<Person[]> {
  return tx.rows<Person>(
    `SELECT c.id AS "customerId", c.key, h.variant_key AS "variantKey", c.time_zone AS "timeZone", c.country, c.language,
       s.best_hour AS "bestHour"
     FROM holdouts h
     JOIN customers c ON c.store_id = h.store_id AND c.id = h.customer_id
     LEFT JOIN scores s ON s.store_id = h.store_id AND s.version = $3 AND s.customer_id = h.customer_id
     WHERE h.store_id = $1 AND h.campaign_id = $2 AND h.arm = 'treated' AND ($4::uuid IS NULL OR h.customer_id > $4)
       AND NOT EXISTS (SELECT FROM messages m WHERE m.store_id = h.store_id AND m.campaign_id = h.campaign_id
         AND m.step = '' AND m.customer_id = h.customer_id AND m.occurrence = 1)
     ORDER BY h.customer_id LIMIT $5`,
    [tx.storeId, campaign.id, campaign.scoreVersion, after ?? null, limit],
  );
}

export async function loadVariants(
  tx: StoreTransaction,
  campaignId: string,
): Promise<{ id: string; key: string; language: string }[]> {
  return tx.db
    .selectFrom('variants')
    .select(['id', 'key', 'language'])
    .where('campaign_id', '=', campaignId)
    .orderBy('key')
    .orderBy('language')
    .execute();
}

/** Writes messages; one that is there already stays as it is. */
export async function addMessages(
  tx: StoreTransaction,
  campaignId: string,
  now: Date,
  messages: NewMessage[],
): Promise<void> {
  await tx.run(
    `CREATE TEMPORARY TABLE new_messages (id uuid, customer_id uuid, variant_id uuid, state text, state_reason text,
       scheduled_at timestamptz, time_zone text, hour_source text, local_hour int) ON COMMIT DROP`,
  );
  await tx.copyIn(
    'new_messages',
    [
      'id',
      'customer_id',
      'variant_id',
      'state',
      'state_reason',
      'scheduled_at',
      'time_zone',
      'hour_source',
      'local_hour',
    ],
    messages.map((message) =>
      message.state === 'scheduled'
        ? [
            message.id,
            message.customerId,
            message.variantId,
            'scheduled',
            null,
            message.at,
            message.timeZone,
            message.source,
            message.hour,
          ]
        : [
            message.id,
            message.customerId,
            message.variantId,
            'dropped',
            message.reason,
            null,
            message.timeZone,
            null,
            null,
          ],
    ),
  );
  await tx.run(
    `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, occurrence, variant_id, message_class, state,
       state_reason, scheduled_at, time_zone, hour_source, local_hour, created_at)
     SELECT id, $1, $2, '', customer_id, 1, variant_id, 'marketing', state, state_reason, scheduled_at, time_zone,
       hour_source, local_hour, $3 FROM new_messages
     ON CONFLICT (store_id, campaign_id, step, customer_id, occurrence) DO NOTHING`,
    [tx.storeId, campaignId, now],
  );
}
