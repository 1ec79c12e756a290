/**
 * A shop's file server on loopback: its order log and its list of customers as CSV, plain and gzip, with ETag, and with
 * faults on demand. For tests and for the local demo, never for the running product.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/** Makes a file's text, anew for every request: as a whole, or piece by piece where it is large. */
export type Content = () => string | Iterable<string> | AsyncIterable<string>;

/** What goes wrong with the next requests for a file (HEAD is spared). */
export type Fault =
  | { kind: 'status'; status: number }
  /** The connection breaks after so many bytes of the body */
  | { kind: 'truncate'; after: number }
  /** So many milliseconds before every piece of the body */
  | { kind: 'slow'; milliseconds: number };

export interface CsvFakeOptions {
  orders: Content;
  customers?: Content;
  /**
   * What the ETags are made of, for content that is dear to make or too large to hold. It must change when the content
   * does. Without it the content is made and hashed before it is sent.
   */
  version?: () => string;
}

export interface CsvFake {
  /** http://127.0.0.1:port; below it orders.csv, customers.csv, and both with .gz */
  readonly url: string;
  /** Requests so far, as 'GET /orders.csv' */
  readonly requests: string[];
  /** Lets the next requests fail, `times` of them (default 1), after the faults that wait already. */
  fault(fault: Fault, times?: number): void;
  close(): Promise<void>;
}

export async function startCsvFake(options: CsvFakeOptions): Promise<CsvFake> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    answer(request, response, options, { requests, faults }).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    fault: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: CsvFakeOptions,
  state: { requests: string[]; faults: Fault[] },
): Promise<void> {
  const { method = 'GET' } = request;
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  state.requests.push(`${method} ${pathname}`);
  const [, name, packed] = /^\/(orders|customers)\.csv(\.gz)?$/.exec(pathname) ?? [];
  const content = name === 'orders' ? options.orders : options.customers;
  if (name === undefined || !content || (method !== 'GET' && method !== 'HEAD')) {
    response.writeHead(name === undefined || !content ? 404 : 405).end();
    return;
  }
  const fault = method === 'GET' ? state.faults.shift() : undefined;
  if (fault?.kind === 'status') {
    response.writeHead(fault.status).end();
    return;
  }
  const whole = options.version ? undefined : await collect(content());
  const mark = options.version ? `${name} ${options.version()}` : (whole ?? '');
  const etag = `"${createHash('sha256').update(mark).digest('base64url').slice(0, 22)}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  response.writeHead(200, {
    etag,
    'content-type': packed === undefined ? 'text/csv; charset=utf-8' : 'application/gzip',
  });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  const text = Readable.from(buffers(whole ?? content()));
  const body = packed === undefined ? text : text.pipe(createGzip());
  await send(body, response, fault);
}

async function collect(content: ReturnType<Content>): Promise<string> {
  if (typeof content === 'string') return content;
  let whole = '';
  for await (const piece of content) whole += piece;
  return whole;
}

async function* buffers(content: ReturnType<Content>): AsyncGenerator<Buffer> {
  if (typeof content === 'string') yield Buffer.from(content);
  else for await (const piece of content) yield Buffer.from(piece);
}

async function send(body: AsyncIterable<Buffer>, response: ServerResponse, fault: Fault | undefined): Promise<void> {
  let sent = 0;
  for await (const piece of body) {
    if (fault?.kind === 'slow') await wait(fault.milliseconds);
    const rest = fault?.kind === 'truncate' ? fault.after - sent : piece.length;
    if (rest < piece.length) {
      response.write(piece.subarray(0, Math.max(0, rest)), () => response.destroy());
      return;
    }
    sent += piece.length;
    if (!response.write(piece)) await once(response, 'drain');
    if (response.destroyed) return;
  }
  response.end();
}
