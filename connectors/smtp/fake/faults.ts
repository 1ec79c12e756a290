/** How the fake misbehaves: on demand, or by seeded chance. */
import type { Random } from '@rekindle/core';

/**
 * closing: 421 instead of taking a mail. busy: 450 to the recipient. refused: 550 to the recipient. sender_refused: 553 to
 * the sender. busy_after_data / refused_after_data: 451 / 554 to the whole mail. drop_before: the connection breaks within the
 * mail. drop_after: it breaks after the mail was taken, without an answer. hang: taken, never answered. slow: taken, late.
 */
export type Fault =
  | 'closing'
  | 'busy'
  | 'refused'
  | 'sender_refused'
  | 'busy_after_data'
  | 'refused_after_data'
  | 'drop_before'
  | 'drop_after'
  | 'hang'
  | 'slow';

/** Share of mails, 0..1, that meet a fault; together at most 1. */
export type Faults = Partial<Record<Fault, number>>;

export interface FaultPlan {
  /** What the next mail meets. */
  next(): Fault | undefined;
  /** From now on by chance; an empty object: never. */
  set: (faults: Faults) => void;
  /** The next mails meet these, in order. */
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
