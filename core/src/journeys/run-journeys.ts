/**
 * Stage: drafts the ready-made journeys, lets people into those that are on, and takes them from step to step. Writes no
 * message: a person who stands at a mail is given hers by scheduling. Committed rows are all it goes by.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import { holdCampaign, listRuns, type Campaign } from '../campaigns/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { refreshStatistics } from '../database/statistics.ts';
import type { Engine, StageReport } from '../engine.ts';
import { draftJourneys } from './draft.ts';
import { enter } from './enter.store.ts';
import { listJourneys, type Journey } from './journeys.store.ts';
import { advance, leave, leaveStopped } from './walk.store.ts';

interface Counts {
  drafted: number;
  running: number;
  entered: number;
  heldBack: number;
  left: number;
  moved: number;
  finished: number;
}

/** Report: journeys drafted and running; people who came in, were held back, left, moved on and came to the end. */
export async function runJourneys(engine: Engine, storeId: string): Promise<StageReport> {
  const now = engine.clock.now();
  const { store, runs, journeys, drafted } = await engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const drafted = store.scoreVersion > 0 ? await draftJourneys(tx, store, now) : 0;
    return { store, drafted, runs: await listRuns(tx), journeys: await listJourneys(tx) };
  });
  const counts: Counts = { drafted, running: 0, entered: 0, heldBack: 0, left: 0, moved: 0, finished: 0 };
  for (const { id, journeyId } of runs) {
    const journey = journeys.find((one) => one.id === journeyId);
    if (!journey) continue;
    // One transaction a journey: what it did is there as a whole or not at all.
    await engine.database.inStore(storeId, async (tx) => {
      // Held, so that nobody comes in while somebody switches it off, and no two workers let the same people in.
      const run = await holdCampaign(tx, id);
      if (run.state === 'cancelled') counts.left += await leaveStopped(tx, id, now);
      if (run.state === 'running') await walk(engine, tx, { store, run, journey, now, counts });
    });
  }
  return { ...counts };
}

async function walk(
  engine: Engine,
  tx: StoreTransaction,
  { store, run, journey, now, counts }: { store: Store; run: Campaign; journey: Journey; now: Date; counts: Counts },
): Promise<void> {
  counts.running++;
  const walking = { runId: run.id, definition: journey.definition, segmentId: run.segmentId, now };
  counts.left += await leave(tx, walking);
  const { moved, finished } = await advance(tx, walking);
  counts.moved += moved;
  counts.finished += finished;
  // A mail on its way to whoever has left is stopped by delivery's last look: it alone knows what is being handed over.
  const entered = await enter(tx, engine.keys, { store, run, journey, now });
  counts.entered += entered.treated + entered.holdout;
  counts.heldBack += entered.holdout;
  await refreshStatistics(tx, entered.treated + entered.holdout, ['enrolments']);
}
