/**
 * The worker: takes jobs off the lanes, runs them, and wakes what became due by them. With the heartbeat beside it nothing
 * depends on the queue remembering anything.
 */
import { STAGE_NAMES, type StageName } from '../cycle.ts';
import type { Engine } from '../engine.ts';
import { startHeartbeat } from './crons.ts';
import { dueStages } from './due.ts';
import { LANES, type Job } from './job.ts';
import type { JobQueue } from './queue.ts';

/** Jobs at once in each lane. Each holds one database connection for its lock and uses others as it goes. */
const CONCURRENCY = 2;
/** Less than the thirty seconds that an orchestrator usually gives before it kills. */
const PATIENCE_MS = 20_000;

export interface Workers {
  /**
   * Takes nothing new, asks what is under way to end between two batches, and resolves when it has. What has not after
   * `patienceMs` is left: it may be broken off at any point, it only takes longer to find out what became of it.
   */
  stop(patienceMs?: number): Promise<void>;
}

export interface WorkOptions {
  jobs: readonly Job[];
  /** Milliseconds between two looks at what is due. */
  beatMs?: number;
  concurrency?: number;
}

export function startWorkers(engine: Engine, queue: JobQueue, options: WorkOptions): Workers {
  const jobs = new Map(options.jobs.map((job) => [job.name as string, job]));
  const stopping = new AbortController();
  const stoppable: Engine = { ...engine, signal: stopping.signal };

  async function run(name: string, data: unknown): Promise<void> {
    const job = jobs.get(name);
    const parsed = job?.payload.safeParse(data);
    if (job === undefined || parsed?.success !== true) {
      // Of another version of the program. What it was about is in the tables.
      engine.log.warn({ job: name }, 'a job that is not known was passed over');
      return;
    }
    const { storeId } = parsed.data;
    await job.run(stoppable, parsed.data);
    const place = STAGE_NAMES.indexOf(job.name as StageName);
    if (stopping.signal.aborted || place < 0) return;
    // Only what comes later on the path: a stage that stays due waits for the next beat instead of turning in circles.
    for (const stage of await dueStages(engine, storeId))
      if (STAGE_NAMES.indexOf(stage) > place) await queue.wake({ name: stage, storeId });
  }

  const concurrency = options.concurrency ?? CONCURRENCY;
  const workers = LANES.map((lane) => queue.work(lane, { concurrency, run }));
  const heartbeat = startHeartbeat(engine, queue, options.beatMs);
  return {
    async stop(patienceMs = PATIENCE_MS) {
      stopping.abort();
      await heartbeat.stop();
      const closed = Promise.all(workers.map((worker) => worker.close()));
      let timer: NodeJS.Timeout | undefined;
      const tired = new Promise((resolve) => {
        timer = setTimeout(resolve, patienceMs);
      });
      await Promise.race([closed, tired]);
      clearTimeout(timer);
    },
  };
}
