/**
 * Rows into PostgreSQL by COPY … FROM STDIN, text format: six to ten times faster than INSERT with parameters.
 * https://www.postgresql.org/docs/current/sql-copy.html (text format, escapes)
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | boolean | Date | null | undefined;

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const NEEDS_ESCAPE = /[\\\n\r\t]/;
/** Characters held before they go to the socket: large enough to amortise, small enough to keep memory flat. */
const CHUNK = 1 << 16;

function field(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string')
    return NEEDS_ESCAPE.test(value) ? value.replace(/[\\\n\r\t]/g, (c) => ESCAPES[c] ?? c) : value;
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

async function* chunks(
  rows: Iterable<CopyValue[]> | AsyncIterable<CopyValue[]>,
  count: { rows: number },
): AsyncGenerator<string> {
  let chunk = '';
  for await (const row of rows) {
    for (let i = 0; i < row.length; i++) chunk += (i === 0 ? '' : '\t') + field(row[i]);
    chunk += '\n';
    count.rows++;
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** Copies a stream that is ready in COPY's binary format into `table`. */
export async function copyBinary(
  client: pg.PoolClient,
  table: string,
  columns: string[],
  pieces: Buffer[],
): Promise<void> {
  await pipeline(
    Readable.from(pieces),
    client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT binary)`)),
  );
}

/** Copies rows into `table` (a name of ours, never from outside) and gives their number. */
export async function copyRows(
  client: pg.PoolClient,
  table: string,
  columns: string[],
  rows: Iterable<CopyValue[]> | AsyncIterable<CopyValue[]>,
): Promise<number> {
  const count = { rows: 0 };
  await pipeline(
    Readable.from(chunks(rows, count)),
    client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`)),
  );
  return count.rows;
}
