/** How the fake misbehaves: on demand, or by seeded chance. */
import type { Random } from '@rekindle/core';

/**
 * too_many: 429 with Retry-After. quota: 429 for the day. error_before / error_after: 500 without having taken, having taken the
 * mails. reset_before / reset_after: the connection breaks. hang: taken, never answered. truncated: taken, half an answer. slow:
 * taken, late; until then the key is under way.
 */
export type Fault =
  | 'too_many'
  | 'quota'
  | 'error_before'
  | 'error_after'
  | 'reset_before'
  | 'reset_after'
  | 'hang'
  | 'truncated'
  | 'slow';

/** Share of requests, 0..1, that meet a fault; together at most 1. */
export type Faults = Partial<Record<Fault, number>>;

/** Whether the mails are taken all the same. */
export const TAKEN: Record<Fault, boolean> = {
  too_many: false,
  quota: false,
  error_before: false,
  error_after: true,
  reset_before: false,
  reset_after: true,
  hang: true,
  truncated: true,
  slow: true,
};

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
