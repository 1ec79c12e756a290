/**
 * Where a pull stopped, list by list. First comes a query job of the Bulk API with the place in its result, then the changes
 * since. A kill between two batches loses nothing: the job waits in Salesforce for seven days, and its pages stay the same.
 */
import { fail } from '@rekindle/core';
import { z } from 'zod';
import { recordId } from './schema.ts';

const day = z.iso.date();

/** A row that was told: its id and when it was changed last. A later change makes another word. */
export type Told = string;

const job = z.object({
  phase: z.literal('job'),
  id: recordId,
  /** Of the next page; null: the first one */
  locator: z.string().nullable(),
  /** Rows of it that were read */
  rows: z.number().int(),
  /** Orders closed after this day were not asked for; null: all were */
  until: day.nullable(),
  told: z.array(z.string()),
});

const changes = z.object({
  phase: z.literal('changes'),
  /** Everything that was changed before this instant (by Salesforce's clock) has been told */
  since: z.iso.datetime(),
  until: day.nullable(),
  /** What was changed about then and has been told already */
  told: z.array(z.string()),
  /** A look at the changes that is under way */
  look: z
    .object({
      until: day.nullable(),
      /** When it began, by Salesforce's clock */
      startedAt: z.iso.datetime(),
      /** The last row that was told */
      after: z.object({ stamp: z.iso.datetime(), id: recordId }),
      told: z.array(z.string()),
    })
    .optional(),
});

const list = z.discriminatedUnion('phase', [job, changes]);

const salesforceCursor = z.object({
  version: z.literal(1),
  lists: z.object({ contacts: list.optional(), leads: list.optional(), orders: list.optional() }),
});

export type JobPlace = z.infer<typeof job>;
export type ChangesPlace = z.infer<typeof changes>;
export type Place = z.infer<typeof list>;
export type ListName = 'contacts' | 'leads' | 'orders';
export type SalesforceCursor = z.infer<typeof salesforceCursor>;

export function readCursor(given: unknown): SalesforceCursor {
  if (given === undefined || given === null) return { version: 1, lists: {} };
  const parsed = salesforceCursor.safeParse(given);
  if (!parsed.success) throw fail('internal', 'the cursor of a Salesforce connection has an unknown form');
  return parsed.data;
}

/**
 * Salesforce writes SystemModstamp when a change begins and shows it when it is committed, so a look at the changes begins this
 * much before the last one. What was told already is remembered, as far as it is not too many.
 */
export const OVERLAP_MS = 120_000;
const MOST_TOLD = 1000;

export function toldWord(id: string, stamp: Date): Told {
  return `${id}@${(stamp.getTime() / 1000).toString(36)}`;
}

/** Stamps are whole seconds: what was changed so shortly before may change once more under the same stamp, and is told again. */
const SETTLED_MS = 5000;

/**
 * Adds those that a look from `since` on would meet again, and that can only be the same then. Beyond a thousand the rest is
 * told twice, which changes nothing.
 */
export function remember(told: Told[], rows: { id: string; stamp: Date }[], since: Date): Told[] {
  const again = rows.filter(({ stamp }) => {
    const before = since.getTime() - stamp.getTime();
    return before <= OVERLAP_MS && before > SETTLED_MS;
  });
  return [...told, ...again.map(({ id, stamp }) => toldWord(id, stamp))].slice(-MOST_TOLD);
}
