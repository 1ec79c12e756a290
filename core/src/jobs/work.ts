/**
 * The worker: takes jobs off the lanes, runs them, and wakes what became due by them. With the heartbeat beside it nothing
 * depends on the queue remembering anything.
 */
import { STAGE_NAMES, type StageName } from '../cycle.ts';
import type { Engine } from '../engine.ts';
import { BEAT_MS, startHeartbeat } from './crons.ts';
import { dueStages } from './due.ts';
import { LANES, type Job } from './job.ts';
import type { JobQueue } from './queue.ts';

/**
 * Mails of one store at a turn: two full requests. Whoever has a million of them takes turns with whoever has a hundred, so that
 * no other store waits for longer than this takes.
 */
const TURN = 2000;
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
  /** Mails of one store at a turn. */
  turn?: number;
}

export function startWorkers(engine: Engine, queue: JobQueue, options: WorkOptions): Workers {
  const jobs = new Map(options.jobs.map((job) => [job.name as string, job]));
  const stopping = new AbortController();
  const stoppable: Engine = { ...engine, signal: stopping.signal, turn: options.turn ?? TURN };
  const timers = new Set<NodeJS.Timeout>();

  async function run(name: string, data: unknown): Promise<void> {
    const job = jobs.get(name);
    const parsed = job?.payload.safeParse(data);
    if (job === undefined || parsed?.success !== true) {
      // Of another version of the program. What it was about is in the tables.
      engine.log.warn({ job: name }, 'a job that is not known was passed over');
      return;
    }
    const { storeId } = parsed.data;
    const again = await job.run(stoppable, parsed.data);
    if (again && !stopping.signal.aborted) await takeTurn(job, storeId, again.inMs);
    const place = STAGE_NAMES.indexOf(job.name as StageName);
    if (stopping.signal.aborted || place < 0) return;
    // Only what comes later on the path: a stage that stays due waits for the next beat instead of turning in circles.
    for (const stage of await dueStages(engine, storeId))
      if (STAGE_NAMES.indexOf(stage) > place) await queue.wake({ name: stage, storeId });
  }

  /** At the end of the line. A wait longer than a beat is the heartbeat's. */
  async function takeTurn({ name }: Job, storeId: string, inMs: number): Promise<void> {
    if (inMs === 0) return queue.wake({ name, storeId });
    if (inMs >= (options.beatMs ?? BEAT_MS)) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      queue.wake({ name, storeId }).catch((error: unknown) => {
        engine.log.warn({ err: error }, 'could not wake a delivery that waited; the next beat does');
      });
    }, inMs);
    timers.add(timer);
  }

  const concurrency = options.concurrency ?? CONCURRENCY;
  const workers = LANES.map((lane) => queue.work(lane, { concurrency, run }));
  const heartbeat = startHeartbeat(engine, queue, options.beatMs);
  return {
    async stop(patienceMs = PATIENCE_MS) {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
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
