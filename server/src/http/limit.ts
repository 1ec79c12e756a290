/**
 * How often something may happen, by name, in windows of fixed length. In this process's memory: a limit that holds back
 * guessing and floods, not a quota. Uses the process's own clock, which a demo's virtual one does not stop.
 */
import { fail } from '@rekindle/core';

export interface Limit {
  /** Throws `rate_limited` when the name has used up its window. */
  take(name: string): void;
}

/** Names held at most; beyond, all windows begin anew, so that memory stays flat under attack. */
const MOST_NAMES = 50_000;

/** At most `most` times in `windowMs` for each name. */
export function createLimit(most: number, windowMs: number, now: () => number = () => performance.now()): Limit {
  let counts = new Map<string, { until: number; count: number }>();
  return {
    take(name) {
      const at = now();
      const entry = counts.get(name);
      if (entry === undefined || entry.until <= at) {
        if (counts.size >= MOST_NAMES) counts = new Map();
        counts.set(name, { until: at + windowMs, count: 1 });
        return;
      }
      if (++entry.count > most)
        throw fail('rate_limited', `Too many requests: at most ${String(most)} in ${String(windowMs / 1000)} seconds.`);
    },
  };
}
