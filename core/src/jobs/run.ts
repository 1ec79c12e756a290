/**
 * One run of one stage in one store: alone, written down, and never in the way of the others when it fails. A failed stage
 * waits before it is tried again; the waiting stands in the table, so that a lost queue does not forget it.
 */
import { STAGES, type RunStage, type Stage, type StageName } from '../cycle.ts';
import type { Engine, StageReport } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import { failRun, finishRun, holdStage, startRun } from './runs.store.ts';

export type Run = { state: 'done'; report: StageReport } | { state: 'failed'; error: unknown } | { state: 'busy' };

const FIRST_MS = 10_000;
const LONGEST_MS = 3_600_000;

/** Milliseconds until a stage that failed so often in a row is tried again: doubles from ten seconds to an hour. */
export function waitAfter(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(failures - 1, 0), LONGEST_MS);
}

/**
 * Runs a stage unless another process is at it (`busy`). What the stage throws is logged, written down and given back, not
 * thrown: the other stages go on.
 */
export async function runStage(
  engine: Engine,
  storeId: string,
  name: StageName,
  stage: Stage = STAGES[name],
): Promise<Run> {
  const run = await holdStage(engine.database, storeId, name, async (): Promise<Run> => {
    const from = engine.clock.now();
    const input = await engine.database.inStore(storeId, (tx) => startRun(tx, name, from));
    try {
      const report = await stage(engine, storeId);
      await engine.database.inStore(storeId, (tx) => finishRun(tx, name, { now: engine.clock.now(), input, report }));
      meterRun(engine, name, 'done', from);
      return { state: 'done', report };
    } catch (error) {
      const failure = { now: engine.clock.now(), reason: reasonOf(error), wait: waitAfter };
      await engine.database.inStore(storeId, (tx) => failRun(tx, name, failure));
      meterRun(engine, name, 'failed', from);
      engine.log.error({ stage: name, store: storeId, err: error }, 'a stage failed and will be tried again');
      return { state: 'failed', error };
    }
  });
  return run ?? { state: 'busy' };
}

function meterRun({ meter, clock }: Engine, stage: StageName, state: 'done' | 'failed', from: Date): void {
  meter?.count('stage_runs', { stage, state });
  meter?.time('stage', { stage }, (clock.now().getTime() - from.getTime()) / 1000);
}

/** For runCycle: the same run, written down alike, that throws what the stage threw. */
export function recordedRun(engine: Engine, storeId: string): RunStage {
  return async (name, stage) => {
    const run = await runStage(engine, storeId, name, stage);
    if (run.state === 'failed') throw run.error;
    return run.state === 'done' ? run.report : { busy: true };
  };
}

/** What an operator reads: our own sentences whole, anything else by its name, for its text may quote a row. */
function reasonOf(error: unknown): string {
  if (error instanceof RekindleError && error.code !== 'internal') return error.message;
  if (error instanceof Error) return `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}`;
  return 'unknown error';
}
