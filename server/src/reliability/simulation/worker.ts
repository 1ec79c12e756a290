/**
 * A worker of a simulated store: killed before, in or after a transaction, stopped between two of them, or kept waiting for an
 * answer. While it is stopped everybody else goes on; when, is in the agenda, so that nothing ever happens at the same time.
 */
import type { Database, Random } from '@rekindle/core';

export class Killed extends Error {}

export interface Worker {
  database: Database;
  /** Stops here until it is woken, which `wake` is handed; or for ever. */
  hold(): Promise<void>;
  /** Runs until it is done, dead or stopped. */
  start(run: () => Promise<unknown>): Promise<void>;
}

export interface WorkerOptions {
  database: Database;
  random: Random;
  /** Share of the transactions at which it is killed, and as many at which it is stopped */
  share: number;
  onKilled: () => void;
  /** Asks to be woken some time, by calling what it is given. */
  onStopped: (wake: () => Promise<void>) => void;
}

export function openWorker({ database, random, share, onKilled, onStopped }: WorkerOptions): Worker {
  const end = Promise.withResolvers<undefined>();
  let transactions = 0;
  let isStopped = false;
  let tell: () => void = () => undefined;
  /** Resolves when it does nothing any more, for now: dead, done, or stopped outside of any transaction. */
  const quiet = (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => (tell = resolve));
    return Promise.race([end.promise, stopped]);
  };
  function hold(): Promise<void> {
    return new Promise((resolve) => {
      isStopped = true;
      onStopped(async () => {
        isStopped = false;
        const next = quiet();
        resolve();
        await next;
      });
      if (transactions === 0) tell();
    });
  }
  async function inStore<Result>(storeId: string, work: Parameters<Database['inStore']>[1]): Promise<Result> {
    if (random.next() < share) await hold();
    const drawn = random.next() / share;
    if (drawn < 0.3) throw new Killed();
    transactions++;
    try {
      const result = await database.inStore(storeId, async (tx) => {
        const done = await work(tx);
        // What has begun goes on: a request is not called back.
        if (drawn < 0.6) throw new Killed();
        return done;
      });
      if (drawn < 1) throw new Killed();
      return result as Result;
    } finally {
      transactions--;
      // A request that started in it may be what is waited for.
      if (isStopped) setImmediate(tell);
    }
  }
  return {
    database: { ...database, inStore },
    hold,
    start(run) {
      // Listened for first: it may stop before it has done anything.
      const first = quiet();
      run().then(
        () => {
          end.resolve(undefined);
        },
        (error: unknown) => {
          if (!(error instanceof Killed)) {
            end.reject(error);
            return;
          }
          onKilled();
          end.resolve(undefined);
        },
      );
      return first;
    },
  };
}
