/** People without a message, and messages for them, by the ten thousand. */
import { z } from 'zod';
import type { StoreTransaction } from '../database/connect.ts';
import { askedLanguages } from '../preferences/index.ts';
import type { Dealing } from './deal.ts';
import type { HourSource } from './moment.ts';
import { withOrders } from './whereabouts.store.ts';
import type { ZoneSource } from './zone.ts';

export interface Campaign {
  id: string;
  key: string;
  sendFrom: Date;
  sendUntil: Date;
  scoreVersion: number;
  randomHourShare: number | undefined;
  dealing: Dealing;
}

export interface Person {
  customerId: string;
  /** Null: erased since the draw */
  key: string | null;
  variantKey: string | null;
  timeZone: string | null;
  timeZoneSource: string | null;
  country: string | null;
  /** When she bought, where nothing else tells where she lives */
  bought?: Date[];
  language: string | null;
  bestHour: number | null;
}

export type NewMessage = {
  id: string;
  customerId: string;
  variantId: string;
  timeZone: string;
  zoneSource: ZoneSource;
} & (
  | { state: 'scheduled'; at: Date; hour: number; source: HourSource }
  /** Waits for the day of its batch */
  | { state: 'planned' }
  | { state: 'dropped'; reason: string }
);

const ERASED = { key: null, timeZone: null, timeZoneSource: null, country: null, language: null };

/** What this room needs of a plan; the whole of it belongs to core/campaigns. */
const plan = z.object({
  randomHourShare: z.number().min(0).max(1).optional(),
  dealing: z.enum(['even', 'winner', 'thompson']).default('even'),
});

/** Campaigns that are running, oldest first; journeys have no window and are none of these. */
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
    ...readPlan(row.plan),
  }));
}

function readPlan(given: unknown): Pick<Campaign, 'randomHourShare' | 'dealing'> {
  const { randomHourShare, dealing } = plan.parse(given);
  return { randomHourShare, dealing };
}

/** How many treated people have no message yet. Two counts: comparing person by person would look at everybody twice. */
export async function missingMessages(tx: StoreTransaction, campaignId: string): Promise<number> {
  const rows = await tx.rows<{ missing: number }>(
    `SELECT (SELECT count(*) FROM holdouts WHERE store_id = $1 AND campaign_id = $2 AND arm = 'treated')
       - (SELECT count(*) FROM messages WHERE store_id = $1 AND campaign_id = $2 AND step = '' AND occurrence = 1) AS missing`,
    [tx.storeId, campaignId],
  );
  return rows[0]?.missing ?? 0;
}

/**
 * The next treated people by id, from after `after` on; `last` is undefined when there are no more. Only those without a
 * message. One set of ids and then look-ups by key: a join would leave the order of things to statistics, which a table
 * that was filled a moment ago does not have.
 */
export async function nextPeople(
  tx: StoreTransaction,
  campaign: Campaign,
  after: string | undefined,
  limit: number,
): Promise<{ people: Person[]; last: string | undefined }> {
  const treated = await tx.rows<{ id: string; variantKey: string | null }>(
    `SELECT customer_id AS id, variant_key AS "variantKey" FROM holdouts
     WHERE store_id = $1 AND campaign_id = $2 AND arm = 'treated' AND ($3::uuid IS NULL OR customer_id > $3)
     ORDER BY customer_id LIMIT $4`,
    [tx.storeId, campaign.id, after ?? null, limit],
  );
  const ids = treated.map((row) => row.id);
  const there = await tx.rows<{ id: string }>(
    `SELECT customer_id AS id FROM messages
     WHERE store_id = $1 AND campaign_id = $2 AND step = '' AND customer_id = ANY ($3) AND occurrence = 1`,
    [tx.storeId, campaign.id, ids],
  );
  const done = new Set(there.map((row) => row.id));
  const customers = await tx.rows<Omit<Person, 'customerId' | 'variantKey' | 'bestHour'> & { id: string }>(
    `SELECT id, key, time_zone AS "timeZone", time_zone_source AS "timeZoneSource", country, language FROM customers WHERE store_id = $1 AND id = ANY ($2)`,
    [tx.storeId, ids],
  );
  const scores = await tx.rows<{ id: string; bestHour: number }>(
    `SELECT customer_id AS id, best_hour AS "bestHour" FROM scores
     WHERE store_id = $1 AND version = $2 AND customer_id = ANY ($3) AND best_hour IS NOT NULL`,
    [tx.storeId, campaign.scoreVersion, ids],
  );
  const languages = await askedLanguages(tx, ids);
  const customerOf = new Map(customers.map((row) => [row.id, row]));
  const hourOf = new Map(scores.map((row) => [row.id, row.bestHour]));
  const people = treated.flatMap(({ id, variantKey }) => {
    if (done.has(id)) return [];
    const customer = customerOf.get(id) ?? ERASED;
    const { key, timeZone, timeZoneSource, country } = customer;
    const language = languages.get(id) ?? customer.language;
    const bestHour = hourOf.get(id) ?? null;
    return [{ customerId: id, variantKey, key, timeZone, timeZoneSource, country, language, bestHour }];
  });
  return { people: await withOrders(tx, people), last: treated.length < limit ? undefined : ids.at(-1) };
}

export async function loadVariants(
  tx: StoreTransaction,
  campaignId: string,
): Promise<{ id: string; step: string; key: string; language: string }[]> {
  return tx.db
    .selectFrom('variants')
    .select(['id', 'step', 'key', 'language'])
    .where('campaign_id', '=', campaignId)
    .orderBy('key')
    .orderBy('language')
    .execute();
}

/** Those that go together stand together: a batch of delivery then finds its thousand rows on few pages. */
function inTime(messages: NewMessage[]): NewMessage[] {
  const at = (message: NewMessage): number => (message.state === 'scheduled' ? message.at.getTime() : 0);
  return messages.toSorted((one, other) => at(one) - at(other));
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
       scheduled_at timestamptz, time_zone text, zone_source text, hour_source text, local_hour int) ON COMMIT DROP`,
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
      'zone_source',
      'hour_source',
      'local_hour',
    ],
    inTime(messages).map((message) =>
      message.state === 'scheduled'
        ? [
            message.id,
            message.customerId,
            message.variantId,
            'scheduled',
            null,
            message.at,
            message.timeZone,
            message.zoneSource,
            message.source,
            message.hour,
          ]
        : [
            message.id,
            message.customerId,
            message.variantId,
            message.state,
            message.state === 'dropped' ? message.reason : null,
            null,
            message.timeZone,
            message.zoneSource,
            null,
            null,
          ],
    ),
  );
  await tx.run(
    `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, occurrence, variant_id, message_class, state,
       state_reason, scheduled_at, time_zone, zone_source, hour_source, local_hour, created_at)
     SELECT id, $1, $2, '', customer_id, 1, variant_id, 'marketing', state, state_reason, scheduled_at, time_zone,
       zone_source, hour_source, local_hour, $3 FROM new_messages
     ON CONFLICT (store_id, campaign_id, step, customer_id, occurrence) DO NOTHING`,
    [tx.storeId, campaignId, now],
  );
}
