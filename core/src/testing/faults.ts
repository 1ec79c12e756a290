/** When a fake misbehaves: on demand, or by seeded chance. What a fault does is each fake's own. */
import type { Random } from '../ports.ts';

/** Share of requests, 0..1, that meet a fault; together at most 1. */
export type FaultShares<Fault extends string> = Partial<Record<Fault, number>>;

export interface FaultPlan<Fault extends string> {
  /** What the next request meets. */
  next(): Fault | undefined;
  /** From now on by chance; an empty object: never. */
  set: (shares: FaultShares<Fault>) => void;
  /** The next requests meet these, in order. */
  queue: (...faults: Fault[]) => void;
}

/** One draw a request, so that the same seed and the same requests meet the same faults. */
export function faultPlan<Fault extends string>(random: Random, initial: FaultShares<Fault> = {}): FaultPlan<Fault> {
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
    set(next) {
      shares = next;
    },
    queue(...faults) {
      queued.push(...faults);
    },
  };
}
