/** A person switches a journey on: from here on people come in. The only way to get there. */
import { loadStore } from '../accounts/index.ts';
import { audit, lockCampaign, moveCampaign, requireSender } from '../campaigns/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { countCandidates, revenueCapOfStore } from './enter.store.ts';
import { findJourney } from './journeys.store.ts';
import { peopleAWeek } from './pace.store.ts';

/** Weeks for which the pace is counted on where it says how many people a run will see. */
const YEAR_OF_WEEKS = 52;

/**
 * Switches a run on. `actor` is who says so (`user:<id>`). What its measurement must not learn from the data, at what size its
 * interval is tightest and how much one person may count, is fixed here. Throws `not_found`, `wrong_state`.
 */
export async function switchOnJourney(
  engine: Pick<Engine, 'database' | 'keys'> & Parameters<typeof requireSender>[0],
  storeId: string,
  runId: string,
  actor: string,
): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => {
    const run = await lockCampaign(tx, runId);
    const journey = run.journeyId === null ? undefined : await findJourney(tx, run.journeyId);
    if (!journey) throw fail('not_found', `${runId} is no journey of this store.`);
    if (run.state !== 'awaiting_approval')
      throw fail('wrong_state', `The journey is ${WORDS[run.state] ?? run.state}: it cannot be switched on.`);
    await requireSender(engine, tx);
    const store = await loadStore(tx);
    const now = engine.clock.now();
    const waiting = await countCandidates(tx, engine.keys, { store, run, journey, now });
    const pace = await peopleAWeek(tx, { run, now });
    const expected = Math.max(1, Math.round(waiting.total + (pace ?? 0) * YEAR_OF_WEEKS));
    const standing = { expected, cap: await revenueCapOfStore(tx, now) };
    await moveCampaign(tx, run, 'running', {
      at: now,
      by: actor,
      sendUntil: null,
      measureUntil: null,
      plan: { ...run.plan, standing },
    });
    await audit(tx, { at: now, actor, action: 'switched_on', campaignId: runId, detail: { waiting: waiting.total } });
  });
}

const WORDS: Partial<Record<string, string>> = {
  draft: 'still being written',
  running: 'on already',
  paused: 'paused: resume it instead',
  cancelled: 'stopped for good: a new one is drafted by tomorrow',
};
