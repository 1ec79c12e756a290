/**
 * The stage: looks at every campaign and journey that is being measured. It counts by intention to treat: whoever was drawn to be written
 * to counts as treated, whether the mail arrived or not, or the two groups would no longer be alike.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine, StageReport } from '../engine.ts';
import { judge, type Effect } from './effect.ts';
import { runsToMeasure, type MeasuredRun } from './enrolments.store.ts';
import { lookAtRun } from './journey.ts';
import {
  campaignsToMeasure,
  completeCampaign,
  latestEffect,
  recordLook,
  type MeasuredCampaign,
} from './measurements.store.ts';
import { attributeOrders, countOutcomes, joinAsSets, revenueCap, sumOutcomes } from './outcomes.store.ts';

/** Counts outcomes, records a look where there is news, and completes campaigns whose window is over. */
export async function measure(
  engine: Pick<Engine, 'database' | 'clock' | 'progress'>,
  storeId: string,
): Promise<StageReport> {
  const now = engine.clock.now();
  const { store, campaigns, runs } = await engine.database.inStore(storeId, async (tx) => ({
    store: await loadStore(tx),
    campaigns: await campaignsToMeasure(tx, now),
    runs: await runsToMeasure(tx, now),
  }));
  const report = { campaigns: campaigns.length, journeys: runs.length, outcomes: 0, looks: 0, completed: 0 };
  for (const [done, campaign] of campaigns.entries()) {
    engine.progress?.({ stage: 'measurement', done, total: campaigns.length });
    const one = await engine.database.inStore(storeId, (tx) => look(tx, campaign, store, now));
    report.outcomes += one.outcomes;
    report.looks += Number(one.recorded);
    report.completed += Number(one.completed);
  }
  for (const run of runs) {
    const one = await engine.database.inStore(storeId, (tx) => lookAgain(tx, run, store, now));
    report.outcomes += one.outcomes;
    report.looks += Number(one.recorded);
  }
  engine.progress?.({ stage: 'measurement', done: campaigns.length, total: campaigns.length });
  return report;
}

/** The same for a journey. */
async function lookAgain(
  tx: StoreTransaction,
  run: MeasuredRun,
  store: Store,
  now: Date,
): Promise<{ outcomes: number; recorded: boolean }> {
  const over = run.measureUntil !== null && now >= run.measureUntil;
  const last = await latestEffect(tx, run.id);
  if (!over && last?.revenue.detail.dataVersion === store.dataVersion && isSameDay(last.revenue.measuredAt, now))
    return { outcomes: 0, recorded: false };
  const { outcomes, effects } = await lookAtRun(tx, run, store, now);
  const recorded =
    effects.length > 0 && (!last || over || effects.some((effect) => isNews(effect, last[effect.metric])));
  if (recorded) await recordLook(tx, effects);
  return { outcomes, recorded };
}

async function look(
  tx: StoreTransaction,
  campaign: MeasuredCampaign,
  { currency, dataVersion }: Store,
  now: Date,
): Promise<{ outcomes: number; recorded: boolean; completed: boolean }> {
  const over = now >= campaign.measureUntil;
  const last = await latestEffect(tx, campaign.id);
  if (!over && last?.revenue.detail.dataVersion === dataVersion && isSameDay(last.revenue.measuredAt, now))
    return { outcomes: 0, recorded: false, completed: false };
  const window = {
    campaignId: campaign.id,
    from: campaign.approvedAt,
    until: over ? campaign.measureUntil : now,
    currency,
  };
  await joinAsSets(tx);
  const outcomes = await countOutcomes(tx, window, now);
  const cap = last ? last.revenue.detail.cap : await revenueCap(tx, campaign.id);
  const effects = judge({
    campaignId: campaign.id,
    currency,
    holdoutShare: campaign.holdoutShare,
    from: campaign.approvedAt,
    until: campaign.measureUntil,
    now,
    cap,
    ...(await sumOutcomes(tx, campaign.id, cap)),
    attributed: await attributeOrders(tx, window),
    dataVersion,
  });
  const recorded = !last || effects.some((effect) => isNews(effect, last[effect.metric]));
  if (recorded) await recordLook(tx, effects);
  const completed = over && (await completeCampaign(tx, campaign.id));
  return { outcomes, recorded, completed };
}

function isSameDay(one: Date, other: Date): boolean {
  return one.toISOString().slice(0, 10) === other.toISOString().slice(0, 10);
}

/** A later day, another verdict or other figures; the hours of one day in which nobody did anything are none. */
function isNews(effect: Effect, last: Effect): boolean {
  return (
    !isSameDay(effect.measuredAt, last.measuredAt) ||
    effect.verdict !== last.verdict ||
    effect.treated !== last.treated ||
    effect.holdout !== last.holdout ||
    effect.treatedMean !== last.treatedMean ||
    effect.holdoutMean !== last.holdoutMean ||
    effect.detail.attributed.orders !== last.detail.attributed.orders
  );
}
