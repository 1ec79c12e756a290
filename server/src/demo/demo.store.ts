/** What the demo reads of the tables, and the store it opens. */
import type { StoreTransaction, Transaction } from '@rekindle/core';
import { z } from 'zod';

export async function awaitingApproval(tx: StoreTransaction): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('campaigns')
    .select('id')
    .where('state', '=', 'awaiting_approval')
    .where('journey_id', 'is', null)
    .orderBy('key')
    .execute();
  return rows.map((row) => row.id);
}

export async function hasOrders(tx: StoreTransaction): Promise<boolean> {
  return (await tx.db.selectFrom('orders').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Messages whose fate is not settled yet. */
export async function openMessages(tx: StoreTransaction): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(`SELECT count(*) AS count FROM messages WHERE state = 'scheduled'`);
  return row?.count ?? 0;
}

export interface NewStore {
  organisationId: string;
  storeId: string;
  name: string;
  currency: string;
  timeZone: string;
  country: string;
  language: string;
  website: string;
  senderEmail: string;
  postalAddress: string;
  simulated: boolean;
  drawKey: string;
  settings: Record<string, unknown>;
  connection: { id: string; platform: string; account: string; settings: Record<string, unknown> };
  at: Date;
}

/** Opens a store with its one source of orders. */
export async function insertStore(directory: Transaction, store: NewStore): Promise<void> {
  await directory.db
    .insertInto('organisations')
    .values({ id: store.organisationId, name: store.name, created_at: store.at })
    .execute();
  await directory.db
    .insertInto('stores')
    .values({
      id: store.storeId,
      organisation_id: store.organisationId,
      name: store.name,
      currency: store.currency,
      time_zone: store.timeZone,
      country: store.country,
      language: store.language,
      website: store.website,
      sender_name: store.name,
      sender_email: store.senderEmail,
      postal_address: store.postalAddress,
      simulated: store.simulated,
      draw_key: store.drawKey,
      settings: JSON.stringify(store.settings),
      created_at: store.at,
    })
    .execute();
}

export async function insertConnection(tx: StoreTransaction, store: NewStore): Promise<void> {
  await tx.db
    .insertInto('connections')
    .values({
      id: store.connection.id,
      store_id: store.storeId,
      platform: store.connection.platform,
      account: store.connection.account,
      settings: JSON.stringify(store.connection.settings),
      created_at: store.at,
    })
    .execute();
}

export interface Decided {
  lapsing: number;
  valueAtRisk: number;
}

/** Who was slipping away when history decided, and what that was worth (minor units). */
export async function readDecided(tx: StoreTransaction): Promise<Decided> {
  const [row] = await tx.rows<{ lapsing: number; value: number }>(
    `SELECT count(*) AS lapsing, coalesce(sum(value_at_risk), 0)::bigint AS value
     FROM scores JOIN stores ON stores.id = scores.store_id AND stores.score_version = scores.version
     WHERE life_stage IN ('slipping', 'lapsed')`,
  );
  return { lapsing: row?.lapsing ?? 0, valueAtRisk: row?.value ?? 0 };
}

export interface Totals {
  customers: number;
  orders: number;
  returns: number;
  audience: number;
  holdout: number;
  messages: number;
  accepted: number;
  inDoubt: number;
  opens: number;
  clicks: number;
}

/** Counts over everything the store holds now. Opens and clicks are messages that a person opened or clicked. */
export async function readTotals(tx: StoreTransaction, campaignIds: string[]): Promise<Totals> {
  const [row] = await tx.rows<Totals>(
    `SELECT (SELECT count(*) FROM customer_totals) AS customers,
       (SELECT count(*) FROM orders WHERE kind = 'sale') AS orders,
       (SELECT count(*) FROM orders WHERE kind = 'return') AS returns,
       (SELECT count(*) FROM holdouts WHERE campaign_id = ANY ($1) AND arm IN ('treated', 'holdout')) AS audience,
       (SELECT count(*) FROM holdouts WHERE campaign_id = ANY ($1) AND arm = 'holdout') AS holdout,
       m.* FROM (
         SELECT count(*) AS messages, count(*) FILTER (WHERE state = 'accepted') AS accepted,
           count(*) FILTER (WHERE state = 'in_doubt') AS "inDoubt", count(opened_at) AS opens, count(clicked_at) AS clicks
         FROM messages WHERE campaign_id = ANY ($1)) m`,
    [campaignIds],
  );
  if (!row) throw new Error('no totals');
  return row;
}

export interface Split {
  name: string;
  messages: number;
  accepted: number;
}

export function readByVariant(tx: StoreTransaction, campaignIds: string[]): Promise<Split[]> {
  return tx.rows<Split>(
    `SELECT variants.key || '/' || variants.language AS name, count(*) AS messages, count(*) FILTER (WHERE state = 'accepted') AS accepted
     FROM messages JOIN variants ON variants.id = messages.variant_id WHERE messages.campaign_id = ANY ($1) GROUP BY 1 ORDER BY 1`,
    [campaignIds],
  );
}

export function readByLocalHour(tx: StoreTransaction, campaignIds: string[]): Promise<Split[]> {
  return tx.rows<Split>(
    `SELECT lpad(local_hour::text, 2, '0') AS name, count(*) AS messages, count(*) FILTER (WHERE state = 'accepted') AS accepted
     FROM messages WHERE campaign_id = ANY ($1) AND local_hour IS NOT NULL GROUP BY 1 ORDER BY 1`,
    [campaignIds],
  );
}

export async function readOrdersAfter(
  tx: StoreTransaction,
  campaignIds: string[],
): Promise<{ treated: number; holdout: number }> {
  const rows = await tx.rows<{ arm: string; orders: number }>(
    `SELECT arm, sum(orders)::bigint AS orders FROM outcomes WHERE campaign_id = ANY ($1) GROUP BY arm`,
    [campaignIds],
  );
  const of = (arm: string) => rows.find((row) => row.arm === arm)?.orders ?? 0;
  return { treated: of('treated'), holdout: of('holdout') };
}

/** Whom the campaigns' mails went to, by the platform's id, and when: for comparing with a simulated truth. */
export function readAccepted(tx: StoreTransaction, campaignIds: string[]): Promise<{ customerId: string; at: Date }[]> {
  return tx.rows(
    `SELECT identities.external_id AS "customerId", messages.accepted_at AS at FROM messages JOIN identities USING (store_id, customer_id)
     WHERE campaign_id = ANY ($1) AND messages.accepted_at IS NOT NULL ORDER BY 1`,
    [campaignIds],
  );
}

/** What the newest pull left out; a file is read whole at every pull. */
export async function readRejected(tx: StoreTransaction): Promise<{ total: number; byReason: Record<string, number> }> {
  const row = await tx.db
    .selectFrom('imports')
    .select('rejected')
    .where('state', '=', 'done')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return rejectedRows.parse(row?.rejected ?? {});
}

const rejectedRows = z.object({ total: z.number().default(0), byReason: z.record(z.string(), z.number()).default({}) });

export interface RevenueEffect {
  estimate: number;
  low: number;
  high: number;
  confidence: number;
  verdict: string;
}

/** The effect on revenue as it stood at the last look; one campaign runs at a time in a demo. */
export async function readRevenueEffect(
  tx: StoreTransaction,
  campaignIds: string[],
): Promise<RevenueEffect | undefined> {
  if (campaignIds.length === 0) return undefined;
  return tx.db
    .selectFrom('measurements')
    .select(['estimate', 'low', 'high', 'confidence', 'verdict'])
    .where('campaign_id', 'in', campaignIds)
    .where('metric', '=', 'revenue')
    .orderBy('measured_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}
