/** Lives through one campaign of the simulated shop, from its history to what the mails brought. */
import {
  readJourneys,
  STAGES,
  switchOnJourney,
  type Config,
  type Database,
  type Engine,
  type Progress,
} from '@rekindle/core';
import { startCsvFake } from '@rekindle/connector-csv/fake';
import { createWorld, fakeClock, type World } from '@rekindle/core/testing';
import { readAccepted, readDecided } from './demo.store.ts';
import { readFigures, type Figures } from './figures.ts';
import { openSimulatedStore, simulatedSource } from './open-store.ts';
import { letPeopleAct } from './people.ts';
import { openSurroundings } from './surroundings.ts';
import { liveThrough } from './timeline.ts';
import { timeStages } from './timings.ts';

const DAY = 86_400_000;

export interface SimulatedRun {
  database: Database;
  config: Config;
  seed: string;
  /** Customers at `asOf`, about */
  people: number;
  /** When history decides; the shop is two years old then. */
  asOf: Date;
  measureDays?: number | undefined;
  /** How often the effect is looked at before the end. Default 8 */
  looks?: number;
  /** False: nobody is moved by a mail. Default true */
  effect?: boolean | undefined;
  /** Whether a journey is switched on at the end, for its people to walk by the wall clock from then on. Default false */
  journey?: boolean;
  progress?: Progress | undefined;
}

export interface SimulatedResult {
  storeId: string;
  campaigns: string[];
  figures: Figures;
  /** What the world planted: expected extra revenue of the mails that went out, minor units. The engine never saw it. */
  planted: number;
  seconds: Record<string, number>;
}

/** Days of the shop's past at `asOf`, and of the life that follows. */
export const PAST_DAYS = 730;
const FUTURE_DAYS = 365;

/** The world of a shop that is two years old and has about `people` customers at `asOf`, and lives on for a year. */
export function simulatedWorld(run: { seed: string; people: number; asOf: Date; effect?: boolean | undefined }): World {
  return createWorld({
    seed: run.seed,
    people: Math.round((run.people * (PAST_DAYS + FUTURE_DAYS)) / PAST_DAYS),
    from: new Date(run.asOf.getTime() - PAST_DAYS * DAY),
    until: new Date(run.asOf.getTime() + FUTURE_DAYS * DAY),
    effect: run.effect ?? true,
  });
}

export async function runSimulated(run: SimulatedRun): Promise<SimulatedResult> {
  const measureDays = run.measureDays ?? 60;
  const measureUntil = new Date(run.asOf.getTime() + measureDays * DAY);
  const until = new Date(measureUntil.getTime() + 3_600_000);
  const clock = fakeClock(run.asOf);
  const world = simulatedWorld(run);
  const shop = await startCsvFake({
    orders: () => world.ordersCsv(clock.now()),
    customers: () => world.customersCsv(clock.now()),
  });
  const around = await openSurroundings({
    ...run,
    clock,
    onAccepted: (ids, at) => {
      for (const messageId of ids) world.receive({ messageId, email: around.mails.mail(messageId)?.to ?? '', at });
    },
  });
  try {
    const { engine } = around;
    const storeId = await openSimulatedStore(run.database, {
      source: simulatedSource(shop.url),
      seed: run.seed,
      at: new Date(run.asOf.getTime() - PAST_DAYS * DAY),
      settings: { measureDays },
    });
    around.listenFor(storeId);
    const timings = timeStages(engine, storeId);
    let decided = { lapsing: 0, valueAtRisk: 0 };
    const campaigns = await liveThrough({
      engine,
      clock,
      storeId,
      asOf: run.asOf,
      until,
      looks: run.looks ?? 8,
      timings,
      react: async (now) => {
        await letPeopleAct(world, around.mails, clock, now);
        await around.settle();
      },
      onDecided: async () => {
        decided = await engine.database.inStore(storeId, readDecided);
      },
    });
    if (run.journey === true) await switchOnSlipping(engine, storeId);
    const figures = await readFigures(engine, storeId, { campaigns, decided, currency: 'EUR', asOf: run.asOf, until });
    const accepted = await engine.database.inStore(storeId, (tx) => readAccepted(tx, campaigns));
    return {
      storeId,
      campaigns,
      figures,
      planted: world.plantedEffect(accepted, measureUntil),
      seconds: timings.seconds(),
    };
  } finally {
    await around.close();
    await shop.close();
  }
}

/** Switches “Slipping away” on, lets the first people in and gives each a mail at her hour. */
async function switchOnSlipping(engine: Engine, storeId: string): Promise<void> {
  const { journeys } = await readJourneys(engine, storeId);
  const slipping = journeys.find(
    ({ journey, state }) => journey.key === 'slipping-away' && state === 'awaiting_approval',
  );
  if (!slipping) return;
  await switchOnJourney(engine, storeId, slipping.id, 'user:demo');
  await STAGES.journeys(engine, storeId);
  await STAGES.scheduling(engine, storeId);
}
