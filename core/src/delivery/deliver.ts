/**
 * What is due → handed over, exactly once. Goes on until nothing is due at the engine's clock, or the provider says later.
 * Several workers may do it at the same time, and each may be killed at any point: send.ts says why that is safe.
 */
import { loadStore } from '../accounts/index.ts';
import { lockCampaign, moveCampaign } from '../campaigns/index.ts';
import type { Engine, StageReport } from '../engine.ts';
import type { Desk } from './claim.ts';
import { noCounts, type Counts } from './message.ts';
import { lookAtSending, newSense } from './pace/index.ts';
import { DOUBT_WINDOW_MS, reconcile, type Reconciled } from './reconcile.ts';
import { countDue, dropCancelled, finishedCampaigns, nextDue } from './reconcile.store.ts';
import { sendNext } from './send.ts';

/**
 * How often a delivery that goes on looks at what others left. Where one delivers at a time and for long, nobody else would
 * look before it ends.
 */
const LOOK_AGAIN_MS = 2000;

/**
 * Batches of a store on their way at once: while the request of one is out and another's outcome is written, a third is claimed and
 * rendered. More would wait for each other.
 */
const AT_ONCE = 3;

/** Sends what is due; counts by what became of it, `blocked` where the provider wants a pause. */
export async function deliver(engine: Engine, storeId: string): Promise<StageReport> {
  const counts = noCounts();
  const desk: Desk = { engine, counts, plans: new Map(), sense: newSense(engine.clock.now()), waitMs: 0 };
  const { cancelled, due, moved, ...found } = await engine.database.inStore(storeId, async (tx) => ({
    ...(await reconcile(tx, engine.clock.now())),
    cancelled: await dropCancelled(tx),
    moved: await lookAtSending(engine, tx, await loadStore(tx)),
    due: engine.progress ? await countDue(tx, engine.clock.now()) : 0,
  }));
  counts.dropped += cancelled;
  counts.postponed += moved;
  let looked = engine.clock.now().getTime();
  const end = await sendAll(desk, storeId, async () => {
    engine.progress?.({ stage: 'delivery', done: counts.accepted + counts.dropped + counts.refused, total: due });
    const now = engine.clock.now().getTime();
    if (now - looked < LOOK_AGAIN_MS) return;
    looked = now;
    await lookAgain(engine, storeId, found);
  });
  const finished = await finishCampaigns(engine, storeId);
  const { givenUp } = found;
  if (givenUp > 0) engine.log.warn({ storeId, givenUp }, 'mails in doubt were given up: no word of them came in time');
  return { ...counts, ...found, finished, blocked: end === 'blocked', more: end === 'stopped', waitMs: desk.waitMs };
}

/** The process is asked to end, or others are to have their turn. */
function isOver({ signal, turn }: Engine, counts: Counts): boolean {
  const { accepted, refused, inDoubt, retried, dropped, postponed, released } = counts;
  const seen = accepted + refused + inDoubt + retried + dropped + postponed + released;
  return signal?.aborted === true || (turn !== undefined && seen >= turn);
}

/**
 * Sends until nothing is due, the provider wants a pause, or it is over for now. One batch after the other, until a full one was
 * taken: from then on several are on their way.
 */
async function sendAll(
  desk: Desk,
  storeId: string,
  between: () => Promise<void>,
): Promise<'idle' | 'blocked' | 'stopped'> {
  const lanes: Promise<void>[] = [];
  const failures: unknown[] = [];
  let blocked = false;
  let stopped = false;
  // What the lanes have begun they bring to its end, and no more.
  const over = (): boolean => blocked || failures.length > 0 || isOver(desk.engine, desk.counts);
  async function lane(isFirst: boolean): Promise<void> {
    try {
      for (;;) {
        const sent = await sendNext(desk, storeId);
        if (sent === 'blocked') blocked = true;
        if (sent === 'idle') return;
        stopped ||= sent !== 'blocked' && isOver(desk.engine, desk.counts);
        if (over()) return;
        // Near the end of what the provider will take, one after the other.
        const roomy = !desk.sense.limited && desk.sense.room > AT_ONCE;
        if (!roomy && !isFirst) return;
        if (roomy && sent === 'full' && lanes.length < AT_ONCE) lanes.push(lane(false));
        await between();
      }
    } catch (error) {
      failures.push(error);
    }
  }
  lanes.push(lane(true));
  // More are added while the first are waited for.
  for (const one of lanes) await one;
  if (failures.length > 0) throw failures[0];
  if (blocked) return 'blocked';
  return stopped ? 'stopped' : 'idle';
}

/** What time and events did meanwhile to messages that nobody reported on, added to what was found before. */
async function lookAgain(engine: Engine, storeId: string, found: Reconciled): Promise<void> {
  const { expired, settled, givenUp } = await engine.database.inStore(storeId, async (tx) => {
    await lookAtSending(engine, tx, await loadStore(tx));
    return reconcile(tx, engine.clock.now());
  });
  found.expired += expired;
  found.settled += settled;
  found.givenUp += givenUp;
}

/** Campaigns whose mails are all out are measured from here on. */
async function finishCampaigns(engine: Engine, storeId: string): Promise<number> {
  return engine.database.inStore(storeId, async (tx) => {
    let finished = 0;
    for (const id of await finishedCampaigns(tx)) {
      const campaign = await lockCampaign(tx, id);
      // Another worker may have been first.
      if (campaign.state !== 'running') continue;
      await moveCampaign(tx, campaign, 'measuring');
      finished++;
    }
    return finished;
  });
}

/** When `deliver` next has something to do in this store, or null. For clocks that are moved by hand. */
export function nextDelivery(engine: Engine, storeId: string): Promise<Date | null> {
  return engine.database.inStore(storeId, (tx) => nextDue(tx, DOUBT_WINDOW_MS));
}
