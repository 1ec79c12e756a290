/** The worker's part of a process: the queue and what takes jobs off it. */
import type { Config, Engine } from '@rekindle/core';
import { JOBS, openQueue, startWorkers } from '@rekindle/core/jobs';

export interface Worker {
  /** Ends what is under way between two batches and takes nothing new. */
  stop(): Promise<void>;
}

export function startWorker(engine: Engine, config: Pick<Config, 'REDIS_URL'>): Worker {
  let stopping = false;
  const queue = openQueue({
    databaseUrl: engine.database.url,
    redisUrl: config.REDIS_URL,
    jobs: JOBS,
    // Nothing is lost with a queue: the next beat reads from the tables what is due.
    onError: (error) => {
      // The embedded database may end before the last of the queue's connections has.
      if (stopping) return;
      engine.log.warn({ err: error }, 'trouble with the queue');
    },
  });
  const workers = startWorkers(engine, queue, { jobs: JOBS });
  return {
    async stop() {
      stopping = true;
      await workers.stop();
      await queue.close();
    },
  };
}
