/**
 * The path of the data, top to bottom. Each stage is one call into its folder; it takes rows, leaves rows, may be run again
 * without harm, and never calls the next one. The demo, the whole-cycle test and the benches run the list in one process;
 * in production each line is a job that calls the same function (core/src/jobs).
 *
 * docs/data-path.md says the same in words; a test holds the two together.
 */
import { planCampaigns } from './campaigns/index.ts';
import { deliver } from './delivery/index.ts';
import type { Engine, StageReport } from './engine.ts';
import { recordEvents } from './events/index.ts';
import { writeCampaigns } from './generation/index.ts';
import { findInsights } from './insights/index.ts';
import { ingest } from './ingest/index.ts';
import { runJourneys } from './journeys/index.ts';
import { measure } from './measurement/index.ts';
import { makeReports } from './reports/index.ts';
import { schedule } from './scheduling/index.ts';
import { score } from './scoring/index.ts';
import { refreshSegments } from './segments/index.ts';
import { writeBack } from './writeback/index.ts';

export type Stage = (engine: Engine, storeId: string) => Promise<StageReport>;

export const STAGES = {
  ingest, //                        what the platforms tell → customers, orders, consent
  scoring: score, //                what each has bought → who is slipping away, and what that is worth
  segments: refreshSegments, //     scores → who is meant
  campaigns: planCampaigns, //      who is meant → who is written to, who is held back to measure, who is left out and why
  journeys: runJourneys, //         the same for what goes on by itself: who comes in, who takes the next step, who leaves
  generation: writeCampaigns, //    the plan → words, for a person to approve
  scheduling: schedule, //          an approved plan → one message a person, each at its hour
  delivery: deliver, //             what is due → handed over, exactly once
  events: recordEvents, //          what mail servers and people did → one history
  measurement: measure, //          orders of both groups → what the mails brought, with its interval
  insights: findInsights, //       all of that → what one did not know, ranked by what it is worth
  reports: makeReports, //         a week or a month that is over → its figures, on the page and by mail
  writeback: writeBack, //          scores and outcomes → back to the platforms
} satisfies Record<string, Stage>;

export type StageName = keyof typeof STAGES;

export const STAGE_NAMES = Object.keys(STAGES) as StageName[];

/** Runs one stage; what surrounds it (a clock, a log, a lock) is the caller's. */
export type RunStage = (name: StageName, stage: Stage) => Promise<StageReport>;

/** Runs the whole path once for one store, as of the engine's clock. */
export async function runCycle(
  engine: Engine,
  storeId: string,
  run?: RunStage,
): Promise<Record<StageName, StageReport>> {
  const reports = {} as Record<StageName, StageReport>;
  for (const name of STAGE_NAMES) {
    engine.progress?.({ stage: name, done: 0 });
    reports[name] = run ? await run(name, STAGES[name]) : await STAGES[name](engine, storeId);
  }
  return reports;
}
