/**
 * The warm-up of a sending domain. Providers of mailboxes distrust a domain that nobody has heard of and that mails thousands on
 * its first day; volume has to grow. Pure.
 *
 * The plan: 300 mails on the first day, then a fifth more from one day to the next, to the people who answer best first
 * (OneSignal, "Email warm-up", documentation.onesignal.com/docs/en/email-warm-up; Twilio SendGrid's own schedule grows by two
 * fifths a day, but for an IP address). Volume that nobody has seen for thirty days counts for nothing (Twilio SendGrid, "Warming
 * up an IP address"). So a day's allowance follows from what was sent: a fifth above the busiest of the thirty days before.
 */
export const FIRST_DAY = 300;
export const GROWTH = 1.2;
/** Days whose volume counts */
export const MEMORY_DAYS = 30;
/** A day's volume at which a domain is known: the plan ends there. */
const KNOWN = 1_000_000;

export interface WarmUpDay {
  /** Day of the plan, from 1 */
  day: number;
  /** Mails that may go today, in all */
  allowed: number;
}

/** Today's place in the plan, from the volume of the busiest day before; null: the plan is over. */
export function warmUpDay(busiest: number): WarmUpDay | null {
  if (busiest * GROWTH <= FIRST_DAY) return { day: 1, allowed: FIRST_DAY };
  const allowed = Math.floor(busiest * GROWTH);
  if (allowed >= KNOWN) return null;
  return { day: 1 + Math.ceil(Math.log(allowed / FIRST_DAY) / Math.log(GROWTH) - 1e-3), allowed };
}

/** The plan from today on, where every day is used in full: what a merchant is shown. */
export function warmUpPlan(busiest: number, days: number): WarmUpDay[] {
  const plan: WarmUpDay[] = [];
  for (let volume = busiest; plan.length < days;) {
    const next = warmUpDay(volume);
    if (!next) break;
    plan.push(next);
    volume = next.allowed;
  }
  return plan;
}
