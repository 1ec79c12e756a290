/**
 * Where a pull stopped. Customers and orders each have a `since`: everything touched before it was told. It lies a little
 * before the last bulk operation began, because Shopify's search lags behind; what was told of that margin is `seen`, so that it
 * is not told again. A bulk operation under way is `running`: by its id a killed pull finds it again, by `byte` its place in the
 * result.
 */
import { z } from 'zod';
import { fail } from '@rekindle/core';
import type { Kind } from './operations.ts';

/** Short id, when it was last touched (ms), and up to when it was told where the rest still lay ahead (virtual time) */
const touched = z.tuple([z.string(), z.number(), z.number().nullable()]);
export type Touched = z.infer<typeof touched>;

const stream = z.object({
  /** ISO instant; null: nothing was ever told */
  since: z.string().nullable(),
  seen: z.array(touched),
});

const running = z.object({
  kind: z.enum(['customers', 'orders']),
  id: z.string(),
  createdAt: z.string(),
  /** Orders after this instant are withheld (virtual time) */
  until: z.string().nullable(),
  /** The next byte of the result to read, and the lines before it */
  byte: z.number().int(),
  line: z.number().int(),
  seen: z.array(touched),
});
export type Running = z.infer<typeof running>;

const cursor = z.object({
  version: z.literal(1),
  customers: stream,
  orders: stream,
  running: running.nullable(),
  /** Whose turn it is */
  turn: z.enum(['customers', 'orders']),
});
export type ShopifyCursor = z.infer<typeof cursor>;

/** Shopify's search may lag by so long behind what was written. */
const LAG_MS = 120_000;
/** A cursor is a row of a table, not an index: what is beyond is told again, which ingest bears. */
const MOST_SEEN = 1000;

export function readCursor(given: unknown): ShopifyCursor {
  if (given === undefined || given === null) {
    const nothing = { since: null, seen: [] };
    return { version: 1, customers: nothing, orders: nothing, running: null, turn: 'customers' };
  }
  const parsed = cursor.safeParse(given);
  if (!parsed.success) throw fail('internal', 'the cursor of a Shopify connection has an unknown form');
  return parsed.data;
}

/** From when on a pull after this operation must look again. */
export function horizonOf({ createdAt, until }: Pick<Running, 'createdAt' | 'until'>): number {
  return Math.min(Date.parse(createdAt), until === null ? Number.POSITIVE_INFINITY : Date.parse(until)) - LAG_MS;
}

/** Notes that this was told, where the next pull would come upon it again. `upTo`: no further than this instant. */
export function noteSeen(at: Running, id: string, updatedAt: number, upTo: number): void {
  if (updatedAt >= horizonOf(at) && at.seen.length < MOST_SEEN)
    at.seen.push([id, updatedAt, Number.isFinite(upTo) ? upTo : null]);
}

/** Up to when something was told just as it is now; infinity: all of it. */
export type ToldUpTo = (id: string, updatedAt: number) => number;

export function toldBy(cursor: ShopifyCursor, kind: Kind): ToldUpTo {
  const seen = new Map(cursor[kind].seen.map(([id, ...rest]) => [id, rest]));
  return (id, updatedAt) => {
    const [at, upTo = null] = seen.get(id) ?? [];
    return at === updatedAt ? (upTo ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  };
}

/** As Shopify's search takes it, and its clock counts: whole seconds. */
export function searchTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The cursor once an operation was read to its end. */
export function afterOperation(before: ShopifyCursor, at: Running): ShopifyCursor {
  const told = { since: searchTime(horizonOf(at)), seen: at.seen };
  return { ...before, [at.kind]: told, running: null };
}

export function withRunning(before: ShopifyCursor, at: Running | null): ShopifyCursor {
  return { ...before, running: at && { ...at, seen: [...at.seen] } };
}

export function withTurn(before: ShopifyCursor, turn: Kind): ShopifyCursor {
  return { ...before, turn };
}
