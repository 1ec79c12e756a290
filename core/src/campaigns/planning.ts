/**
 * Stage: plans one campaign for the win-back segment where none is open and the last one's people are free again. Planning
 * fixes who is written to, who is held back and who is left out, and why; it mails nobody.
 */
import { loadStore } from '../accounts/index.ts';
import { refreshStatistics } from '../database/statistics.ts';
import type { Engine, StageReport } from '../engine.ts';
import { uuidOf } from '../random.ts';
import { drawAudience, keepDraw } from './audience.store.ts';
import { chooseBy } from './choose.ts';
import { audit, campaignsOfSegment, insertCampaign, lockSegment, offerAdvice, upliftAdvice } from './campaign.store.ts';
import { dealOffer } from './offer.ts';
import { nameCampaign, planFor, topicOf } from './plan.ts';
import { mayPlan } from './state.ts';

const SEGMENT = 'win-back';

/** Report: planned (0 or 1) and, where one was, its audience, treated, holdout and left out. */
export function planCampaigns(engine: Engine, storeId: string): Promise<StageReport> {
  return engine.database.inStore(storeId, async (tx): Promise<StageReport> => {
    const now = engine.clock.now();
    const store = await loadStore(tx);
    const segment = await lockSegment(tx, SEGMENT);
    if (!segment) return { planned: 0 };
    const { key, name } = nameCampaign(store, SEGMENT, now);
    const earlier = await campaignsOfSegment(tx, segment.id);
    if (earlier.some((one) => one.key === key) || !mayPlan(earlier, now)) return { planned: 0 };

    const choice = chooseBy(await upliftAdvice(tx, segment.scoredAt), store.settings.audienceLimit);
    const offer = dealOffer(await offerAdvice(tx, segment.scoredAt), {
      offered: store.settings.offer !== null,
      learning: store.settings.offerTest,
    });
    const holdoutShare = store.settings.holdoutShare;
    const funnel = await drawAudience(tx, engine.keys, {
      segmentId: segment.id,
      scoreVersion: segment.scoreVersion,
      rules: { now, scoredAt: segment.scoredAt, cap: store.settings.cap, topic: topicOf(store.settings) },
      limit: choice.limit,
      draw: { drawKey: store.drawKey, campaignKey: key, holdoutShare, controlShare: store.controlShare, offer },
    });
    // A campaign that mails nobody is nothing to approve; the next round looks again.
    if (funnel.treated === 0) return { planned: 0, leftOut: funnel.segment - funnel.audience };

    const id = uuidOf('campaign', storeId, key);
    await keepDraw(tx, id, now);
    const plan = planFor(store, { choice, offer }, now);
    const { scoreVersion } = segment;
    await insertCampaign(tx, {
      id,
      key,
      name,
      segmentId: segment.id,
      journeyId: null,
      plan,
      holdoutShare,
      scoreVersion,
      funnel,
      plannedAt: now,
    });
    await audit(tx, { at: now, actor: 'stage:campaigns', action: 'planned', campaignId: id, detail: { ...funnel } });
    const { audience, treated, holdout } = funnel;
    await refreshStatistics(tx, funnel.segment, ['holdouts']);
    return { planned: 1, audience, treated, holdout, leftOut: funnel.segment - audience };
  });
}
