/** By what a campaign's people are chosen: by what a mail does to them where that is known, else by their worth. Pure. */
import type { AudienceChoice } from './plan.ts';

/** What past campaigns said about whom a mail moves. */
export interface UpliftAdvice {
  /** target-by-uplift, mail-all, mail-nobody; null: too little to say */
  recommendation: string | null;
  /** A sentence: why it says that, or how much is missing */
  reason: string;
}

/** `limit`: most people of a campaign; null: none. */
export function chooseBy(advice: UpliftAdvice | undefined, limit: number | null): AudienceChoice {
  const reason = advice?.reason ?? 'No mail has gone out yet, so nothing is known of whom a mail moves.';
  if (advice?.recommendation === 'target-by-uplift') return { by: 'uplift', reason, limit };
  return { by: limit === null ? 'everyone' : 'value', reason, limit };
}
