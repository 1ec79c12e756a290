/**
 * Text as rows of fields with the number of the line that each began on. The cutting is papaparse's (RFC 4180: quoted
 * fields may hold delimiters, doubled quotes and line ends); what is ours is to do it block by block in bounded memory.
 */
import { fail } from '@rekindle/core';
import papa from 'papaparse';
import { LONGEST_ROW, readBlocks } from './blocks.ts';

/** How the fields of a file are cut. 'blanks': by any run of blanks, without quotes. */
export interface Dialect {
  delimiter: ',' | ';' | '\t' | '|' | 'blanks';
  /** A line feed also ends lines that have a carriage return before it. */
  newline: '\n' | '\r';
}

export interface RowBlock {
  rows: string[][];
  /** Line on which the first row began, counted from 1 */
  line: number;
  /** Line after the last row */
  nextLine: number;
  /** Lines of each row, where any has more than one */
  heights: number[] | undefined;
  /** Places in `rows` whose quotes are wrong */
  broken: Set<number>;
  /** Bytes of the plain file before the first row and after the last */
  start: number;
  end: number;
}

/** The byte order mark that some programs put in front of UTF-8. */
const BOM = 0xfeff;
const BOM_BYTES = 3;

/** From the first line on, or from a row's start that an earlier reading told (`from`). */
export async function* readRows(
  pieces: AsyncIterable<Buffer>,
  name: string,
  dialect: Dialect | ((beginning: string) => Dialect),
  from?: { line: number; start: number },
): AsyncGenerator<RowBlock> {
  let cut: ((text: string, last: boolean) => Cut) | undefined;
  let rest = '';
  let line = from?.line ?? 1;
  let start = from?.start ?? 0;

  function rowsOf(text: string, last: boolean, ascii: boolean): RowBlock {
    const { rows, used, broken } = cut?.(text, last) ?? { rows: [], used: 0, broken: new Set() };
    const taken = text.slice(0, used);
    const heights = taken.includes('"') ? heightsOf(rows, taken) : undefined;
    const nextLine = line + (heights ? heights.reduce((sum, height) => sum + height, 0) : rows.length);
    const end = start + (ascii ? used : Buffer.byteLength(taken));
    const made = { rows, line, nextLine, heights, broken, start, end };
    start = end;
    line = nextLine;
    rest = text.slice(used);
    return made;
  }

  for await (const block of readBlocks(pieces, name, from?.line)) {
    const marked = !from && block.start === 0 && block.text.charCodeAt(0) === BOM;
    const text = rest + (marked ? block.text.slice(1) : block.text);
    if (marked) start = BOM_BYTES;
    if (!cut) {
      const chosen = typeof dialect === 'function' ? dialect(text) : dialect;
      cut = chosen.delimiter === 'blanks' ? blanks(chosen) : quoted(chosen);
    }
    yield rowsOf(text, false, block.ascii && rest === '');
    if (rest.length > LONGEST_ROW)
      throw fail('bad_file', `Line ${String(line)} of ${name} opens a quote that is not closed within 1 MB.`);
  }
  if (rest !== '') yield rowsOf(rest, true, false);
}

export function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}

/** The dialect of a file with a header, from its beginning. */
export function guessDialect(text: string): Dialect {
  const header = firstLine(text);
  const counts = ([',', ';', '\t', '|'] as const).map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }));
  const { delimiter } = counts.reduce((best, one) => (one.count > best.count ? one : best));
  return { delimiter, newline: newlineOf(text) };
}

export function newlineOf(text: string): Dialect['newline'] {
  return text.includes('\r') && !text.includes('\n') ? '\r' : '\n';
}

interface Cut {
  rows: string[][];
  /** Characters of the text that are in the rows */
  used: number;
  broken: Set<number>;
}

function quoted(dialect: Dialect): (text: string, last: boolean) => Cut {
  const parser = new papa.Parser({
    delimiter: dialect.delimiter,
    newline: dialect.newline,
    quoteChar: '"',
    escapeChar: '"',
  });
  return (text, last) => {
    const result = parser.parse(text, 0, !last) as papa.ParseResult<string[]>;
    if (dialect.newline === '\n' && text.includes('\r')) result.data.forEach(dropReturn);
    return {
      rows: result.data,
      used: last ? text.length : result.meta.cursor,
      broken: new Set(result.errors.flatMap((error) => (error.row === undefined ? [] : [error.row]))),
    };
  };
}

function dropReturn(row: string[]): void {
  const last = row.at(-1);
  if (last?.endsWith('\r')) row[row.length - 1] = last.slice(0, -1);
}

function blanks(dialect: Dialect): (text: string, last: boolean) => Cut {
  return (text, last) => {
    const used = last ? text.length : text.lastIndexOf(dialect.newline) + dialect.newline.length;
    const lines = text.slice(0, used).split(dialect.newline);
    if (lines.at(-1) === '') lines.pop();
    return { rows: lines.map((line) => line.trim().split(/\s+/)), used, broken: new Set() };
  };
}

function heightsOf(rows: string[][], taken: string): number[] | undefined {
  let ends = 0;
  for (let at = taken.indexOf('\n'); at !== -1; at = taken.indexOf('\n', at + 1)) ends++;
  if (ends <= rows.length) return undefined;
  return rows.map((row) =>
    row.reduce((height, field) => height + (field.includes('\n') ? field.split('\n').length - 1 : 0), 1),
  );
}
