/**
 * Lives through one campaign in virtual time: decide as of a date, approve, send hour by hour while people react, look at
 * the orders that follow, and close the books when the measuring window is over.
 */
import { approveCampaign, STAGES, runCycle, type Engine, type StageName } from '@rekindle/core';
import type { FakeClock } from '@rekindle/core/testing';
import { awaitingApproval, openMessages } from './demo.store.ts';
import type { Timings } from './timings.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Timeline {
  engine: Engine;
  clock: FakeClock;
  storeId: string;
  /** History up to here decides. */
  asOf: Date;
  /** The last instant that is lived; the campaign's measuring window should end before it. */
  until: Date;
  /** How often orders are pulled and the effect is looked at between sending and the end. */
  looks: number;
  timings: Timings;
  /** Lets mail servers and people act up to this instant, each at its own; the clock is theirs meanwhile. */
  react(now: Date): Promise<void>;
  /** Called when history has decided and nothing is sent yet. */
  onDecided?: () => Promise<void>;
}

/** Gives the ids of the campaigns that ran. */
export async function liveThrough(timeline: Timeline): Promise<string[]> {
  const { engine, clock, storeId } = timeline;
  clock.set(timeline.asOf);
  await runCycle(engine, storeId, timeline.timings.run);
  await timeline.onDecided?.();

  const campaigns = await engine.database.inStore(storeId, awaitingApproval);
  for (const id of campaigns) await approveCampaign(engine, storeId, id, 'user:demo');
  await runStage(timeline, 'scheduling');
  await sendHourByHour(timeline);
  await lookAtOrders(timeline);

  clock.set(timeline.until);
  await runCycle(engine, storeId, timeline.timings.run);
  return campaigns;
}

function runStage(timeline: Timeline, name: StageName): Promise<unknown> {
  return timeline.timings.run(name, STAGES[name]);
}

async function sendHourByHour(timeline: Timeline): Promise<void> {
  const { engine, clock, storeId } = timeline;
  const total = await engine.database.inStore(storeId, openMessages);
  let open = total;
  // The last second of each hour: a mail of eight in the evening goes at eight, not at nine, when quiet hours hold it back.
  const first = Math.floor(timeline.asOf.getTime() / HOUR) * HOUR + HOUR - 1000;
  for (let now = first; open > 0 && now < timeline.until.getTime(); now += HOUR) {
    await timeline.react(new Date(now));
    clock.set(new Date(now));
    await runStage(timeline, 'events');
    await runStage(timeline, 'delivery');
    open = await engine.database.inStore(storeId, openMessages);
    engine.progress?.({ stage: 'delivery', done: total - open, total });
  }
  // People read for a few days more.
  const last = clock.now().getTime();
  for (let now = last; now < Math.min(last + 4 * DAY, timeline.until.getTime()); now += 6 * HOUR) {
    await timeline.react(new Date(now));
    clock.set(new Date(now));
    await runStage(timeline, 'events');
  }
}

async function lookAtOrders(timeline: Timeline): Promise<void> {
  const start = timeline.clock.now().getTime();
  const step = (timeline.until.getTime() - start) / (timeline.looks + 1);
  for (let look = 1; look <= timeline.looks; look++) {
    const now = new Date(Math.round(start + look * step));
    await timeline.react(now);
    timeline.clock.set(now);
    await runStage(timeline, 'ingest');
    await runStage(timeline, 'measurement');
    timeline.engine.progress?.({ stage: 'measurement', done: look, total: timeline.looks + 1 });
  }
}
