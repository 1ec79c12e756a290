/**
 * An order log as batches of order lines: a pure streaming reader, without a database and without memory of what it read.
 * Used by the connector and by the commands that fit models to a log.
 */
import { fail, type RejectedRow, type SourceCustomer, type SourceOrderLine } from '@rekindle/core';
import type { z } from 'zod';
import { chooseFormat, type Facts, type Format, type RowReader, type Sink } from './formats/index.ts';
import { readRows, type Dialect, type RowBlock } from './rows.ts';
import { parseSettings, readOptions, type FormatName, type ReadOptions } from './settings.ts';
import { openSource, type Source } from './source.ts';

type ParsedOptions = z.output<typeof readOptions>;

/** What a piece of the log says, about 3,000 rows at a time. */
export interface OrderLogBatch {
  lines: SourceOrderLine[];
  /** What the log says of people beside their orders (consent) */
  customers: SourceCustomer[];
  rejected: RejectedRow[];
  /** Rows read so far, rejected ones included, the header left out */
  rowsRead: number;
  /** 0..1, where the size is known */
  progress?: number | undefined;
}

/** What a log is and implies of its shop. */
export interface OrderLogFacts {
  format: FormatName;
  currency: string;
  country: string | undefined;
  timeZone: string;
}

/**
 * Reads a log (path or http(s) address, plain or gzip) in the order of the file, which need not be that of time. Rows that
 * cannot be read are told with line and reason and left out. Throws `bad_file` with one sentence where the file as a whole
 * cannot be read: missing, a folder, empty, damaged gzip, not UTF-8, a line beyond 1 MB, a header without a needed column;
 * `connector_unavailable` where an address does not answer.
 */
export async function* readOrderLog(address: string, options: ReadOptions = {}): AsyncGenerator<OrderLogBatch> {
  const source = openSource(address);
  const bytes = await source.read();
  let rowsRead = 0;
  for await (const { lines, customers, rejected, rows } of readPieces(bytes.pieces, source.name, options)) {
    rowsRead += rows;
    yield { lines, customers, rejected, rowsRead, progress: bytes.progress() };
  }
}

/** Looks at the beginning only. */
export async function openLog(source: Source, options: ReadOptions): Promise<OpenedLog> {
  const bytes = await source.read();
  for await (const piece of readPieces(bytes.pieces, source.name, options)) return piece.opened;
  throw fail('bad_file', `${source.name} is empty.`);
}

/** Looks at the beginning of a log only. A currency, country or zone that the rows name themselves wins over these. */
export async function describeOrderLog(address: string, options: ReadOptions = {}): Promise<OrderLogFacts> {
  const source = openSource(address);
  const bytes = await source.read();
  for await (const piece of readPieces(bytes.pieces, source.name, options)) {
    const [line] = piece.lines;
    const { facts, format } = piece.opened;
    return {
      format: format.name,
      currency: line?.currency ?? facts.currency,
      country: facts.country ?? line?.country ?? format.implies.country,
      timeZone: facts.timeZone,
    };
  }
  throw fail('bad_file', `${source.name} holds no rows.`);
}

/** A log whose beginning has been looked at. */
export interface OpenedLog {
  format: Format;
  facts: Facts;
  dialect: Dialect;
  header: string[];
}

export interface LogPiece extends Omit<OrderLogBatch, 'rowsRead' | 'progress'> {
  opened: OpenedLog;
  /** Rows in this piece */
  rows: number;
  /** Bytes of the plain file before the first row and after the last, and the line of the first */
  start: number;
  end: number;
  line: number;
  /** Line after the last row */
  nextLine: number;
}

/** `from`: goes on at a row's start, in a log that was opened before. */
export async function* readPieces(
  pieces: AsyncIterable<Buffer>,
  name: string,
  given: ReadOptions,
  from?: { opened: OpenedLog; line: number; start: number },
): AsyncGenerator<LogPiece> {
  const options = parseSettings(readOptions, given);
  let opened = from?.opened;
  let format: Format | undefined = opened?.format;
  let reader: RowReader | undefined = opened && makeReader(opened, name, options);
  const dialect = (beginning: string): Dialect => {
    format = chooseFormat(beginning, options.format, options.columns !== undefined);
    return format.dialect(beginning);
  };
  let dialectUsed: Dialect | undefined = opened?.dialect;
  const choose = (beginning: string): Dialect => (dialectUsed = dialect(beginning));
  let sink = collect();
  let last: RowBlock | undefined;

  function piece(block: RowBlock, rows: number): LogPiece {
    if (!opened) throw fail('internal', 'a log was read before it was opened');
    const { lines, customers, rejected } = sink;
    sink = collect();
    return { opened, lines, customers, rejected, rows, ...placeOf(block) };
  }

  for await (const block of readRows(pieces, name, dialectUsed ?? choose, from)) {
    let first = 0;
    if (!opened) {
      if (!format || !dialectUsed) throw fail('internal', 'a log has no format');
      const header = format.header ? (block.rows[0] ?? []) : [];
      first = format.header ? 1 : 0;
      opened = { format, facts: factsOf(format, options), dialect: dialectUsed, header };
      reader = makeReader(opened, name, options);
    }
    const rows = reader ? feed(reader, block, first, sink) : 0;
    last = block;
    yield piece(block, rows);
  }
  reader?.end(sink);
  if (last && sink.lines.length + sink.rejected.length > 0)
    yield piece({ ...last, start: last.end, line: last.nextLine }, 0);
}

function placeOf({ start, end, line, nextLine }: RowBlock): Pick<LogPiece, 'start' | 'end' | 'line' | 'nextLine'> {
  return { start, end, line, nextLine };
}

function makeReader(opened: OpenedLog, name: string, options: ParsedOptions): RowReader {
  const { columns, placeholderAddresses } = options;
  const { facts, header, dialect } = opened;
  return opened.format.reader(header, { facts, columns, placeholderAddresses, name, delimiter: dialect.delimiter });
}

function factsOf(format: Format, options: ParsedOptions): Facts {
  return {
    currency: options.currency ?? format.implies.currency ?? 'EUR',
    country: options.country,
    timeZone: options.timeZone ?? format.implies.timeZone ?? 'UTC',
  };
}

/** Gives the number of rows; blank lines are none. */
function feed(reader: RowReader, block: RowBlock, first: number, sink: Sink): number {
  const { rows, heights, broken } = block;
  let line = block.line;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? [];
    if (i >= first && !(row.length === 1 && row[0] === '')) {
      count++;
      if (broken.has(i)) sink.reject(line, 'bad_quotes');
      else reader.row(row, line, sink);
    }
    line += heights?.[i] ?? 1;
  }
  return count;
}

function collect(): Sink & { lines: SourceOrderLine[]; customers: SourceCustomer[]; rejected: RejectedRow[] } {
  const lines: SourceOrderLine[] = [];
  const customers: SourceCustomer[] = [];
  const rejected: RejectedRow[] = [];
  return {
    lines,
    customers,
    rejected,
    line: (line) => void lines.push(line),
    customer: (customer) => void customers.push(customer),
    reject: (line, reason) => void rejected.push({ line, reason }),
  };
}
