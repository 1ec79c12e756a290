/**
 * The worker: takes jobs off the lanes, runs them, and wakes what became due by them. With the heartbeat beside it nothing
 * depends on the queue remembering anything.
 */
import { STAGE_NAMES } from '../cycle.ts';
import type { Engine } from '../engine.ts';
import { startHeartbeat } from './crons.ts';
import { dueStages } from './due.ts';
import { LANES, type Job } from './job.ts';
import type { JobQueue } from './queue.ts';

/** Jobs at once in each lane. Each holds one database connection for its lock and uses others as it goes. */
const CONCURRENCY = 2;

export interface Workers {
  /** Takes nothing new and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface WorkOptions {
  jobs: readonly Job[];
  /** Milliseconds between two looks at what is due. */
  beatMs?: number;
  concurrency?: number;
}

export function startWorkers(engine: Engine, queue: JobQueue, options: WorkOptions): Workers {
  const jobs = new Map(options.jobs.map((job) => [job.name as string, job]));
  let stopping = false;

  async function run(name: string, data: unknown): Promise<void> {
    const job = jobs.get(name);
    const parsed = job?.payload.safeParse(data);
    if (job === undefined || parsed?.success !== true) {
      // Of another version of the program. What it was about is in the tables.
      engine.log.warn({ job: name }, 'a job that is not known was passed over');
      return;
    }
    const { storeId } = parsed.data;
    await job.run(engine, parsed.data);
    if (stopping) return;
    // Only what comes later on the path: a stage that stays due waits for the next beat instead of turning in circles.
    for (const stage of await dueStages(engine, storeId))
      if (STAGE_NAMES.indexOf(stage) > STAGE_NAMES.indexOf(job.name)) await queue.wake({ name: stage, storeId });
  }

  const concurrency = options.concurrency ?? CONCURRENCY;
  const workers = LANES.map((lane) => queue.work(lane, { concurrency, run }));
  const heartbeat = startHeartbeat(engine, queue, options.beatMs);
  return {
    async stop() {
      stopping = true;
      await heartbeat.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
