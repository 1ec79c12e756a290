/**
 * What the clock alone starts: a heartbeat that reads what is due and wakes it. A plain timer outside of the queue, so that
 * a queue that was emptied, or that never heard of a change, is set right within one beat.
 */
import type { Engine } from '../engine.ts';
import type { Queue } from '../ports.ts';
import { dueEverywhere } from './due.ts';

/** Milliseconds between two looks. A cycle whose queue was lost goes on after at most one. */
export const BEAT_MS = 5_000;

export interface Heartbeat {
  /** Looks once, now. Resolves when everything due has been woken. */
  beat(): Promise<void>;
  /** No further beat; resolves when one under way has ended. */
  stop(): Promise<void>;
}

/** Starts looking. A look that fails (no database for a moment) is logged, and the next one comes. */
export function startHeartbeat(engine: Engine, queue: Queue, everyMs: number = BEAT_MS): Heartbeat {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let current: Promise<void> = Promise.resolve();

  async function beat(): Promise<void> {
    try {
      for (const { storeId, stages, chores } of await dueEverywhere(engine))
        for (const name of [...stages, ...chores]) await queue.wake({ name, storeId });
    } catch (error) {
      engine.log.error({ err: error }, 'could not look what is due; looking again soon');
    }
  }
  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      current = beat().then(next);
    }, everyMs);
  }
  current = beat().then(next);
  return {
    beat,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
