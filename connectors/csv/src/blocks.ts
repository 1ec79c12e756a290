/**
 * Bytes as text that ends with a line. Refuses what is no UTF-8 text, with the number of the line, and never holds more than
 * a megabyte of one line.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { fail } from '@rekindle/core';

/** Longest row: a file of which the line end never comes must not fill the memory. */
export const LONGEST_ROW = 1 << 20;
/** Bytes of text handed on at once, about: small texts die young, and cheaply. */
const BLOCK = 1 << 16;
const LF = 10;
const CR = 13;

export interface Block {
  text: string;
  /** Bytes that stand before it in the plain file */
  start: number;
  end: number;
  ascii: boolean;
}

/**
 * Whole lines of the file, about 64 KB at a time; the last one may lack its line end. `from`: the line on which the pieces
 * begin, where they are not the beginning of the file.
 */
export async function* readBlocks(pieces: AsyncIterable<Buffer>, name: string, from?: number): AsyncGenerator<Block> {
  let held: Buffer[] = [];
  let size = 0;
  let start = 0;
  let line = from ?? 1;
  let newline: number | undefined;

  function block(bytes: Buffer): Block {
    const ascii = isAscii(bytes);
    if (!ascii && !isUtf8(bytes)) throw badEncoding(bytes, newline ?? LF, line, name);
    if (bytes.includes(0))
      throw fail(
        'bad_file',
        `${name} is not text: line ${String(line + countLines(bytes, bytes.indexOf(0)))} holds a null byte.`,
      );
    const made = {
      text: ascii ? bytes.toString('latin1') : bytes.toString('utf8'),
      start,
      end: start + bytes.length,
      ascii,
    };
    start = made.end;
    line += countLines(bytes, bytes.length);
    return made;
  }
  function countLines(bytes: Buffer, until: number): number {
    let count = 0;
    for (let at = bytes.indexOf(newline ?? LF); at !== -1 && at < until; at = bytes.indexOf(newline ?? LF, at + 1))
      count++;
    return count;
  }

  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < BLOCK) continue;
    const bytes = held.length === 1 ? piece : Buffer.concat(held);
    if (start === 0 && from === undefined) mustBeText(bytes, name);
    newline ??= lineEnd(bytes);
    const cut = newline === undefined ? -1 : bytes.lastIndexOf(newline);
    if (cut === -1) {
      if (size > LONGEST_ROW)
        throw fail('bad_file', `Line ${String(line)} of ${name} is longer than 1 MB; that is no CSV file.`);
      held = [bytes];
      continue;
    }
    yield block(bytes.subarray(0, cut + 1));
    const rest = bytes.subarray(cut + 1);
    held = rest.length > 0 ? [Buffer.from(rest)] : [];
    size = rest.length;
  }
  const bytes = Buffer.concat(held);
  if (start === 0 && from === undefined) mustBeText(bytes, name);
  newline ??= lineEnd(bytes);
  if (bytes.length > 0) yield block(bytes);
}

/** The byte that ends lines: LF (also in CR LF), or CR in files of old. */
function lineEnd(bytes: Buffer): number | undefined {
  if (bytes.includes(LF)) return LF;
  return bytes.includes(CR) ? CR : undefined;
}

/** Says what a file is that is no text, from its first bytes. */
function mustBeText(bytes: Buffer, name: string): void {
  if (bytes.length === 0) throw fail('bad_file', `${name} is empty.`);
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    throw fail('bad_file', `${name} is in UTF-16; save it as CSV in UTF-8.`);
  if (a === 0x50 && b === 0x4b && bytes[2] === 3)
    throw fail('bad_file', `${name} is a ZIP or Excel file; save the sheet as CSV in UTF-8.`);
  const control = bytes.subarray(0, 8192).findIndex((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27));
  if (control !== -1) throw fail('bad_file', `${name} is not text (byte ${String(control)} is a control character).`);
}

function badEncoding(bytes: Buffer, newline: number, line: number, name: string): Error {
  let from = 0;
  for (let number = line; ; number++) {
    const to = bytes.indexOf(newline, from);
    const end = to === -1 ? bytes.length : to;
    if (to === -1 || !isUtf8(bytes.subarray(from, end)))
      return fail('bad_file', `Line ${String(number)} of ${name} is not UTF-8; save the file as CSV in UTF-8.`);
    from = end + 1;
  }
}
