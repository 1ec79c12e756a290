/** Which arm and which variant a person gets: keyed draws only, so that anyone with the store's key can replay them. Pure. */
import { draw, STORE_CONTROL } from '../measurement/index.ts';
import type { LeftOutReason } from './audience.ts';
import { offerFor, type OfferDeal, type OfferReason } from './offer.ts';

export const VARIANT_KEYS = ['a', 'b'] as const;
export type VariantKey = (typeof VARIANT_KEYS)[number];

export interface DrawRules {
  drawKey: string;
  campaignKey: string;
  /** Share of the audience held back, 0..0.5 */
  holdoutShare: number;
  /** Share of all customers who never get anything, 0..0.5 */
  controlShare: number;
  /** Null: there is no offer, or a plan of before it was dealt */
  offer: OfferDeal | null;
}

export interface Assignment {
  arm: 'treated' | 'holdout' | 'left_out';
  reason: LeftOutReason | null;
  /** The campaign's own draw of this person, [0, 1) */
  draw: number;
  variantKey: VariantKey | null;
  /** Why this version, where a has the offer and b has none; null: the version was drawn */
  offerReason: OfferReason | null;
}

/**
 * Places one member of the segment. `reason` is why she is left out already, if she is; `offerNet` what the offer brings on
 * her, see offer.ts.
 */
export function assign(
  customerKey: string,
  reason: LeftOutReason | null,
  rules: DrawRules,
  offerNet: number | null = null,
): Assignment {
  const place = draw(rules.drawKey, rules.campaignKey, customerKey);
  const nothing = { draw: place, variantKey: null, offerReason: null };
  if (reason !== null) return { arm: 'left_out', reason, ...nothing };
  if (rules.controlShare > 0 && draw(rules.drawKey, STORE_CONTROL, customerKey) < rules.controlShare)
    return { arm: 'left_out', reason: 'store_control', ...nothing };
  if (place < rules.holdoutShare) return { arm: 'holdout', reason: null, ...nothing };
  const offerReason = rules.offer ? offerFor(offerNet, { ...rules, deal: rules.offer, customerKey }) : undefined;
  const variantKey =
    offerReason === undefined || offerReason === 'drawn'
      ? variantOf(customerKey, rules)
      : offerReason === 'not_needed'
        ? 'b'
        : 'a';
  return { arm: 'treated', reason: null, draw: place, variantKey, offerReason: offerReason ?? null };
}

/** A draw of its own: which mail a person gets says nothing about how near she was to being held back. */
function variantOf(customerKey: string, { drawKey, campaignKey }: DrawRules): VariantKey {
  const place = draw(drawKey, `${campaignKey}:variant`, customerKey);
  return VARIANT_KEYS[Math.floor(place * VARIANT_KEYS.length)] ?? 'a';
}
