/**
 * What is due → handed over, exactly once. Goes on until nothing is due at the engine's clock, or the provider says later.
 * Several workers may do it at the same time, and each may be killed at any point: send.ts says why that is safe.
 */
import { lockCampaign, moveCampaign } from '../campaigns/index.ts';
import type { Engine, StageReport } from '../engine.ts';
import type { Desk } from './claim.ts';
import { noCounts } from './message.ts';
import { DOUBT_WINDOW_MS, reconcile } from './reconcile.ts';
import { countDue, dropCancelled, finishedCampaigns, nextDue } from './reconcile.store.ts';
import { sendNext } from './send.ts';

/** Sends what is due; counts by what became of it, `blocked` where the provider wants a pause. */
export async function deliver(engine: Engine, storeId: string): Promise<StageReport> {
  const counts = noCounts();
  const desk: Desk = { engine, counts, plans: new Map() };
  const { expired, settled, givenUp, cancelled, due } = await engine.database.inStore(storeId, async (tx) => ({
    ...(await reconcile(tx, engine.clock.now())),
    cancelled: await dropCancelled(tx),
    due: engine.progress ? await countDue(tx, engine.clock.now()) : 0,
  }));
  counts.dropped += cancelled;
  let sent = await sendNext(desk, storeId);
  while (sent === 'sent' && engine.signal?.aborted !== true) {
    engine.progress?.({ stage: 'delivery', done: counts.accepted + counts.dropped + counts.refused, total: due });
    sent = await sendNext(desk, storeId);
  }
  const finished = await finishCampaigns(engine, storeId);
  if (givenUp > 0) engine.log.warn({ storeId, givenUp }, 'mails in doubt were given up: no word of them came in time');
  return { ...counts, expired, settled, givenUp, finished, blocked: sent === 'blocked' };
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
