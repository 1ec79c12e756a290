/** Campaigns as rows: read, written and moved from state to state. */
import { z } from 'zod';
import { holdStarts } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { fail } from '../errors.ts';
import { isUuid } from '../random.ts';
import type { UpliftAdvice } from './choose.ts';
import type { OfferAdvice } from './offer.ts';
import { campaignFunnel, campaignPlan, type CampaignFunnel, type CampaignPlan } from './plan.ts';
import { requireMove, type CampaignState } from './state.ts';

export interface Campaign {
  id: string;
  key: string;
  name: string;
  segmentId: string;
  /** The journey that this is a run of; null: one send */
  journeyId: string | null;
  state: CampaignState;
  plan: CampaignPlan;
  holdoutShare: number;
  scoreVersion: number;
  funnel: CampaignFunnel;
  /** The instant of the draw: orders after it count */
  plannedAt: Date;
  approvedAt: Date | null;
  approvedBy: string | null;
  sendFrom: Date | null;
  sendUntil: Date | null;
  measureUntil: Date | null;
}

/** A campaign of this store. Throws `not_found`. */
export async function loadCampaign(tx: StoreTransaction, id: string): Promise<Campaign> {
  const row = await campaigns(tx).where('id', '=', id).executeTakeFirst();
  if (!row) throw fail('not_found', `There is no such campaign in this store.`);
  return asCampaign(row);
}

/** The same; nobody else may change it, and no mail starts, until this transaction ends. */
export async function lockCampaign(tx: StoreTransaction, id: string): Promise<Campaign> {
  await holdStarts(tx);
  const row = isUuid(id) ? await campaigns(tx).where('id', '=', id).forUpdate().executeTakeFirst() : undefined;
  if (!row) throw fail('not_found', `There is no campaign ${id} in this store.`);
  return asCampaign(row);
}

/** The same for whoever changes nothing of the campaign itself: mails of it may start meanwhile. */
export async function holdCampaign(tx: StoreTransaction, id: string): Promise<Campaign> {
  const row = await campaigns(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
  if (!row) throw fail('not_found', `There is no campaign ${id} in this store.`);
  return asCampaign(row);
}

/** Campaigns in a state, oldest first. */
export async function listCampaigns(tx: StoreTransaction, state: CampaignState): Promise<Campaign[]> {
  const rows = await campaigns(tx).where('state', '=', state).orderBy('planned_at').orderBy('id').execute();
  return rows.map(asCampaign);
}

/** Campaigns of a segment, oldest first; runs of journeys are none. */
export async function campaignsOfSegment(tx: StoreTransaction, segmentId: string): Promise<Campaign[]> {
  const rows = await campaigns(tx)
    .where('segment_id', '=', segmentId)
    .where('journey_id', 'is', null)
    .orderBy('planned_at')
    .orderBy('id')
    .execute();
  return rows.map(asCampaign);
}

/** Runs of journeys, oldest first. */
export async function listRuns(tx: StoreTransaction): Promise<Campaign[]> {
  const rows = await campaigns(tx).where('journey_id', 'is not', null).orderBy('planned_at').orderBy('id').execute();
  return rows.map(asCampaign);
}

/** Locks a segment by its key, so that two workers cannot plan for it at once. Undefined: there is none yet. */
export async function lockSegment(
  tx: StoreTransaction,
  key: string,
): Promise<{ id: string; scoreVersion: number; scoredAt: Date } | undefined> {
  const rows = await tx.rows<{ id: string; scoreVersion: number; scoredAt: Date }>(
    `SELECT g.id, g.score_version AS "scoreVersion", r.as_of AS "scoredAt"
     FROM segments g JOIN score_runs r ON r.store_id = g.store_id AND r.version = g.score_version
     WHERE g.store_id = $1 AND g.key = $2 FOR UPDATE OF g`,
    [tx.storeId, key],
  );
  return rows[0];
}

const advice = z.object({ recommendation: z.string(), reason: z.string() });
const offer = z.object({ advice: z.string(), heterogeneity: z.number(), people: z.object({ offered: z.number(), plain: z.number() }) }); // prettier-ignore

/** What the model of uplift of the scoring at `asOf` said; undefined: that scoring had nothing to learn from. */
export async function upliftAdvice(tx: StoreTransaction, asOf: Date): Promise<UpliftAdvice | undefined> {
  const row = await lessonOf(tx, 'uplift', asOf);
  if (!row) return undefined;
  const said = advice.safeParse(row.holdout);
  if (said.success) return said.data;
  const [missing = ''] = z.array(z.string()).parse(row.warnings);
  return { recommendation: null, reason: `Not enough yet: ${missing.replace(/^\w+: /, '')}.` };
}

/** What the model of offers of the scoring at `asOf` said; undefined: that scoring had nothing to learn from. */
export async function offerAdvice(tx: StoreTransaction, asOf: Date): Promise<OfferAdvice | undefined> {
  const row = await lessonOf(tx, 'offer-response', asOf);
  if (!row) return undefined;
  const [missing] = z.array(z.string()).parse(row.warnings);
  if (missing !== undefined)
    return { advice: null, reason: `Not enough yet to say who needs an offer: ${missing.replace(/^\w+: /, '')}.` };
  const said = offer.parse(row.holdout);
  const people = `${String(said.people.offered)} people with it and ${String(said.people.plain)} without`;
  const reason =
    said.advice === 'by_person'
      ? `Past mails to ${people} show that some need the offer and others order without it.`
      : `Past mails to ${people} do not show that people differ in whether they need the offer.`;
  return { advice: said.advice, reason };
}

function lessonOf(tx: StoreTransaction, name: string, asOf: Date) {
  return tx.db
    .selectFrom('models')
    .select(['holdout', 'warnings'])
    .where('store_id', '=', tx.storeId)
    .where('name', '=', name)
    .where('as_of', '=', asOf)
    .executeTakeFirst();
}

export type NewCampaign = Pick<
  Campaign,
  'id' | 'key' | 'name' | 'segmentId' | 'journeyId' | 'plan' | 'holdoutShare' | 'scoreVersion' | 'funnel' | 'plannedAt'
>;

/** Writes a planned campaign as a draft. */
export async function insertCampaign(tx: StoreTransaction, one: NewCampaign): Promise<void> {
  await tx.db
    .insertInto('campaigns')
    .values({
      id: one.id,
      store_id: tx.storeId,
      key: one.key,
      name: one.name,
      segment_id: one.segmentId,
      journey_id: one.journeyId,
      state: 'draft',
      plan: JSON.stringify(one.plan),
      holdout_share: one.holdoutShare,
      score_version: one.scoreVersion,
      funnel: JSON.stringify(one.funnel),
      planned_at: one.plannedAt,
      created_at: one.plannedAt,
    })
    .execute();
}

export interface Approval {
  at: Date;
  by: string;
  /** Null: it goes on until somebody stops it */
  sendUntil: Date | null;
  measureUntil: Date | null;
  /** What is fixed at this moment and not before; else the plan stays as it is */
  plan?: CampaignPlan;
}

/** Moves a locked campaign on. Throws `wrong_state`. */
export async function moveCampaign(
  tx: StoreTransaction,
  campaign: Pick<Campaign, 'id' | 'state'>,
  to: CampaignState,
  approval?: Approval,
): Promise<void> {
  requireMove(campaign.state, to);
  await tx.db
    .updateTable('campaigns')
    .set({
      state: to,
      ...(approval && {
        approved_at: approval.at,
        approved_by: approval.by,
        send_from: approval.at,
        send_until: approval.sendUntil,
        measure_until: approval.measureUntil,
        ...(approval.plan && { plan: JSON.stringify(approval.plan) }),
      }),
    })
    .where('store_id', '=', tx.storeId)
    .where('id', '=', campaign.id)
    .execute();
}

/** No order counts after this instant. */
export async function closeWindow(tx: StoreTransaction, campaignId: string, until: Date): Promise<void> {
  await tx.db
    .updateTable('campaigns')
    .set({ measure_until: until })
    .where('store_id', '=', tx.storeId)
    .where('id', '=', campaignId)
    .execute();
}

/** Writes down who did what to a campaign. */
export async function audit(
  tx: StoreTransaction,
  entry: { at: Date; actor: string; action: string; campaignId: string; detail?: Record<string, unknown> },
): Promise<void> {
  await tx.db
    .insertInto('audit_entries')
    .values({
      store_id: tx.storeId,
      at: entry.at,
      actor: entry.actor,
      action: `campaign.${entry.action}`,
      subject: entry.campaignId,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}

function campaigns(tx: StoreTransaction) {
  return tx.db.selectFrom('campaigns').selectAll().where('store_id', '=', tx.storeId);
}

type Row = Awaited<ReturnType<ReturnType<typeof campaigns>['execute']>>[number];

function asCampaign(row: Row): Campaign {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    segmentId: row.segment_id,
    journeyId: row.journey_id,
    state: row.state as CampaignState,
    plan: campaignPlan.parse(row.plan),
    holdoutShare: row.holdout_share,
    scoreVersion: row.score_version,
    funnel: campaignFunnel.parse(row.funnel),
    plannedAt: row.planned_at,
    approvedAt: row.approved_at,
    approvedBy: row.approved_by,
    sendFrom: row.send_from,
    sendUntil: row.send_until,
    measureUntil: row.measure_until,
  };
}
