/**
 * Whether a store may go on sending as it does: what people and mailboxes say of its mails. Pure.
 *
 * Complaints: Google asks senders to stay under 0.10 % and never to reach 0.30 % ("Email sender guidelines",
 * support.google.com/a/answer/81126); a sender at 0.30 % gets no mitigation until seven days under it. Hard bounces: Amazon SES
 * asks for less than 2 %, and puts an account under review at 5 % ("Sending review process FAQs", docs.aws.amazon.com/ses).
 *
 * A share of few mails says little: below the least counts nothing happens, so that one complaint of twenty mails stops no shop.
 */
import { z } from 'zod';

/** Days over which shares are counted. */
export const HEALTH_DAYS = 7;
/** Of what it sent on its busiest day of the seven, a store that is slowed down may send so much a day. */
export const SLOWED_SHARE = 0.25;
/** … and always so many, or nothing could ever show that it went better. */
export const SLOWED_LEAST = 100;

export const RULES = [
  { cause: 'complaints', state: 'stopped', bound: 0.003, least: 5 },
  { cause: 'bounces', state: 'stopped', bound: 0.05, least: 20 },
  { cause: 'complaints', state: 'slowed', bound: 0.001, least: 3 },
  { cause: 'bounces', state: 'slowed', bound: 0.02, least: 10 },
] as const;

export const healthReason = z.object({
  cause: z.enum(['complaints', 'bounces']),
  /** Complaints or hard bounces, of `sent` mails of the last seven days */
  count: z.number(),
  sent: z.number(),
  /** The share that was reached */
  bound: z.number(),
});
export type HealthReason = z.infer<typeof healthReason>;

export type Health = { state: 'normal'; reason: null } | { state: 'slowed' | 'stopped'; reason: HealthReason };

export interface Troubles {
  sent: number;
  complaints: number;
  bounces: number;
}

/** The gravest rule that is broken. A store that was stopped stays so until a person lets it go on (`before`). */
export function judgeHealth(seen: Troubles, before: Health): Health {
  if (before.state === 'stopped') return before;
  for (const { cause, state, bound, least } of RULES) {
    const count = seen[cause];
    if (count >= least && count >= bound * seen.sent)
      return { state, reason: { cause, count, sent: seen.sent, bound } };
  }
  return { state: 'normal', reason: null };
}

/** Mails a day while slowed down. `busiest`: on the fullest of the last seven days. */
export function slowedDay(busiest: number): number {
  return Math.max(SLOWED_LEAST, Math.ceil(busiest * SLOWED_SHARE));
}
