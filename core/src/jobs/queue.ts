/**
 * BullMQ as the engine's Queue: on PostgreSQL, in a schema of its own, or on Redis where there is an address of one. It only
 * wakes workers; nothing in it is true for longer than it takes to run, and all of it may be lost.
 */
import { createPostgresBackend, Queue as BullQueue, Worker, type JobsOptions, type WorkerOptions } from 'bullmq';
import type { Queue } from '../ports.ts';
import { LANES, type Job, type Lane, type Payload } from './job.ts';

/** The schema of BullMQ's tables in our database. */
export const QUEUE_SCHEMA = 'bullmq';

export const queueName = (lane: Lane): string => `rekindle-${lane}`;

export interface QueueOptions {
  /** PostgreSQL as the application's role; prepareQueue has been there as the owner. */
  databaseUrl: string;
  /** With it, Redis. */
  redisUrl?: string | undefined;
  jobs: readonly Job[];
  /** Told of trouble with the connection, which mends itself. */
  onError: (error: Error) => void;
}

export interface JobQueue extends Queue {
  /** Starts running a lane's jobs. */
  work(
    lane: Lane,
    options: { concurrency: number; run: (name: string, payload: unknown) => Promise<void> },
  ): LaneWorker;
}

export interface LaneWorker {
  /** Takes no further job; resolves when those under way have ended. */
  close(): Promise<void>;
}

const JOB_OPTIONS: JobsOptions = { removeOnComplete: true, removeOnFail: true };

const WORKER_OPTIONS = {
  // A worker that dies gives its job back within fifteen seconds; how often that happens says nothing against the job, so
  // it is never given up for it: at the default of 1 a crash loop loses jobs.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} satisfies Partial<WorkerOptions>;

export function openQueue(options: QueueOptions): JobQueue {
  const laneOf = new Map<string, Lane>(options.jobs.map((job) => [job.name, job.lane]));
  const queues = new Map(LANES.map((lane) => [lane, openLane(lane, options)]));
  for (const queue of queues.values()) queue.on('error', options.onError);
  return {
    async wake({ name, storeId }) {
      const lane = laneOf.get(name);
      if (lane === undefined) throw new Error(`there is no job ${name}`);
      const payload: Payload = { version: 1, storeId };
      // Asking again before it runs is asking once; asking while it runs is asking for one more run after this one.
      await queues.get(lane)?.add(name, payload, {
        ...JOB_OPTIONS,
        deduplication: { id: `${name}:${storeId}`, keepLastIfActive: true },
      });
    },
    work(lane, { concurrency, run }) {
      const worker = openWorker(lane, options, concurrency, run);
      worker.on('error', options.onError);
      return { close: () => worker.close() };
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** What we use of BullMQ's classes, whose types differ by backend. */
interface LaneQueue {
  add(name: string, payload: Payload, options: JobsOptions): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

function openLane(lane: Lane, { databaseUrl, redisUrl }: QueueOptions): LaneQueue {
  if (redisUrl !== undefined) return new BullQueue(queueName(lane), { connection: redis(redisUrl) });
  return new BullQueue(queueName(lane), { connection: postgres(databaseUrl) }, createPostgresBackend);
}

function openWorker(
  lane: Lane,
  { databaseUrl, redisUrl }: QueueOptions,
  concurrency: number,
  run: (name: string, payload: unknown) => Promise<void>,
): Pick<LaneQueue, 'on' | 'close'> {
  const process = (job: { name: string; data: unknown }): Promise<void> => run(job.name, job.data);
  if (redisUrl !== undefined)
    return new Worker(queueName(lane), process, { ...WORKER_OPTIONS, concurrency, connection: redis(redisUrl) });
  return new Worker(
    queueName(lane),
    process,
    { ...WORKER_OPTIONS, concurrency, connection: postgres(databaseUrl) },
    createPostgresBackend,
  );
}

/** Few connections each: a queue of wake-up calls is never busy. */
function postgres(connectionString: string): { connectionString: string; schema: string; max: number } {
  return { connectionString, schema: QUEUE_SCHEMA, max: 3 };
}

/** Without an end to its tries, as BullMQ asks for: a Redis that was away is found again. */
function redis(url: string): { url: string; maxRetriesPerRequest: null } {
  return { url, maxRetriesPerRequest: null };
}
