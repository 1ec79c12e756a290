/**
 * The list of customers: a header with customer_id and where known email, phone, first_name, last_name, language, country,
 * time_zone, consent_state, consent_basis, consent_at and created_at.
 */
import type { SourceConsent, SourceCustomer } from '@rekindle/core';
import { countryOf } from '../countries.ts';
import type { ReadTime } from '../times.ts';
import { findColumns } from './columns.ts';

export const CUSTOMER_COLUMNS = {
  needed: ['customer_id'],
  optional: [
    'email',
    'phone',
    'first_name',
    'last_name',
    'language',
    'country',
    'time_zone',
    'consent_state',
    'consent_basis',
    'consent_at',
    'created_at',
  ],
} as const;

const STATES = new Set<string>([
  'subscribed',
  'unsubscribed',
  'pending',
  'not_asked',
] satisfies SourceConsent['state'][]);
const BASES = new Set<string>(['express', 'double_opt_in', 'soft_opt_in', 'none'] satisfies SourceConsent['basis'][]);

export type ReadCustomer = (fields: string[]) => SourceCustomer | { reason: string };

export function customerReader(header: string[], file: string, readTime: ReadTime): ReadCustomer {
  const at = findColumns(header, CUSTOMER_COLUMNS, undefined, file);
  return (fields) => {
    if (fields.length !== header.length) return { reason: 'wrong_number_of_columns' };
    const field = (column: keyof typeof at): string => (at[column] === -1 ? '' : (fields[at[column]] ?? '').trim());
    const known = (column: keyof typeof at): string | undefined => field(column) || undefined;
    const externalId = field('customer_id');
    if (externalId === '') return { reason: 'no_customer' };
    if (externalId.length > 255) return { reason: 'id_too_long' };
    const createdAt = known('created_at') === undefined ? undefined : readTime(field('created_at'));
    if (field('created_at') !== '' && !createdAt) return { reason: 'bad_date' };
    const consent = consentOf(field('consent_state'), field('consent_basis'), field('consent_at'), createdAt, readTime);
    if (consent === 'wrong') return { reason: 'bad_consent' };
    return {
      externalId,
      email: known('email'),
      phone: known('phone'),
      firstName: known('first_name'),
      lastName: known('last_name'),
      language: known('language'),
      country: countryOf(field('country')),
      timeZone: known('time_zone'),
      consent,
      createdAt,
    };
  };
}

/** A consent without a time is as old as the customer; without either nobody can say since when it holds. */
function consentOf(
  state: string,
  basis: string,
  when: string,
  createdAt: Date | undefined,
  readTime: ReadTime,
): SourceConsent | undefined | 'wrong' {
  if (state === '') return undefined;
  const at = when === '' ? createdAt : readTime(when);
  const ground = basis === '' ? 'none' : basis;
  if (!at || !STATES.has(state) || !BASES.has(ground)) return 'wrong';
  return { state: state as SourceConsent['state'], basis: ground as SourceConsent['basis'], at };
}
