/**
 * A web server that exports orders.csv and customers.csv (and .gz of both) as a shop would: made anew at every request,
 * streamed, with an ETag where the shop knows its version. Listens on this machine only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** error: 500. missing: 404. truncated: breaks off in the middle. slow: the first byte takes a while. */
export type CsvFault = 'error' | 'missing' | 'truncated' | 'slow';

type Content = Iterable<string> | AsyncIterable<string>;

export interface CsvFakeOptions {
  orders: () => Content;
  customers?: () => Content;
  /** Changes whenever the content does; becomes the ETag. Default: the shop tells none */
  version?: () => string;
  /** Default: any free one */
  port?: number;
}

export interface CsvFake {
  /** http://127.0.0.1:port, without a slash at the end */
  readonly url: string;
  readonly requests: { head: number; get: number };
  /** The next GET requests meet these. */
  queueFaults(...faults: CsvFault[]): void;
  close(): Promise<void>;
}

const SLOW_MS = 300;
/** Characters of a file that a truncated answer still gives. */
const TRUNCATED_AFTER = 100;

export async function startCsvFake(options: CsvFakeOptions): Promise<CsvFake> {
  const requests = { head: 0, get: 0 };
  const faults: CsvFault[] = [];
  const files: Record<string, (() => Content) | undefined> = { orders: options.orders, customers: options.customers };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://shop');
    const [, name = '', packed] = /^\/(orders|customers)\.csv(\.gz)?$/.exec(pathname) ?? [];
    const content = files[name];
    if (!content) return end(response, 404);
    if (options.version) response.setHeader('etag', `"${options.version()}"`);
    response.setHeader('content-type', packed === undefined ? 'text/csv; charset=utf-8' : 'application/gzip');
    if (request.method === 'HEAD') {
      requests.head++;
      return end(response, 200);
    }
    if (request.method !== 'GET') return end(response, 405);
    requests.get++;
    const fault = faults.shift();
    if (fault === 'error') return end(response, 500);
    if (fault === 'missing') return end(response, 404);
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const text = Readable.from(fault === 'truncated' ? beginning(content()) : content());
    if (packed === undefined) await pipeline(text, response);
    else await pipeline(text, createGzip(), response);
  }

  const server = createServer((request, response) => {
    // A file that breaks off, or a reader that went away: there is nobody left to tell.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    queueFaults: (...more) => void faults.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** The first characters, and then a break. */
async function* beginning(content: Content): AsyncGenerator<string> {
  for await (const piece of content) {
    yield piece.slice(0, TRUNCATED_AFTER);
    throw new Error('broken off');
  }
}
