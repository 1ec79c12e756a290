/**
 * What goes back to the platforms, one shape a kind. Connectors parse payloads with these and put them where their platform
 * has a place; the words are in the store's language already, so that shop and CRM say the same thing in the same words.
 */
import { z } from 'zod';

const amount = z.object({
  /** Minor units of `currency` */
  amount: z.number().int(),
  currency: z.string().length(3),
});

export const scorePayload = z.object({
  /** scored, or not enough data: then every figure is null */
  state: z.enum(['scored', 'not_enough_data']),
  /** new, active, slipping, lapsed, lost */
  lifeStage: z.string(),
  lifeStageWords: z.string(),
  /** 0..1: at least one order within 90 days, unprompted */
  chanceToReturn: z.number().min(0).max(1).nullable(),
  expectedValue90: amount.nullable(),
  expectedValue365: amount.nullable(),
  valueAtRisk: amount.nullable(),
  /** yyyy-mm-dd in the store's zone */
  nextOrderOn: z.string().nullable(),
  /** Sentences, strongest first, three at most */
  reasons: z.array(z.string()).max(3),
  /** What to do next, and in words */
  nextAction: z.object({ code: z.string(), words: z.string() }),
  scoreVersion: z.number().int(),
});
export type ScorePayload = z.infer<typeof scorePayload>;

/** What came of a campaign as a whole. */
export const outcomePayload = z.object({
  name: z.string(),
  state: z.string(),
  treated: z.number().int(),
  heldBack: z.number().int(),
  /** won, lost, nothing_seen, not_yet, broken */
  verdict: z.string(),
  verdictWords: z.string(),
  incrementalRevenue: z.object({
    amount: z.number().int(),
    low: z.number().int(),
    high: z.number().int(),
    confidence: z.number(),
    currency: z.string().length(3),
  }),
  /** Messages by what became of them, and since when */
  sends: z.object({
    accepted: z.number().int(),
    opened: z.number().int(),
    clicked: z.number().int(),
    unsubscribed: z.number().int(),
    complained: z.number().int(),
    failed: z.number().int(),
  }),
  /** Orders of those written to, within the window: attributed, never to be read as incremental */
  ordersAfter: z.number().int(),
  startedOn: z.string().nullable(),
});
export type OutcomePayload = z.infer<typeof outcomePayload>;

/** What came of one mail to one person: for the timeline of the record. */
export const touchPayload = z.object({
  /** Id of the person on the platform */
  externalId: z.string(),
  campaignId: z.string(),
  campaignName: z.string(),
  messageId: z.string(),
  /** The furthest that it got */
  outcome: z.enum(['sent', 'opened', 'clicked', 'ordered', 'bounced', 'unsubscribed', 'complained', 'replied']),
  words: z.string(),
  subject: z.string(),
  /** ISO instants */
  sentAt: z.string(),
  at: z.string(),
  orderValue: amount.nullable(),
  /** Where what the person wrote can be read, of an answer; else null */
  link: z.string().nullish(),
});
export type TouchPayload = z.infer<typeof touchPayload>;

export const consentPayload = z.object({
  channel: z.literal('email'),
  state: z.enum(['subscribed', 'unsubscribed']),
  basis: z.string(),
  at: z.string(),
});
export type ConsentPayload = z.infer<typeof consentPayload>;
