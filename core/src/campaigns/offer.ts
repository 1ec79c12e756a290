/**
 * How a campaign's offer is dealt: to those who need it where past trials tell who that is, else by the campaign's own rule,
 * which gives it to everybody (or, while it is learned who needs it, to a random half). Pure, and keyed like every draw.
 */
import { z } from 'zod';
import { draw } from '../measurement/index.ts';

/** Why one person gets the offer or does not. */
export const OFFER_REASONS = ['needed', 'not_needed', 'not_known', 'drawn'] as const;
export type OfferReason = (typeof OFFER_REASONS)[number];

export const offerDeal = z.strictObject({
  /** person: to who needs it; test: to a random half; rule: to everybody */
  by: z.enum(['person', 'test', 'rule']),
  /** Why it is dealt so, a sentence */
  reason: z.string(),
  /** Share of people to whom it is dealt at random all the same, so that what is known of them stays true */
  drawn: z.number().min(0).max(1),
});
export type OfferDeal = z.infer<typeof offerDeal>;

/** What the model of offers said at the last scoring. */
export interface OfferAdvice {
  /** by_person, to_all, to_nobody; null: too little to say */
  advice: string | null;
  /** A sentence: what it saw, or how much is missing */
  reason: string;
}

/** Whom a merchant lets us go on learning from: one in five gets the offer, or not, by lot. */
const DRAWN = 0.2;

/** Null: there is no offer to deal. */
export function dealOffer(
  advice: OfferAdvice | undefined,
  { offered, learning }: { offered: boolean; learning: boolean },
): OfferDeal | null {
  if (!offered) return null;
  const reason = advice?.reason ?? 'No mail has gone out yet, so nothing is known of who needs an offer.';
  if (advice?.advice === 'by_person') return { by: 'person', reason, drawn: learning ? DRAWN : 0 };
  return { by: learning ? 'test' : 'rule', reason, drawn: 0 };
}

/** Whether version b of a campaign dealt so is version a without the offer. */
export function withoutOffer(deal: OfferDeal | null, offerTest: boolean): boolean {
  return offerTest || deal?.by === 'person';
}

/**
 * One person. `net`: what the offer brings on this person after its cost, in values of an order; null: not known, and the
 * campaign's rule gives it. Undefined: whether by lot is drawn elsewhere (a test), or everybody gets it.
 */
export function offerFor(
  net: number | null,
  {
    deal,
    drawKey,
    campaignKey,
    customerKey,
  }: { deal: OfferDeal; drawKey: string; campaignKey: string; customerKey: string },
): OfferReason | undefined {
  if (deal.by !== 'person') return undefined;
  if (draw(drawKey, `${campaignKey}:offer`, customerKey) < deal.drawn) return 'drawn';
  if (net === null) return 'not_known';
  return net > 0 ? 'needed' : 'not_needed';
}
