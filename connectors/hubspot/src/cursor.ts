/**
 * Where a pull stopped. The first pull lists contacts, then deals, page by page in the order of their ids. After that only what
 * changed is asked for, in the order of change, by keyset and never by page number: search gives no more than 10,000 results
 * of one question, and rows that change while we read would move between pages.
 *
 * HubSpot's search learns of a change some seconds late, so a look begins a little before the last change seen; `seen` are the
 * rows of that little while, which are not given twice.
 */
import { z } from 'zod';
import { fail } from '@rekindle/core';

const millis = z.number();

export const place = z.object({
  /** Changes up to this instant were given */
  from: millis,
  /** Set while so many rows changed at `from` itself that they are read in the order of their ids: the last one */
  tie: z.string().optional(),
  /** Id → instant of its change */
  seen: z.record(z.string(), millis),
});
export type Place = z.infer<typeof place>;

export const hubSpotCursor = z.object({
  version: z.literal(1),
  /** What is listed in a first pull; null: it is done */
  listing: z.object({ what: z.enum(['contacts', 'deals']), after: z.string().optional() }).nullable(),
  /** Deals closed up to this instant were given; null: all */
  until: millis.nullable(),
  contacts: place,
  deals: place,
  /** Set while deals are given whose time has come meanwhile: those up to this instant of closing were */
  coming: place.optional(),
  /** Rows read and rows there are, of a first pull */
  read: z.number(),
  total: z.number(),
});
export type HubSpotCursor = z.infer<typeof hubSpotCursor>;

/** How long HubSpot may take to find what changed. */
export const LATE_MS = 60_000;
/** A cursor is a column of a row. What is not remembered is given twice, which changes nothing. */
const MOST_SEEN = 500;

export function parseCursor(given: unknown): HubSpotCursor | undefined {
  if (given === undefined || given === null) return undefined;
  const parsed = hubSpotCursor.safeParse(given);
  if (!parsed.success) throw fail('internal', 'the cursor of a HubSpot connection has an unknown form');
  return parsed.data;
}

/** The place after rows were given. */
export function moved(before: Place, from: number, given: { id: string; at: number }[]): Place {
  const near = [...Object.entries(before.seen), ...given.map(({ id, at }) => [id, at] as const)].filter(
    ([, at]) => at >= from - LATE_MS,
  );
  return { from, seen: Object.fromEntries(near.toSorted((a, b) => a[1] - b[1]).slice(-MOST_SEEN)) };
}
