/**
 * The list of customers' part of a pull. A list says how things stand, so a changed one is delivered whole; people who came
 * after `until`, and consents given after it, do not exist yet.
 */
import type { PullBatch, RejectedRow, SourceCustomer } from '@rekindle/core';
import type { ListCursor } from './cursor.ts';
import { customerReader, type ReadCustomer } from './formats/index.ts';
import { guessDialect, readRows, type RowBlock } from './rows.ts';
import type { Bytes, Source } from './source.ts';
import { timeReader } from './times.ts';

/** A batch without a cursor; after the last one the cursor. */
export type ListStep = { batch: PullBatch } | { cursor: ListCursor };

export async function* pullCustomers(
  source: Source,
  timeZone: string,
  before: ListCursor | undefined,
  until: number,
): AsyncGenerator<ListStep> {
  const validator = (await source.validator()) ?? null;
  const unchanged = before !== undefined && validator !== null && validator === before.validator;
  if (unchanged && (before.withheld === null || before.withheld > until)) return;
  const bytes = await source.read();
  const readTime = timeReader(timeZone);
  const state: Reading = { until, earliest: Number.POSITIVE_INFINITY, rowsRead: 0, rejects: !unchanged, bytes };
  let read: ReadCustomer | undefined;
  for await (const block of readRows(bytes.pieces, source.name, guessDialect)) {
    const first = read ? 0 : 1;
    read ??= customerReader(block.rows[0] ?? [], source.name, readTime);
    yield { batch: batchOf(block, first, read, state) };
  }
  yield { cursor: { validator, withheld: Number.isFinite(state.earliest) ? state.earliest : null } };
}

interface Reading {
  until: number;
  earliest: number;
  rowsRead: number;
  rejects: boolean;
  bytes: Bytes;
}

function batchOf(block: RowBlock, first: number, read: ReadCustomer, state: Reading): PullBatch {
  const customers: SourceCustomer[] = [];
  const rejected: RejectedRow[] = [];
  let line = block.line;
  for (let i = 0; i < block.rows.length; i++) {
    const row = block.rows[i] ?? [];
    if (i >= first && !(row.length === 1 && row[0] === '')) {
      state.rowsRead++;
      const customer = block.broken.has(i) ? { reason: 'bad_quotes' } : read(row);
      if ('reason' in customer) rejected.push({ line, reason: customer.reason, source: 'customers' });
      else keep(customer, customers, state);
    }
    line += block.heights?.[i] ?? 1;
  }
  const progress = state.bytes.progress();
  return {
    customers,
    rejected: state.rejects ? rejected : [],
    rowsRead: state.rejects ? state.rowsRead : 0,
    ...(progress === undefined ? {} : { progress }),
  };
}

function keep(customer: SourceCustomer, customers: SourceCustomer[], state: Reading): void {
  const born = customer.createdAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  const consented = customer.consent?.at.getTime() ?? Number.NEGATIVE_INFINITY;
  if (born > state.until) {
    state.earliest = Math.min(state.earliest, born);
    return;
  }
  if (consented > state.until) {
    state.earliest = Math.min(state.earliest, consented);
    customers.push({ ...customer, consent: undefined });
    return;
  }
  customers.push(customer);
}
