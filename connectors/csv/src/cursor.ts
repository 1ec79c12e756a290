/**
 * Where a pull of an order log stopped, so that the next one delivers only what came since, each row once.
 *
 * Two things can have come since: rows appended to the file, and rows that were there but whose time had not come (`until`
 * of a pull; clocks may be virtual). For the first the cursor knows how many bytes were read and their hash: a file that
 * does not begin with just these bytes was rewritten and is read anew, which the merge bears. For the second it knows the
 * pieces of the file that hold later rows, and reads no others. Rows need not be sorted by time; where they are, few pieces
 * are read twice.
 */
import { z } from 'zod';

const piece = z.object({
  /** Bytes of the plain file before and after; rows begin and end here */
  start: z.number().int(),
  end: z.number().int(),
  /** Line of the first row */
  line: z.number().int(),
  /** Time of the earliest row that was withheld, ms */
  from: z.number(),
});

export const logCursor = z.object({
  validator: z.string().nullable(),
  /** Rows up to this time (ms) were delivered */
  until: z.number().nullable(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** Line after the last row */
  line: z.number().int(),
  /** Whether the last row had a line end */
  complete: z.boolean(),
  withheld: z.array(piece),
});

export const listCursor = z.object({
  validator: z.string().nullable(),
  /** Time of the earliest row that was withheld, ms */
  withheld: z.number().nullable(),
});

export const csvCursor = z.object({
  version: z.literal(1),
  orders: logCursor,
  customers: listCursor.nullable(),
});

export type LogCursor = z.infer<typeof logCursor>;
export type ListCursor = z.infer<typeof listCursor>;
export type CsvCursor = z.infer<typeof csvCursor>;
export type Piece = z.infer<typeof piece>;

/** Pieces a cursor may name: it is a row of a table, not an index. */
const MOST_PIECES = 512;

/** Joins neighbours until there are few enough: more is read twice then, and still delivered once. */
export function fewer(pieces: Piece[]): Piece[] {
  let list = pieces;
  while (list.length > MOST_PIECES) {
    const joined: Piece[] = [];
    for (let i = 0; i < list.length; i += 2) {
      const [a, b] = [list[i], list[i + 1]];
      if (a) joined.push(b ? { ...a, end: b.end, from: Math.min(a.from, b.from) } : a);
    }
    list = joined;
  }
  return list;
}
