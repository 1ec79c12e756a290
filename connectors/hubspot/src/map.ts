/** HubSpot's contacts and deals → ours. */
import { currencyDigits, type SourceConsent, type SourceCustomer, type SourceOrderLine } from '@rekindle/core';
import type { HubSpotRecord } from './schema.ts';

/** Of a contact. `hs_email_optout_<id>` of the subscription is asked for beside these. */
export const CONTACT_PROPERTIES = [
  'email',
  'firstname',
  'lastname',
  'phone',
  'hs_language',
  'hs_country_region_code',
  'hs_timezone',
  'hs_email_optout',
  'hs_email_hard_bounce_reason_enum',
  'hs_legal_basis',
  'lastmodifieddate',
] as const;

export const DEAL_PROPERTIES = [
  'amount',
  'closedate',
  'deal_currency_code',
  'dealname',
  'hs_is_closed_won',
  'hs_lastmodifieddate',
] as const;

/** When the properties that consent hangs on were last set; what was never set is missing. */
export type ConsentTimes = Map<string, Date>;

/** Whether anything about consent was ever said of this contact: then its history is worth asking for. */
export function saysConsent({ properties }: HubSpotRecord, optOut: string): boolean {
  return ['hs_email_optout', 'hs_legal_basis', optOut].some((name) => (properties[name] ?? '') !== '');
}

export function toCustomer(contact: HubSpotRecord, optOut: string, times: ConsentTimes): SourceCustomer {
  const { properties } = contact;
  const text = (name: string): string | undefined => properties[name]?.trim() || undefined;
  return {
    externalId: contact.id,
    email: text('email'),
    // HubSpot proves no address. One that bounced for good may be anybody's, and joins no two people.
    emailVerified: text('hs_email_hard_bounce_reason_enum') === undefined,
    phone: text('phone'),
    firstName: text('firstname'),
    lastName: text('lastname'),
    language: text('hs_language')?.replaceAll('_', '-'),
    country: text('hs_country_region_code')?.toUpperCase(),
    timeZone: zoneOf(text('hs_timezone')),
    consent: consentOf(contact, optOut, times),
    createdAt: contact.createdAt,
  };
}

/** HubSpot writes 'europe_slash_madrid'; Intl takes any case. */
function zoneOf(name: string | undefined): string | undefined {
  const zone = name?.replaceAll('_slash_', '/').replaceAll('_hyphen_', '-');
  if (zone === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

const BASES: [basis: SourceConsent['basis'], said: RegExp][] = [
  ['express', /freely given consent/i],
  ['soft_opt_in', /existing customer|performance of a contract/i],
];

/** A refusal is dated by when it was set, never by when the contact was last touched: a later change is no later wish. */
function consentOf(
  { properties, createdAt }: HubSpotRecord,
  optOut: string,
  times: ConsentTimes,
): SourceConsent | undefined {
  const latest = (...names: string[]): Date =>
    new Date(Math.max(createdAt.getTime(), ...names.map((name) => times.get(name)?.getTime() ?? 0)));
  const refused = ['hs_email_optout', optOut].filter((name) => properties[name] === 'true');
  if (refused.length > 0) return { state: 'unsubscribed', basis: 'none', at: latest(...refused) };
  const legal = properties['hs_legal_basis'] ?? '';
  const basis = BASES.find(([, said]) => said.test(legal))?.[0];
  const at = latest('hs_legal_basis', 'hs_email_optout', optOut);
  // Where HubSpot knows of no consent, another source's word must count.
  return basis && { state: 'subscribed', basis, at };
}

export type MappedDeal = { line: SourceOrderLine } | { reason: string };

export function isWon({ properties }: HubSpotRecord): boolean {
  return properties['hs_is_closed_won'] === 'true';
}

export function closedAt({ properties }: HubSpotRecord): Date | undefined {
  const at = new Date(properties['closedate'] ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** A won deal is an order of one line. `fallback`: the account's own currency. */
export function toOrderLine(deal: HubSpotRecord, contactId: string | undefined, fallback: string): MappedDeal {
  const orderedAt = closedAt(deal);
  const said = deal.properties['amount'] ?? '';
  const currency = (deal.properties['deal_currency_code'] ?? '') || fallback;
  if (contactId === undefined) return { reason: 'the deal has no contact' };
  if (orderedAt === undefined) return { reason: 'the deal has no close date' };
  if (said === '' || !Number.isFinite(Number(said))) return { reason: 'the deal has no amount' };
  if (!/^[A-Z]{3}$/.test(currency)) return { reason: 'the deal’s currency is unknown' };
  const amount = Math.round(Number(said) * 10 ** currencyDigits(currency));
  if (!Number.isSafeInteger(amount)) return { reason: 'the deal’s amount is too large' };
  return {
    line: {
      customerId: contactId,
      orderId: deal.id,
      lineId: deal.id,
      kind: amount < 0 ? 'return' : 'sale',
      orderedAt,
      amount,
      currency,
      quantity: 1,
    },
  };
}
