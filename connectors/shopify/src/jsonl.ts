/**
 * Lines of a file on the web, one at a time and never the whole in memory, from a byte on. A download that breaks off goes on
 * where the last whole line ended.
 */
import { fail } from '@rekindle/core';

export interface Line {
  text: string;
  /** The byte after the line and its end */
  end: number;
}

/** The file is no longer there (results are kept for seven days). */
export class GoneError extends Error {}

const TRIES = 5;
const GONE = new Set([401, 403, 404, 410]);

export async function* readLines(
  url: string,
  from: number,
  sleep: (milliseconds: number) => Promise<void>,
): AsyncGenerator<Line> {
  let at = from;
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const line of download(url, at)) {
        at = line.end;
        attempt = 1;
        yield line;
      }
      return;
    } catch (error) {
      if (error instanceof GoneError) throw error;
      if (attempt >= TRIES)
        throw fail('connector_unavailable', 'Shopify’s result breaks off again and again; it is read on later.');
      await sleep(1000 * 2 ** attempt);
    }
  }
}

async function* download(url: string, from: number): AsyncGenerator<Line> {
  // Compressed on the way, a byte of the file could not be named.
  const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${String(from)}-` }) };
  const response = await fetch(url, { headers });
  // Nothing stands after this byte: all was read.
  if (response.status === 416) {
    await response.body?.cancel();
    return;
  }
  if (GONE.has(response.status)) {
    await response.body?.cancel();
    throw new GoneError('the result is no longer there');
  }
  if (!response.ok || !response.body) throw new Error(`HTTP ${String(response.status)}`);
  // A server that knows no ranges gives all of it again.
  let skip = response.status === 206 ? 0 : from;
  let end = from;
  let rest: Buffer[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (skip > 0) {
      const passed = Math.min(skip, bytes.length);
      skip -= passed;
      bytes = bytes.subarray(passed);
    }
    for (let stop = bytes.indexOf(10); stop !== -1; stop = bytes.indexOf(10)) {
      const line = Buffer.concat([...rest, bytes.subarray(0, stop)]);
      rest = [];
      bytes = bytes.subarray(stop + 1);
      end += line.length + 1;
      if (line.length > 0) yield { text: line.toString('utf8'), end };
    }
    if (bytes.length > 0) rest.push(Buffer.from(bytes));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield { text: last.toString('utf8'), end: end + last.length };
}
