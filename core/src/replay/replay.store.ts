/** Reads what the tables say of one person in one campaign. By keys and the person's own index entries only. */
import { z } from 'zod';
import { loadStore } from '../accounts/index.ts';
import { loadCampaign } from '../campaigns/index.ts';
import { addressHash } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { newestPreferenceSql, preferencesOf } from '../preferences/index.ts';
import { findJourney } from '../journeys/index.ts';
import { loadFacts } from '../events/index.ts';
import type { StageReturns } from '../scoring/index.ts';
import { dealtBatches, holidaysOf } from '../scheduling/index.ts';
import { listSegments } from '../segments/index.ts';
import type {
  Dossier,
  KeptAttempt,
  KeptConsent,
  KeptCustomer,
  KeptEnrolment,
  KeptHoldout,
  KeptMessage,
  KeptOrder,
  KeptRun,
  KeptScore,
  OtherMessage,
} from './dossier.ts';

export type Question = { messageId: string } | { campaignId: string; customerId: string };

/** Changes of mind that are looked at. */
const WISHES = 200;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws `not_found`. */
export async function loadDossier(
  engine: Pick<Engine, 'clock' | 'keys'>,
  tx: StoreTransaction,
  question: Question,
): Promise<Dossier> {
  const ids = Object.values(question);
  if (!ids.every((id) => UUID.test(id))) throw fail('not_found', `${ids.join(', ')} is not an id of this store.`);
  const message = await loadMessage(tx, question);
  const { campaignId, customerId } = 'messageId' in question ? (message ?? missing(question.messageId)) : question;
  const store = await loadStore(tx);
  const campaign = await loadCampaign(tx, campaignId);
  const segments = await listSegments(tx);
  const customer = await loadCustomer(tx, customerId);
  const entry =
    campaign.journeyId === null
      ? undefined
      : await loadEnrolment(tx, campaign.journeyId, { campaignId, customerId, occurrence: message?.occurrence });
  const holdout = entry?.holdout ?? (await loadHoldout(tx, campaignId, customerId));
  const version = entry?.enrolment.scoreVersion ?? campaign.scoreVersion;
  if (!customer && !holdout && !message) throw fail('not_found', `There is no customer ${customerId} in this store.`);
  const run = await loadRun(tx, version);
  return {
    now: engine.clock.now(),
    store,
    campaign,
    segment: segments.find(({ id }) => id === campaign.segmentId),
    customerId,
    customer,
    holdout,
    enrolment: entry?.enrolment,
    message,
    attempts: message ? await loadAttempts(tx, [message]) : [],
    events: message ? ((await loadFacts(tx, [message.id])).get(message.id) ?? []) : [],
    orders: await loadOrders(tx, customerId),
    consents: await loadConsents(tx, customerId),
    preferences: (await preferencesOf(tx, customerId, WISHES)).toReversed(),
    replies: await loadReplies(tx, campaignId, customerId),
    suppression: customer?.email
      ? await loadSuppression(tx, addressHash(engine.keys, tx.storeId, customer.email))
      : undefined,
    imports: await loadImports(tx),
    run,
    score: await loadScore(tx, version, customerId),
    mail: await loadMailScore(tx, version, customerId),
    storeThen: run && !(run.spend && run.chart) ? await loadStoreThen(tx, store.timeZone, run.asOf) : undefined,
    variants: await tx.db
      .selectFrom('variants')
      .select(['id', 'step', 'key', 'language', 'text'])
      .where('store_id', '=', tx.storeId)
      .where('campaign_id', '=', campaignId)
      .orderBy('key')
      .orderBy('language')
      .execute(),
    batches: campaign.plan.dealing === 'even' ? [] : await dealtBatches(tx, campaignId),
    others: await loadOthers(tx, { customerId, email: customer?.email ?? null, messageId: message?.id ?? null }),
    settingsChanged: await loadSettingsChanges(tx),
    holidays: await holidaysOf(store),
  };
}

function missing(id: string): never {
  throw fail('not_found', `There is no message ${id} in this store.`);
}

async function loadMessage(tx: StoreTransaction, question: Question): Promise<KeptMessage | undefined> {
  const all = tx.db.selectFrom('messages').selectAll().where('store_id', '=', tx.storeId);
  const one =
    'messageId' in question
      ? all.where('id', '=', question.messageId)
      : all
          .where('campaign_id', '=', question.campaignId)
          .where('customer_id', '=', question.customerId)
          // Of a journey: the last mail to her.
          .orderBy('occurrence', 'desc')
          .orderBy('created_at', 'desc');
  const row = await one.limit(1).executeTakeFirst();
  return (
    row && {
      id: row.id,
      step: row.step,
      occurrence: row.occurrence,
      customerId: row.customer_id,
      campaignId: row.campaign_id,
      variantId: row.variant_id,
      state: row.state,
      stateReason: row.state_reason,
      scheduledAt: row.scheduled_at,
      notBefore: row.not_before,
      timeZone: row.time_zone,
      zoneSource: row.zone_source,
      hourSource: row.hour_source,
      localHour: row.local_hour,
      acceptedAt: row.accepted_at,
      createdAt: row.created_at,
      moments: {
        delivered: row.delivered_at,
        opened: row.opened_at,
        clicked: row.clicked_at,
        bounced: row.bounced_at,
        complained: row.complained_at,
        unsubscribed: row.unsubscribed_at,
      },
    }
  );
}

async function loadCustomer(tx: StoreTransaction, id: string): Promise<KeptCustomer | undefined> {
  const rows = await tx.rows<KeptCustomer>(
    `SELECT c.id, key, email, phone IS NOT NULL AS "hasPhone", coalesce(q.language, c.language) AS language, country, time_zone AS "timeZone", time_zone_source AS "timeZoneSource",
       country_at AS "countryAt", time_zone_at AS "timeZoneAt"
     FROM customers c ${newestPreferenceSql('c.id')} WHERE c.store_id = $1 AND c.id = $2`,
    [tx.storeId, id],
  );
  return rows[0];
}

async function loadHoldout(
  tx: StoreTransaction,
  campaignId: string,
  customerId: string,
): Promise<KeptHoldout | undefined> {
  const rows = await tx.rows<KeptHoldout>(
    `SELECT arm, reason, draw, variant_key AS "variantKey", offer_reason AS "offerReason", pre_revenue AS "preRevenue", pre_orders AS "preOrders",
       decided_at AS "decidedAt"
     FROM holdouts WHERE store_id = $1 AND campaign_id = $2 AND customer_id = $3`,
    [tx.storeId, campaignId, customerId],
  );
  return rows[0];
}

/** The person's entry into a journey that a mail belongs to, else her last one. */
async function loadEnrolment(
  tx: StoreTransaction,
  journeyId: string,
  one: { campaignId: string; customerId: string; occurrence: number | undefined },
): Promise<{ holdout: KeptHoldout; enrolment: KeptEnrolment } | undefined> {
  const journey = await findJourney(tx, journeyId);
  const [row] = await tx.rows<KeptHoldout & Omit<KeptEnrolment, 'journey'>>(
    `SELECT arm, reason, draw, variant_key AS "variantKey", pre_revenue AS "preRevenue", pre_orders AS "preOrders",
       entered_at AS "decidedAt", occurrence, score_version AS "scoreVersion", state, step, ended_at AS "endedAt",
       end_reason AS "endReason", ARRAY(SELECT at FROM events WHERE store_id = $1 AND customer_id = $3 AND kind = 'reply' ORDER BY at) AS replies
     FROM enrolments WHERE store_id = $1 AND campaign_id = $2 AND customer_id = $3 AND ($4::int IS NULL OR occurrence = $4)
     ORDER BY occurrence DESC LIMIT 1`,
    [tx.storeId, one.campaignId, one.customerId, one.occurrence ?? null],
  );
  if (!row || !journey) return undefined;
  const { occurrence, scoreVersion, state, step, endedAt, endReason, replies, ...holdout } = row;
  return { holdout, enrolment: { journey, occurrence, scoreVersion, state, step, endedAt, endReason, replies } };
}

function loadOrders(tx: StoreTransaction, customerId: string): Promise<KeptOrder[]> {
  return tx.rows<KeptOrder>(
    `SELECT o.ordered_at AS at, o.kind, o.amount, o.platform,
       ARRAY(SELECT DISTINCT product_id::text FROM order_lines l, unnest(l.product_ids) product_id WHERE l.store_id = o.store_id AND l.order_id = o.id
         AND product_id IS NOT NULL ORDER BY 1) AS products
     FROM orders o WHERE o.store_id = $1 AND o.customer_id = $2 ORDER BY o.ordered_at, o.id`,
    [tx.storeId, customerId],
  );
}

function loadConsents(tx: StoreTransaction, customerId: string): Promise<KeptConsent[]> {
  return tx.rows<KeptConsent>(
    `SELECT state, basis, at, source FROM consents WHERE store_id = $1 AND customer_id = $2 AND channel = 'email' ORDER BY at, id`,
    [tx.storeId, customerId],
  );
}

async function loadReplies(tx: StoreTransaction, campaignId: string, customerId: string): Promise<Date[]> {
  const rows = await tx.rows<{ at: Date }>(
    `SELECT at FROM replies WHERE store_id = $1 AND customer_id = $3 AND campaign_id = $2 AND kind = 'person' ORDER BY at`,
    [tx.storeId, campaignId, customerId],
  );
  return rows.map(({ at }) => at);
}

async function loadSuppression(tx: StoreTransaction, hash: string): Promise<Dossier['suppression']> {
  return tx.db
    .selectFrom('suppressions')
    .select(['reason', 'at', 'source'])
    .where('store_id', '=', tx.storeId)
    .where('address_hash', '=', hash)
    .executeTakeFirst();
}

function loadImports(tx: StoreTransaction): Promise<Dossier['imports']> {
  return tx.rows<{ platform: string; at: Date }>(
    `SELECT source AS platform, started_at AS at FROM imports WHERE store_id = $1 AND (state = 'done' OR orders > 0)
     ORDER BY started_at, id`,
    [tx.storeId],
  );
}

const parameters = z.record(z.string(), z.number());
const returns = z.record(
  z.string(),
  z.object({ people: z.number(), back: z.number(), pace: z.number(), gone: z.number() }),
);

async function loadRun(tx: StoreTransaction, version: number): Promise<KeptRun | undefined> {
  const row = await tx.db
    .selectFrom('score_runs')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row) return undefined;
  const models = await tx.rows<{ id: string; name: string; parameters: unknown; holdout: unknown }>(
    `SELECT id, name, parameters, holdout FROM models
     WHERE store_id = $1 AND (id = $2 OR id = $3 OR name = 'control-chart' AND as_of = $4) ORDER BY id`,
    [tx.storeId, row.model_id, row.spend_model_id, row.as_of],
  );
  const chart = models.find(({ name }) => name === 'control-chart');
  const named = (id: string | null): Record<string, number> | null => {
    const model = id === null ? undefined : models.find((one) => one.id === id);
    return model ? parameters.parse(model.parameters) : null;
  };
  return {
    version,
    asOf: row.as_of,
    method: row.method,
    reason: row.reason,
    dataVersion: row.data_version,
    purchase: named(row.model_id),
    spend: named(row.spend_model_id),
    chart: chart ? parameters.parse(chart.parameters) : null,
    returns: chart?.holdout ? (returns.parse(chart.holdout) as StageReturns) : null,
  };
}

async function loadScore(tx: StoreTransaction, version: number, customerId: string): Promise<KeptScore | undefined> {
  return tx.db
    .selectFrom('scores')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

async function loadMailScore(tx: StoreTransaction, version: number, customerId: string): Promise<Dossier['mail']> {
  return tx.db
    .selectFrom('mail_scores')
    .select(['leave_chance as leaveChance', 'uplift', 'offer_net as offerNet'])
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

/** The whole store as of a scoring: looked at only where a run had to do without a model of spend or of gaps. */
async function loadStoreThen(
  tx: StoreTransaction,
  timeZone: string,
  asOf: Date,
): Promise<{ mean: number; repeaters: number }> {
  const [row] = await tx.rows<{ mean: number; repeaters: number }>(
    `SELECT coalesce(greatest(sum(revenue)::float8 / nullif(sum(days), 0), 0), 0) AS mean,
       count(*) FILTER (WHERE days > 1)::int AS repeaters
     FROM (SELECT sum(o.amount) AS revenue,
         count(DISTINCT (o.ordered_at AT TIME ZONE $2)::date) FILTER (WHERE o.kind = 'sale') AS days
       FROM orders o WHERE o.store_id = $1
         AND o.ordered_at <= coalesce((SELECT max(i.started_at) FROM imports i WHERE i.store_id = $1 AND i.source = o.platform
           AND (i.state = 'done' OR i.orders > 0) AND i.started_at <= $3), $3)
       GROUP BY o.customer_id) people WHERE days > 0`,
    [tx.storeId, timeZone, asOf],
  );
  return row ?? { mean: 0, repeaters: 0 };
}

/**
 * The attempts at each of these messages, in order. One in doubt came to an end of its own for each message of which word came.
 * They are looked for among those of their campaigns since they were planned: no index names an attempt's messages.
 */
function loadAttempts(
  tx: StoreTransaction,
  messages: { id: string; campaignId: string; createdAt: Date }[],
): Promise<KeptAttempt[]> {
  return tx.rows<KeptAttempt>(
    `SELECT one.id AS "messageId", row_number() OVER (PARTITION BY one.id ORDER BY a.started_at, a.finished_at NULLS LAST)::int AS token,
       a.provider, a.started_at AS "startedAt",
       CASE WHEN a.outcome = 'in_doubt' AND word.at IS NOT NULL THEN word.at ELSE a.finished_at END AS "finishedAt",
       CASE WHEN a.outcome = 'in_doubt' AND word.at IS NOT NULL THEN CASE WHEN word.kept THEN 'refused' ELSE 'accepted' END
         ELSE a.outcome END AS outcome, a.status
     FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) AS one (id, campaign_id, created_at)
     JOIN attempts a ON a.store_id = $1 AND a.campaign_id = one.campaign_id AND a.started_at >= one.created_at
       AND one.id = ANY (a.message_ids)
     LEFT JOIN LATERAL (SELECT min(e.at) AS at, bool_and(e.kind = 'dropped') AS kept FROM events e
       WHERE e.store_id = $1 AND e.message_id = one.id) word ON true
     ORDER BY 1, 2`,
    [
      tx.storeId,
      messages.map((message) => message.id),
      messages.map((message) => message.campaignId),
      messages.map((message) => message.createdAt),
    ],
  );
}

/** Other messages to the person, and those to whoever shares the address. */
async function loadOthers(
  tx: StoreTransaction,
  one: { customerId: string; email: string | null; messageId: string | null },
): Promise<OtherMessage[]> {
  const rows = await tx.rows<Omit<OtherMessage, 'attempts'>>(
    `SELECT id, step, campaign_id AS "campaignId", customer_id AS "customerId", state, scheduled_at AS "scheduledAt",
       accepted_at AS "acceptedAt", created_at AS "createdAt"
     FROM messages WHERE store_id = $1 AND ($3::uuid IS NULL OR id <> $3) AND customer_id IN
       (SELECT $2::uuid UNION SELECT id FROM customers WHERE store_id = $1 AND email = $4)
     ORDER BY created_at, id`,
    [tx.storeId, one.customerId, one.messageId, one.email],
  );
  const attempts = await loadAttempts(tx, rows);
  return rows.map((row) => ({ ...row, attempts: attempts.filter(({ messageId }) => messageId === row.id) }));
}

async function loadSettingsChanges(tx: StoreTransaction): Promise<Date[]> {
  const rows = await tx.rows<{ at: Date }>(
    `SELECT at FROM audit_entries WHERE store_id = $1 AND action = 'settings.changed' ORDER BY at`,
    [tx.storeId],
  );
  return rows.map(({ at }) => at);
}
