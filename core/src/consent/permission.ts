/**
 * Whether a person may be sent marketing mail now, by the law of her country. Pure. permission.store.ts says the same to
 * the database for a set of people; a property test holds the two together. Suppression (an address that gets nothing,
 * whatever the law) is another matter: suppression.store.ts.
 *
 * No consent record at all counts as a sale with a refusal offered at the checkout (soft opt-in by purchase), where the
 * country lets a sale stand for consent. `not_asked` says that nothing was offered, which is not enough where it must be.
 */
import { DateTime } from 'luxon';
import type { SourceConsent } from '../ports.ts';
import { ruleOf, type Basis, type CountryRule } from './rules.ts';

export interface PermissionQuestion {
  /** ISO 3166-1 alpha-2; null where not known */
  country: string | null;
  /** The newest record of what the person allowed */
  consent: SourceConsent | undefined;
  lastSaleAt: Date | null;
  now: Date;
}

export type RefusalReason = 'unsubscribed' | 'consent_pending' | 'no_consent' | 'consent_expired';
export type Permission = { allowed: true; basis: Basis } | { allowed: false; reason: RefusalReason };

/** On what ground mail may go and until when; `expiresAt` null: until the person objects. */
export type ConsentClock =
  { basis: Basis; expiresAt: Date | null } | { basis: null; reason: Exclude<RefusalReason, 'consent_expired'> };

/** Whether marketing mail may go to this person at `now`. */
export function mayMail(question: PermissionQuestion): Permission {
  const clock = consentClock(question);
  if (clock.basis === null) return { allowed: false, reason: clock.reason };
  // The last instant of the term is still inside it, the first after it is not.
  if (clock.expiresAt !== null && clock.expiresAt <= question.now) return { allowed: false, reason: 'consent_expired' };
  return { allowed: true, basis: clock.basis };
}

/** The best ground there is and when it ends, whether or not that is past. */
export function consentClock(question: Omit<PermissionQuestion, 'now'>): ConsentClock {
  const { consent } = question;
  const rule = ruleOf(question.country);
  if (consent?.state === 'unsubscribed') return { basis: null, reason: 'unsubscribed' };
  // Somebody typed the address and nobody confirmed it: it may be a stranger's.
  if (consent?.state === 'pending') return { basis: null, reason: 'consent_pending' };
  if (isExpress(consent, rule)) return { basis: 'express', expiresAt: null };
  if (rule.optOut) return { basis: 'opt_out', expiresAt: null };
  return bySale(question, rule) ?? byEnquiry(consent, rule) ?? { basis: null, reason: 'no_consent' };
}

function isExpress(consent: SourceConsent | undefined, rule: CountryRule): boolean {
  if (consent?.state !== 'subscribed') return false;
  return consent.basis === 'double_opt_in' || (consent.basis === 'express' && !rule.doubleOptIn);
}

function bySale({ consent, lastSaleAt }: Omit<PermissionQuestion, 'now'>, rule: CountryRule): ConsentClock | undefined {
  if (!rule.purchase || (rule.purchase.needsNotice && consent?.state === 'not_asked')) return undefined;
  // The platform may have seen the sale that the address is from, and we not.
  const told = consent?.state === 'subscribed' && consent.basis === 'soft_opt_in' ? consent.at : null;
  const since = later(lastSaleAt, told);
  if (!since) return undefined;
  return { basis: rule.purchase.basis, expiresAt: after(since, rule.purchase.months) };
}

function byEnquiry(consent: SourceConsent | undefined, rule: CountryRule): ConsentClock | undefined {
  if (consent?.state !== 'subscribed' || consent.basis !== 'none' || rule.enquiryMonths === null) return undefined;
  return { basis: 'enquiry', expiresAt: after(consent.at, rule.enquiryMonths) };
}

function later(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a > b ? a : b;
}

function after(since: Date, months: number | null): Date | null {
  return months === null ? null : DateTime.fromJSDate(since, { zone: 'utc' }).plus({ months }).toJSDate();
}
