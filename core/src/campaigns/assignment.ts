/** Which arm and which variant a person gets: keyed draws only, so that anyone with the store's key can replay them. Pure. */
import { draw, STORE_CONTROL } from '../measurement/index.ts';
import type { LeftOutReason } from './audience.ts';

export const VARIANT_KEYS = ['a', 'b'] as const;
export type VariantKey = (typeof VARIANT_KEYS)[number];

export interface DrawRules {
  drawKey: string;
  campaignKey: string;
  /** Share of the audience held back, 0..0.5 */
  holdoutShare: number;
  /** Share of all customers who never get anything, 0..0.5 */
  controlShare: number;
}

export interface Assignment {
  arm: 'treated' | 'holdout' | 'left_out';
  reason: LeftOutReason | null;
  /** The campaign's own draw of this person, [0, 1) */
  draw: number;
  variantKey: VariantKey | null;
}

/** Places one member of the segment. `reason` is why she is left out already, if she is. */
export function assign(customerKey: string, reason: LeftOutReason | null, rules: DrawRules): Assignment {
  const place = draw(rules.drawKey, rules.campaignKey, customerKey);
  if (reason !== null) return { arm: 'left_out', reason, draw: place, variantKey: null };
  if (rules.controlShare > 0 && draw(rules.drawKey, STORE_CONTROL, customerKey) < rules.controlShare)
    return { arm: 'left_out', reason: 'store_control', draw: place, variantKey: null };
  if (place < rules.holdoutShare) return { arm: 'holdout', reason: null, draw: place, variantKey: null };
  return { arm: 'treated', reason: null, draw: place, variantKey: variantOf(customerKey, rules) };
}

/** A draw of its own: which mail a person gets says nothing about how near she was to being held back. */
function variantOf(customerKey: string, { drawKey, campaignKey }: DrawRules): VariantKey {
  const place = draw(drawKey, `${campaignKey}:variant`, customerKey);
  return VARIANT_KEYS[Math.floor(place * VARIANT_KEYS.length)] ?? 'a';
}
