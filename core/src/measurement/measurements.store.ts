/** Looks at campaigns: which are due, what each look saw. */
import type { Selectable } from 'kysely';
import type { StoreTransaction } from '../database/connect.ts';
import type { measurements } from '../database/schema.ts';
import { effectDetail, METRICS, VERDICTS, type Effect, type Metric } from './effect.ts';

export interface MeasuredCampaign {
  id: string;
  state: string;
  holdoutShare: number;
  approvedAt: Date;
  measureUntil: Date;
}

/** Campaigns whose window is open or not yet closed by a last look, oldest approval first. */
export async function campaignsToMeasure(tx: StoreTransaction, now: Date): Promise<MeasuredCampaign[]> {
  const rows = await tx.db
    .selectFrom('campaigns')
    .select(['id', 'state', 'holdout_share', 'approved_at', 'measure_until'])
    .where('store_id', '=', tx.storeId)
    .where('state', 'in', ['running', 'paused', 'measuring'])
    .where('approved_at', '<', now)
    .where('measure_until', 'is not', null)
    .where('journey_id', 'is', null)
    .orderBy('approved_at')
    .orderBy('id')
    .execute();
  return rows.flatMap(
    ({ id, state, holdout_share: holdoutShare, approved_at: approvedAt, measure_until: measureUntil }) =>
      approvedAt && measureUntil ? [{ id, state, holdoutShare, approvedAt, measureUntil }] : [],
  );
}

/** Ends a campaign whose window is over. Gives whether it was this call that did. */
export async function completeCampaign(tx: StoreTransaction, campaignId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('campaigns')
    .set({ state: 'completed' })
    .where('store_id', '=', tx.storeId)
    .where('id', '=', campaignId)
    .where('state', 'in', ['running', 'measuring'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Records a look. The same look again replaces itself. */
export async function recordLook(tx: StoreTransaction, effects: Effect[]): Promise<void> {
  await tx.db
    .insertInto('measurements')
    .values(
      effects.map((effect) => ({
        store_id: tx.storeId,
        campaign_id: effect.campaignId,
        metric: effect.metric,
        measured_at: effect.measuredAt,
        treated: effect.treated,
        holdout: effect.holdout,
        treated_mean: effect.treatedMean,
        holdout_mean: effect.holdoutMean,
        estimate: effect.estimate,
        low: effect.low,
        high: effect.high,
        confidence: effect.confidence,
        p_value: effect.pValue,
        verdict: effect.verdict,
        detail: JSON.stringify(effect.detail),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['campaign_id', 'metric', 'measured_at']).doUpdateSet((row) => ({
        treated: row.ref('excluded.treated'),
        holdout: row.ref('excluded.holdout'),
        treated_mean: row.ref('excluded.treated_mean'),
        holdout_mean: row.ref('excluded.holdout_mean'),
        estimate: row.ref('excluded.estimate'),
        low: row.ref('excluded.low'),
        high: row.ref('excluded.high'),
        confidence: row.ref('excluded.confidence'),
        p_value: row.ref('excluded.p_value'),
        verdict: row.ref('excluded.verdict'),
        detail: row.ref('excluded.detail'),
      })),
    )
    .execute();
}

/** The newest look at a campaign, a metric each; null before the first. */
export async function latestEffect(tx: StoreTransaction, campaignId: string): Promise<Record<Metric, Effect> | null> {
  const rows = await tx.db
    .selectFrom('measurements')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .where('campaign_id', '=', campaignId)
    .orderBy('measured_at', 'desc')
    .limit(METRICS.length)
    .execute();
  const effects = rows.map(toEffect);
  const [revenue, orders, return_rate] = METRICS.map((metric) => effects.find((effect) => effect.metric === metric));
  return revenue && orders && return_rate ? { revenue, orders, return_rate } : null;
}

/** Every look at one metric of a campaign, oldest first. */
export async function effectSeries(
  tx: StoreTransaction,
  campaignId: string,
  metric: Metric = 'revenue',
): Promise<Effect[]> {
  const rows = await tx.db
    .selectFrom('measurements')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .where('campaign_id', '=', campaignId)
    .where('metric', '=', metric)
    .orderBy('measured_at')
    .execute();
  return rows.map(toEffect);
}

/** Revenue effects of all campaigns approved at or after `since`, by time of the look, then by campaign. */
export async function revenueLooks(tx: StoreTransaction, since: Date): Promise<Effect[]> {
  const rows = await tx.db
    .selectFrom('measurements')
    .innerJoin('campaigns', 'campaigns.id', 'measurements.campaign_id')
    .selectAll('measurements')
    .where('measurements.store_id', '=', tx.storeId)
    .where('measurements.metric', '=', 'revenue')
    .where('campaigns.approved_at', '>=', since)
    .orderBy('measurements.measured_at')
    .orderBy('measurements.campaign_id')
    .execute();
  return rows.map(toEffect);
}

function toEffect(row: Selectable<measurements>): Effect {
  const metric = METRICS.find((one) => one === row.metric);
  const verdict = VERDICTS.find((one) => one === row.verdict);
  if (!metric || !verdict)
    throw new Error(`measurements holds an unknown metric or verdict: ${row.metric}, ${row.verdict}`);
  return {
    campaignId: row.campaign_id,
    metric,
    measuredAt: row.measured_at,
    treated: row.treated,
    holdout: row.holdout,
    treatedMean: row.treated_mean,
    holdoutMean: row.holdout_mean,
    estimate: row.estimate,
    low: row.low,
    high: row.high,
    confidence: row.confidence,
    pValue: row.p_value,
    verdict,
    detail: effectDetail.parse(row.detail),
  };
}
