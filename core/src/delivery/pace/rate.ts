/**
 * A pace that was found by going too fast: half of it at once, then a little more every second, until it asks again (additive
 * increase, multiplicative decrease: Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance",
 * 1989; the pattern of TCP). Several who share a limit and cannot see each other end up with fair shares of it. Pure.
 *
 * What is stored is the moment of the last step; everything since follows from the clock, so that growing costs no write.
 */
export interface Rate {
  /** A second, at `steppedAt` */
  perSecond: number;
  /** The pace at which it was asked for patience */
  ceiling: number;
  steppedAt: Date;
  tokens: number;
  refilledAt: Date;
  /** Of the ceiling, so much is added every second */
  growth: number;
}

/** Twice the ceiling without a word: the limit is not there any more. */
const FORGOTTEN = 2;
/** Refusals within this time of a step were under way when it was taken, and say nothing new. */
const EPOCH_MS = 5_000;
/** Slower than this nobody can be asked to be: one in ten seconds. */
export const SLOWEST = 0.1;
/** Seconds of the pace that may go at once. */
const BURST_SECONDS = 1;

/** The pace at an instant; null: it has grown out of its limit. */
export function paceAt(rate: Rate, now: Date): number | null {
  const grown = rate.perSecond + rate.ceiling * rate.growth * secondsBetween(rate.steppedAt, now);
  return grown >= rate.ceiling * FORGOTTEN ? null : grown;
}

/** Half the pace. `observed`: what was being sent a second, where no pace was set yet, and how it grows again. */
export function stepBack(rate: Rate | null, now: Date, observed: { perSecond: number; growth: number }): Rate {
  if (rate && now.getTime() - rate.steppedAt.getTime() < EPOCH_MS) return { ...rate, tokens: 0, refilledAt: now };
  const pace = (rate && paceAt(rate, now)) ?? Math.max(observed.perSecond, 2 * SLOWEST);
  return {
    perSecond: Math.max(SLOWEST, pace / 2),
    ceiling: pace,
    steppedAt: now,
    tokens: 0,
    refilledAt: now,
    growth: observed.growth,
  };
}

/** What may go now, and with how much left after `wanted` were taken; `waitMs` until the next one where nothing may. */
export function take(rate: Rate, now: Date, wanted: number): { granted: number; left: Rate; waitMs: number } {
  const pace = paceAt(rate, now);
  if (pace === null) return { granted: wanted, left: rate, waitMs: 0 };
  const most = Math.max(1, pace * BURST_SECONDS);
  const tokens = Math.min(most, rate.tokens + pace * secondsBetween(rate.refilledAt, now));
  const granted = Math.min(wanted, Math.floor(tokens));
  const left = { ...rate, tokens: tokens - granted, refilledAt: now };
  return { granted, left, waitMs: granted > 0 ? 0 : Math.ceil(((1 - tokens) / pace) * 1000) };
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1000;
}
