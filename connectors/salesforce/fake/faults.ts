/** How the fake misbehaves: on demand, or by seeded chance. */
import type { Random } from '@rekindle/core';

/**
 * too_many: 429 with Retry-After. unavailable: 503. error_before, error_after: 500 without having done it, having done it.
 * reset_before, reset_after: the connection breaks. truncated: done, half an answer. expired: the session ends. concurrent: too
 * many long calls at once. limit: the day's calls are used up. locked: one record of several is locked.
 */
export type Fault =
  | 'too_many'
  | 'unavailable'
  | 'error_before'
  | 'error_after'
  | 'reset_before'
  | 'reset_after'
  | 'truncated'
  | 'slow'
  | 'expired'
  | 'concurrent'
  | 'limit'
  | 'locked';

/** Share of calls, 0..1, that meet a fault; together at most 1. */
export type Faults = Partial<Record<Fault, number>>;

export interface FaultPlan {
  /** What the next call meets. */
  next(): Fault | undefined;
  /** From now on by chance; an empty object: never. */
  set: (faults: Faults) => void;
  /** The next calls meet these, in order. */
  queue: (...faults: Fault[]) => void;
}

export function faultPlan(random: Random, initial: Faults): FaultPlan {
  let shares = initial;
  const queued: Fault[] = [];
  return {
    next() {
      const waiting = queued.shift();
      if (waiting) return waiting;
      let draw = random.next();
      for (const [fault, share] of Object.entries(shares) as [Fault, number][]) {
        if (draw < share) return fault;
        draw -= share;
      }
      return undefined;
    },
    set(faults) {
      shares = faults;
    },
    queue(...faults) {
      queued.push(...faults);
    },
  };
}
