/** Drafts the ready-made journeys, one run each, to be written and laid before a person. Drafting mails nobody. */
import { DateTime } from 'luxon';
import type { Store } from '../accounts/index.ts';
import {
  audit,
  campaignPlan,
  insertCampaign,
  listRuns,
  lockSegment,
  OPEN_STATES,
  topicOf,
} from '../campaigns/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import { mailSteps } from './definition.ts';
import { keepJourney } from './journeys.store.ts';
import { RECIPES, type Recipe } from './recipes.ts';

/** Gives how many were drafted: each recipe of which no run waits, runs or pauses. */
export async function draftJourneys(tx: StoreTransaction, store: Store, now: Date): Promise<number> {
  const runs = await listRuns(tx);
  let drafted = 0;
  for (const recipe of RECIPES) {
    const id = uuidOf('journey', store.id, recipe.key);
    const own = runs.filter(({ journeyId }) => journeyId === id);
    if (own.some(({ state }) => OPEN_STATES.includes(state))) continue;
    const key = `${recipe.key}-${DateTime.fromJSDate(now, { zone: store.timeZone }).toISODate() ?? ''}`;
    // Stopped today: the same one waits again tomorrow.
    if (own.some((run) => run.key === key)) continue;
    if (await draftRun(tx, store, { recipe, key, now })) drafted++;
  }
  return drafted;
}

async function draftRun(
  tx: StoreTransaction,
  store: Store,
  { recipe, key, now }: { recipe: Recipe; key: string; now: Date },
): Promise<boolean> {
  const { settings } = store;
  const definition = recipe.definition(settings.measureDays);
  const [first] = mailSteps(definition);
  // Locked, so that two workers do not draft it twice.
  const segment = await lockSegment(tx, definition.segment);
  if (!segment || !first) return false;
  const name = recipe.name[store.language.startsWith('es') ? 'es' : 'en'];
  const journeyId = await keepJourney(tx, { key: recipe.key, name, definition }, now);
  const id = uuidOf('campaign', store.id, key);
  if ((await listRuns(tx)).some((run) => run.id === id)) return false;
  await insertCampaign(tx, {
    id,
    key,
    name,
    segmentId: segment.id,
    journeyId,
    plan: campaignPlan.parse({
      goal: first.goal,
      topic: topicOf(settings),
      sendDays: definition.sendDays,
      measureDays: definition.measureDays,
      randomHourShare: settings.randomHourShare,
    }),
    holdoutShare: settings.holdoutShare,
    scoreVersion: segment.scoreVersion,
    funnel: { segment: 0, leftOut: {}, audience: 0, treated: 0, holdout: 0, storeControl: 0 },
    plannedAt: now,
  });
  await audit(tx, { at: now, actor: 'stage:journeys', action: 'planned', campaignId: id, detail: { journey: key } });
  return true;
}
