/** Where people of journeys are, what was sent at each step, and what campaigns so far brought a person. */
import type { StoreTransaction } from '../database/connect.ts';

/** How many people stand, finished or left at a step, by arm. */
export interface StandingCount {
  /** treated, holdout, left_out */
  arm: string;
  /** held_back, inside, finished, left */
  state: string;
  step: string;
  endReason: string | null;
  people: number;
  /** Those of them who ordered in their days */
  ordered: number;
}

export function countStanding(tx: StoreTransaction, runId: string): Promise<StandingCount[]> {
  return tx.rows<StandingCount>(
    `SELECT arm, state, step, end_reason AS "endReason", count(*)::int AS people, count(first_order_at)::int AS ordered
     FROM enrolments WHERE store_id = $1 AND campaign_id = $2 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    [tx.storeId, runId],
  );
}

export interface StepMails {
  step: string;
  variantId: string;
  sent: number;
  /** Waits for its hour */
  waiting: number;
  /** Never went: dropped or refused */
  stopped: number;
  opened: number;
  clicked: number;
  unsubscribed: number;
}

export function countStepMails(tx: StoreTransaction, runId: string): Promise<StepMails[]> {
  return tx.rows<StepMails>(
    `SELECT step, variant_id AS "variantId", count(*) FILTER (WHERE state = 'accepted')::int AS sent,
       count(*) FILTER (WHERE state IN ('planned', 'scheduled', 'in_doubt'))::int AS waiting,
       count(*) FILTER (WHERE state IN ('dropped', 'refused'))::int AS stopped, count(opened_at)::int AS opened,
       count(clicked_at)::int AS clicked, count(unsubscribed_at)::int AS unsubscribed
     FROM messages WHERE store_id = $1 AND campaign_id = $2 GROUP BY 1, 2 ORDER BY 1, 2`,
    [tx.storeId, runId],
  );
}

export interface PastEffect {
  /** Minor units a person mailed */
  estimate: number;
  low: number;
  high: number;
}

/**
 * What mails brought a person so far, in the newest looks of all that was measured and is sound. Campaigns draw independently:
 * squares of half-widths add up. Null: nothing was measured yet.
 */
export async function pastEffect(tx: StoreTransaction): Promise<PastEffect | null> {
  const [row] = await tx.rows<{ estimate: number | null; half: number | null; people: number | null }>(
    `SELECT sum(estimate)::float8 AS estimate, sqrt(sum(((high - low) / 2) ^ 2))::float8 AS half, sum(treated)::int AS people FROM (
       SELECT DISTINCT ON (campaign_id) estimate, low, high, treated, verdict, detail FROM measurements
       WHERE store_id = $1 AND metric = 'revenue' ORDER BY campaign_id, measured_at DESC) looks
     WHERE verdict <> 'broken' AND (detail->>'enough')::boolean`,
    [tx.storeId],
  );
  if (!row?.people || row.estimate === null || row.half === null) return null;
  const { estimate, half, people } = row;
  return { estimate: estimate / people, low: (estimate - half) / people, high: (estimate + half) / people };
}

/** What the people of a segment are worth a year, as they are scored, minor units. */
export async function worthOfSegment(
  tx: StoreTransaction,
  segmentId: string,
): Promise<{ people: number; risk: number }> {
  const [row] = await tx.rows<{ people: number; risk: number }>(
    `SELECT count(*)::int AS people, coalesce(sum(s.value_at_risk), 0)::float8 AS risk
     FROM segment_members g JOIN stores t ON t.id = g.store_id
     LEFT JOIN scores s ON s.store_id = g.store_id AND s.version = t.score_version AND s.customer_id = g.customer_id
     WHERE g.store_id = $1 AND g.segment_id = $2`,
    [tx.storeId, segmentId],
  );
  return row ?? { people: 0, risk: 0 };
}

export interface StepVariant {
  id: string;
  step: string;
  key: string;
  language: string;
  subject: string;
  preheader: string;
  html: string;
  text: string;
  writer: string;
}

export function listStepVariants(tx: StoreTransaction, runId: string): Promise<StepVariant[]> {
  return tx.db
    .selectFrom('variants')
    .select(['id', 'step', 'key', 'language', 'subject', 'preheader', 'html', 'text', 'writer'])
    .where('store_id', '=', tx.storeId)
    .where('campaign_id', '=', runId)
    .orderBy('step')
    .orderBy('language')
    .orderBy('key')
    .execute();
}
