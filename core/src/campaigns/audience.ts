/**
 * Who of a segment may be in the audience, and why the others are left out. Pure; audience.store.ts says the same to the
 * database for all members at once, and a test holds the two together. Everybody gets one reason: the first that holds.
 */
import type { RefusalReason } from '../consent/index.ts';
import type { AskedReason } from '../preferences/index.ts';

/** In the order they are looked at: what can never be mended first, what passes by itself last. */
export const LEFT_OUT_REASONS = [
  'no_email',
  'suppressed',
  'unsubscribed',
  'consent_pending',
  'no_consent',
  'consent_expired',
  'asked_pause',
  'asked_topic',
  'asked_fewer',
  'not_enough_data',
  'ordered_recently',
  'capped',
  'would_leave',
  'sleeping_dog',
  'beyond_limit',
  'store_control',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** Whoever ordered in these days is not lapsed in anybody's eyes but a model's. */
export const RECENT_ORDER_DAYS = 7;

export interface MemberFacts {
  hasEmail: boolean;
  suppressed: boolean;
  /** What core/consent says; null: mail may go */
  refusal: RefusalReason | null;
  /** What the person asked for on the preference page; null: nothing that speaks against this mail */
  asked: AskedReason | null;
  /** scores.state; null: no score */
  scoreState: string | null;
  lastOrderAt: Date | null;
  /** Mails of the last `cap.days` days and those that wait to go */
  mails: number;
  /** Chance that the next mail loses the person; null: not known */
  leaveChance: number | null;
  /** Change in the chance to order that a mail makes; null: people are not known to differ */
  uplift: number | null;
}

/** A mail that loses more than one in so many of those it reaches costs more people than it wins back. */
export const MOST_LEAVING = 0.02;

export interface AudienceRules {
  now: Date;
  /** When the scores were made that put people into the segment */
  scoredAt: Date;
  cap: { messages: number; days: number };
  /** The campaign's topic */
  topic: string;
  /** Whoever ordered a moment ago is meant too. Default false */
  afterOrder?: boolean;
}

/**
 * Why this member is left out; undefined: in the audience. The limit compares members with each other and is the database's; the
 * store-wide control is a draw, see assignment.ts.
 */
export function leaveOut(facts: MemberFacts, rules: AudienceRules): LeftOutReason | undefined {
  if (!facts.hasEmail) return 'no_email';
  if (facts.suppressed) return 'suppressed';
  if (facts.refusal !== null) return facts.refusal;
  if (facts.asked !== null) return facts.asked;
  if (facts.scoreState !== 'scored') return 'not_enough_data';
  const since = orderedSince(rules);
  if (since !== null && facts.lastOrderAt !== null && facts.lastOrderAt > since) return 'ordered_recently';
  if (facts.mails >= rules.cap.messages) return 'capped';
  if ((facts.leaveChance ?? 0) > MOST_LEAVING) return 'would_leave';
  // A sleeping dog: with a mail this person is less likely to order than without.
  if ((facts.uplift ?? 0) < 0) return 'sleeping_dog';
  return undefined;
}

/** An order after this instant leaves a person out: she bought since the scoring, or a few days ago. Null: no order does. */
export function orderedSince({
  now,
  scoredAt,
  afterOrder = false,
}: Pick<AudienceRules, 'now' | 'scoredAt' | 'afterOrder'>): Date | null {
  if (afterOrder) return null;
  return new Date(Math.min(scoredAt.getTime(), now.getTime() - RECENT_ORDER_DAYS * 86_400_000));
}
