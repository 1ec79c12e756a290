/** What a merchant (or the command line) says of a CSV source. Stored as the connection's settings; holds no secret. */
import { fail } from '@rekindle/core';
import { z } from 'zod';

export const FORMAT_NAMES = ['orders', 'uci-online-retail', 'cdnow', 'shopify-orders-export'] as const;

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What is needed to read an order log. */
export const readOptions = z.object({
  /** A known layout; recognised from the first line where it is not named. */
  format: z.enum(FORMAT_NAMES).optional(),
  /** Our column → the file's header, for the house format: {customer_id: 'CustomerID'}. */
  columns: z.record(z.string(), z.string()).optional(),
  /** ISO 4217, where a row names none. Default: what the format implies, else EUR. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'three capital letters, as in EUR')
    .optional(),
  /** ISO 3166-1 alpha-2, where a row names none. Default: nothing is said of the person's country. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, as in ES')
    .optional(),
  /** IANA zone of times that are written without one. Default: what the format implies, else UTC. */
  timeZone: z.string().refine(isZone, 'a zone as in Europe/Madrid').optional(),
  /** Gives everybody <id>@customers.example: for logs without addresses, in simulations. Never for a real shop. */
  placeholderAddresses: z.boolean().default(false),
});

export const csvSettings = readOptions.extend({
  /** Path or http(s) address of the order log; plain or gzip. */
  orders: z.string().min(1),
  /** Path or http(s) address of the list of customers. */
  customers: z.string().min(1).optional(),
});

export type FormatName = (typeof FORMAT_NAMES)[number];
export type ReadOptions = z.input<typeof readOptions>;
export type CsvSettings = z.input<typeof csvSettings>;

/** Settings with their defaults. Throws `bad_configuration` with the first thing that is wrong. */
export function parseSettings<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail('bad_configuration', `The CSV setting ${issue?.path.join('.') ?? ''} is wrong: ${issue?.message ?? ''}.`);
}
