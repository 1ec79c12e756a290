/** A job for each stage of the path: it runs the stage, and wakes what became due by it. */
import { STAGE_NAMES, type StageName } from '../cycle.ts';
import { payload, type Again, type Job, type Lane } from './job.ts';
import { runStage, type Run } from './run.ts';

/** Stages that somebody waits for; the rest may take its time. */
const PROMPT: ReadonlySet<StageName> = new Set(['delivery', 'events', 'scheduling']);

const laneOf = (name: StageName): Lane => (PROMPT.has(name) ? 'prompt' : 'steady');

export const stageJobs: Job[] = STAGE_NAMES.map((name) => ({
  name,
  lane: laneOf(name),
  payload,
  run: async (engine, { storeId }) => {
    return again(await runStage(engine, storeId, name));
  },
}));

/** A delivery whose turn is over, or that waits for its provider. */
function again(run: Run): Again | undefined {
  if (run.state !== 'done') return undefined;
  const { more, waitMs } = run.report;
  if (more === true) return { inMs: 0 };
  return typeof waitMs === 'number' && waitMs > 0 ? { inMs: waitMs } : undefined;
}
