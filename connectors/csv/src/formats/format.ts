/** What a layout of order logs must say of itself, so that the rest need not know it. */
import type { SourceCustomer, SourceOrderLine } from '@rekindle/core';
import type { Dialect } from '../rows.ts';
import type { FormatName } from '../settings.ts';

/** Where what a row says goes to. */
export interface Sink {
  line(line: SourceOrderLine): void;
  customer(customer: SourceCustomer): void;
  reject(line: number, reason: string): void;
}

export interface RowReader {
  /** Takes one row; `line` is where it began in the file. */
  row(fields: string[], line: number, sink: Sink): void;
  /** Gives what was held back to the end. */
  end(sink: Sink): void;
}

/** What the shop is known to be, once options and format have had their say. */
export interface Facts {
  /** ISO 4217 */
  currency: string;
  /** ISO 3166-1 alpha-2 of a person of whom the log says nothing; undefined: unknown */
  country: string | undefined;
  /** IANA zone of times without one */
  timeZone: string;
}

export interface Format {
  readonly name: FormatName;
  /** What such a log implies of its shop, where nobody says otherwise. */
  readonly implies: { currency?: string; country?: string; timeZone?: string };
  /** Whether a reading may begin in the middle: no row needs another before it. */
  readonly seekable: boolean;
  /** Whether the first row names the columns. */
  readonly header: boolean;
  /** Whether a file that begins so is of this format. */
  recognises(beginning: string): boolean;
  dialect(beginning: string): Dialect;
  /** Throws `bad_file` where the header lacks a column. */
  reader(header: string[], context: ReadContext): RowReader;
}

export interface ReadContext {
  facts: Facts;
  columns: Record<string, string> | undefined;
  placeholderAddresses: boolean;
  /** How the file is called in sentences */
  name: string;
  delimiter: string;
}

/** An address on a domain that can never receive anything (RFC 2606). */
export function placeholderAddress(customerId: string): string {
  return `${encodeURIComponent(customerId)}@customers.example`;
}
