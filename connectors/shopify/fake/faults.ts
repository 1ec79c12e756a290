/** How the fake misbehaves: on demand, or by seeded chance. Only the Admin API does; signing in has a fault of its own. */
import type { Random } from '@rekindle/core';

/**
 * too_many: 429 with Retry-After. throttled: 200 with THROTTLED. error_before / error_after: 500 without having done, having
 * done it. reset_before / reset_after: the connection breaks. token_expired: 401 once, though the token is good. slow: late.
 */
export type Fault =
  'too_many' | 'throttled' | 'error_before' | 'error_after' | 'reset_before' | 'reset_after' | 'token_expired' | 'slow';

/** Share of requests, 0..1, that meet a fault; together at most 1. */
export type Faults = Partial<Record<Fault, number>>;

export interface FaultPlan {
  /** What the next request meets. */
  next(): Fault | undefined;
  /** From now on by chance; an empty object: never. */
  set: (faults: Faults) => void;
  /** The next requests meet these, in order. */
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
