/** Journeys for the browser to look at: drafted and written by the stages that do, one switched on, and some weeks gone in it. */
import { playbookWriter, readJourneys, switchOnJourney } from '@rekindle/core';
import { runStage } from '@rekindle/core/jobs';
import { playJourney, type TestEngine } from '@rekindle/core/testing';

/** Gives the id of the run that is on. */
export async function openJourneys(engine: TestEngine, storeId: string): Promise<string> {
  const at: TestEngine = { ...engine, writer: playbookWriter };
  for (const stage of ['segments', 'journeys', 'generation'] as const) await runStage(at, storeId, stage);
  const { journeys } = await readJourneys(at, storeId);
  const slipping = journeys.find(({ journey }) => journey.key === 'slipping-away');
  await switchOnJourney(at, storeId, slipping?.id ?? '', 'user:1');
  await runStage(at, storeId, 'journeys');
  const run = await playJourney(at.database, storeId, at.clock.now());
  await runStage(at, storeId, 'measurement');
  return run;
}
