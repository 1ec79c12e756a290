/** The order log's part of a pull: what the cursor has not delivered yet and whose time has come. */
import { createHash } from 'node:crypto';
import type { PullBatch, SourceCustomer, SourceOrderLine } from '@rekindle/core';
import { fewer, type LogCursor, type Piece } from './cursor.ts';
import { openLog, readPieces, type LogPiece } from './read.ts';
import type { ReadOptions } from './settings.ts';
import { slice, type Slices } from './slices.ts';
import type { Bytes, Source } from './source.ts';

/** A batch without a cursor; after the last one the cursor. */
export type LogStep = { batch: PullBatch } | { cursor: LogCursor };

/** `until`: ms; rows after it are withheld. */
export async function* pullOrders(
  source: Source,
  options: ReadOptions,
  before: LogCursor | undefined,
  until: number,
): AsyncGenerator<LogStep> {
  const validator = (await source.validator()) ?? null;
  const unchanged = before !== undefined && validator !== null && validator === before.validator;
  if (unchanged && before.withheld.every((piece) => piece.from > until)) return;
  if (before && (unchanged || (await beginsWith(source, before)))) {
    const opened = await openLog(source, options);
    if (opened.format.seekable) {
      yield* goOn(source, options, opened, { before, validator, until, grown: !unchanged });
      return;
    }
  }
  yield* readAll(source, options, validator, until);
}

async function* readAll(
  source: Source,
  options: ReadOptions,
  validator: string | null,
  until: number,
): AsyncGenerator<LogStep> {
  const bytes = await source.read();
  const hash = createHash('sha256');
  const parts = slice(bytes.pieces, hash);
  const withheld: Piece[] = [];
  let rowsRead = 0;
  let line = 1;
  const pieces = readPieces(parts.take(0, Number.POSITIVE_INFINITY), source.name, options);
  for await (const piece of pieces) {
    rowsRead += piece.rows;
    line = piece.nextLine;
    yield batchOf(piece, { after: Number.NEGATIVE_INFINITY, until, fresh: true, rowsRead, bytes, withheld });
  }
  yield { cursor: { validator, until, ...endOf(parts), sha256: hash.digest('hex'), line, withheld: fewer(withheld) } };
}

interface GoingOn {
  before: LogCursor;
  validator: string | null;
  until: number;
  /** Whether there may be bytes beyond those that the cursor knows */
  grown: boolean;
}

async function* goOn(
  source: Source,
  options: ReadOptions,
  opened: LogPiece['opened'],
  { before, validator, until, grown }: GoingOn,
): AsyncGenerator<LogStep> {
  const bytes = await source.read();
  const hash = createHash('sha256');
  const parts = slice(bytes.pieces, hash);
  const withheld: Piece[] = [];
  const after = before.until ?? Number.NEGATIVE_INFINITY;
  for (const old of before.withheld) {
    if (old.from > until) {
      withheld.push(old);
      continue;
    }
    const from = { opened, line: old.line, start: old.start };
    for await (const piece of readPieces(parts.take(old.start, old.end), source.name, options, from))
      yield batchOf(piece, { after, until, fresh: false, rowsRead: 0, bytes, withheld });
  }
  if (!grown) {
    await parts.close();
    yield { cursor: { ...before, until, withheld: fewer(withheld) } };
    return;
  }
  // The line end of a last row that had none is the first byte of what came since.
  let line = before.complete ? before.line : before.line - 1;
  let rowsRead = 0;
  const from = { opened, line, start: before.bytes };
  const tail = parts.take(before.bytes, Number.POSITIVE_INFINITY);
  for await (const piece of readPieces(tail, source.name, options, from)) {
    rowsRead += piece.rows;
    line = piece.nextLine;
    yield batchOf(piece, { after: Number.NEGATIVE_INFINITY, until, fresh: true, rowsRead, bytes, withheld });
  }
  const end = endOf(parts);
  if (end.bytes === before.bytes) line = before.line;
  yield { cursor: { validator, until, ...end, sha256: hash.digest('hex'), line, withheld: fewer(withheld) } };
}

function endOf(parts: Slices): { bytes: number; complete: boolean } {
  const { bytes, last } = parts.seen();
  return { bytes, complete: last === 10 || last === 13 };
}

/** Whether the file still begins with the bytes that were read, and a last row without a line end has got one. */
async function beginsWith(source: Source, cursor: LogCursor): Promise<boolean> {
  const hash = createHash('sha256');
  const { pieces } = await source.read();
  let left = cursor.bytes;
  for await (const piece of pieces) {
    hash.update(piece.subarray(0, left));
    if (piece.length > left) {
      const next = piece[left];
      return (cursor.complete || next === 10 || next === 13) && hash.digest('hex') === cursor.sha256;
    }
    left -= piece.length;
  }
  return left === 0 && hash.digest('hex') === cursor.sha256;
}

interface Window {
  /** Rows up to this time were delivered before (ms) */
  after: number;
  until: number;
  /** Whether these rows are read for the first time: only then their faults are told */
  fresh: boolean;
  rowsRead: number;
  bytes: Bytes;
  /** Takes the piece in, if it holds rows whose time has not come */
  withheld: Piece[];
}

function batchOf(piece: LogPiece, window: Window): LogStep {
  const { after, until } = window;
  let earliest = Number.POSITIVE_INFINITY;
  const orderLines: SourceOrderLine[] = [];
  for (const line of piece.lines) {
    const at = line.orderedAt.getTime();
    if (at > until) earliest = Math.min(earliest, at);
    else if (at > after) orderLines.push(line);
  }
  const customers = piece.customers.filter((customer) => saidBy(customer) <= until && saidBy(customer) > after);
  if (earliest !== Number.POSITIVE_INFINITY)
    window.withheld.push({ start: piece.start, end: piece.end, line: piece.line, from: earliest });
  const progress = window.bytes.progress();
  return {
    batch: {
      orderLines,
      customers,
      rejected: window.fresh ? piece.rejected : [],
      rowsRead: window.rowsRead,
      ...(progress === undefined ? {} : { progress }),
    },
  };
}

function saidBy(customer: SourceCustomer): number {
  return customer.consent?.at.getTime() ?? Number.NEGATIVE_INFINITY;
}
