/**
 * Rows of Salesforce as people and orders. A row comes from a CSV page ('' for nothing, 'true') or from a JSON answer (null,
 * true): both are read here, the same.
 */
import { currencyDigits, type RejectedRow, type SourceCustomer, type SourceOrderLine } from '@rekindle/core';
import { z } from 'zod';
import { countryOf } from './country.ts';
import { recordId } from './schema.ts';

export type Row = Record<string, unknown>;

const text = z
  .union([z.string(), z.number(), z.null()])
  .optional()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : String(value)));
const flag = z
  .union([z.boolean(), z.string(), z.null()])
  .optional()
  .transform((value) => value === true || value === 'true');
/** 2026-03-01T10:00:00.000Z in CSV, …+0000 in JSON. */
const instant = z
  .string()
  .transform((value) => new Date(value))
  .refine((value) => !Number.isNaN(value.getTime()));

const common = { Id: recordId, SystemModstamp: instant, IsDeleted: flag };

const personRow = z.object({
  ...common,
  CreatedDate: instant,
  FirstName: text,
  LastName: text,
  Email: text,
  Phone: text,
  MobilePhone: text,
  HasOptedOutOfEmail: flag,
  EmailBouncedDate: text,
  MasterRecordId: text,
  MailingCountry: text,
  Country: text,
  IsConverted: flag,
  ConvertedContactId: text,
});
export type PersonRow = z.infer<typeof personRow>;

const orderRow = z.object({ ...common, Amount: text, CloseDate: z.iso.date(), ContactId: text, CurrencyIsoCode: text });
export type OrderRow = z.infer<typeof orderRow>;

/** Undefined where it is no such row: a field is missing, a date is none. */
export function readPerson(row: Row): PersonRow | undefined {
  return personRow.safeParse(row).data;
}

export function readOrder(row: Row): OrderRow | undefined {
  return orderRow.safeParse(row).data;
}

/**
 * A contact or a lead. What Salesforce calls “not opted out” is silence, not consent: only an opt-out is told, as of the last
 * change of the record, because Salesforce does not say when it was made.
 */
export function toPerson(row: PersonRow): SourceCustomer {
  const lead = row.Id.startsWith('00Q');
  return {
    externalId: row.Id,
    email: row.Email,
    // A lead's address was typed by whoever filled in a form; a bounced one reaches nobody.
    emailVerified: row.EmailBouncedDate === undefined && !lead,
    phone: row.MobilePhone ?? row.Phone,
    firstName: row.FirstName,
    lastName: row.LastName,
    country: countryOf(lead ? row.Country : row.MailingCountry),
    consent: row.HasOptedOutOfEmail ? { state: 'unsubscribed', basis: 'none', at: row.SystemModstamp } : undefined,
    createdAt: row.CreatedDate,
  };
}

/** The record that this one became part of: the contact of a converted lead, the master of a merged record. */
export function partOf(row: PersonRow): string | undefined {
  if (row.IsConverted) return row.ConvertedContactId;
  return row.IsDeleted ? row.MasterRecordId : undefined;
}

/** A won opportunity has a day and no time: noon UTC is that day in nearly every zone. */
export function orderedAt(closeDate: string): Date {
  return new Date(`${closeDate}T12:00:00.000Z`);
}

/** The last day whose orders are there at `until`. */
export function lastDay(until: Date | undefined): string | null {
  return until === undefined ? null : new Date(until.getTime() - 12 * 3_600_000).toISOString().slice(0, 10);
}

/**
 * A won opportunity. One that was deleted is told again as worth nothing, which takes back what it was worth: a return where
 * it never was told as a sale, so that it is no purchase then.
 */
export function toOrder(
  row: OrderRow,
  contact: string | undefined,
  around: { currency: string; line: number },
): SourceOrderLine | RejectedRow {
  const { line } = around;
  const currency = row.CurrencyIsoCode ?? around.currency;
  if (contact === undefined) return { line, reason: 'no_customer', source: 'orders' };
  const amount = row.IsDeleted ? 0 : minorUnits(row.Amount, currency);
  if (amount === undefined) return { line, reason: 'bad_amount', source: 'orders' };
  return {
    customerId: contact,
    orderId: row.Id,
    lineId: row.Id,
    kind: row.IsDeleted || amount < 0 ? 'return' : 'sale',
    orderedAt: orderedAt(row.CloseDate),
    amount,
    currency,
    quantity: 1,
    line,
  };
}

/** '12.5' EUR → 1250. CSV pages write large figures as 1.25E7. */
export function minorUnits(amount: string | undefined, currency: string): number | undefined {
  const [, digits, exponent = '0'] = /^(-?\d+(?:\.\d+)?)(?:[eE]\+?(-?\d+))?$/.exec(amount ?? '') ?? [];
  if (digits === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const minor = Math.round(Number(`${digits}e${String(Number(exponent) + currencyDigits(currency))}`));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** 1250 EUR → 12.5, for a currency field. */
export function majorUnits({ amount, currency }: { amount: number; currency: string }): number {
  return Number(`${String(amount)}e-${String(currencyDigits(currency))}`);
}
