/** Reads a trial's table: CSV (or .csv.gz) with a header, one person a line, all columns as words. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { fail, type Table } from '@rekindle/core';
import Papa from 'papaparse';

/** More than this is no trial that fits in memory as words. */
const LARGEST = 512 * 1024 * 1024;

/** Throws `bad_file` with the line at fault. */
export async function readTable(file: string): Promise<Table> {
  const { data } = Papa.parse<string[]>(await readText(file), { skipEmptyLines: true });
  const [columns, ...rows] = data;
  if (!columns || rows.length === 0) throw fail('bad_file', `${file} has no header or no rows.`);
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns.length)
      throw fail(
        'bad_file',
        `${file}, row ${String(i + 1)}: ${String(row.length)} fields where the header has ${String(columns.length)}.`,
      );
  }
  return { columns: columns.map((name) => name.replace(/^\ufeff/, '').trim()), rows };
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw fail('bad_file', `Cannot read ${file}.`, { cause });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: LARGEST });
    } catch (cause) {
      throw fail('bad_file', `${file} is a damaged or too large gzip file.`, { cause });
    }
  }
  if (bytes.length > LARGEST) throw fail('too_large', `${file} is larger than 512 MB.`);
  if (bytes.subarray(0, 65_536).includes(0)) throw fail('bad_file', `${file} is not a text file.`);
  return bytes.toString('utf8');
}
