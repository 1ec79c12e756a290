/** A request as the trial makes it: well-formed at first, then bent in some places, signed, and written out as bytes. Pure. */
import type { Random } from '@rekindle/core';
import { bend, bendBytes, nastyText, pick, someBytes, whole } from './nasty.ts';

export interface Draft {
  method: string;
  /** With the values in it */
  path: string;
  query: [string, string][];
  headers: [string, string][];
  body: Body;
  /** Puts the signature on what is there by then. */
  sign?: ((written: Written) => [string, string][]) | undefined;
}

export type Body =
  | { kind: 'none' }
  | { kind: 'json'; value: unknown }
  | { kind: 'form'; fields: [string, string][] }
  | { kind: 'bytes'; bytes: Uint8Array; type: string };

export interface Written {
  method: string;
  /** Path and query as they stand in the first line */
  target: string;
  body: Buffer;
}

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'LINK'];
const HEADERS = [
  'Accept',
  'Accept-Language',
  'Accept-Encoding',
  'Authorization',
  'Content-Type',
  'Cookie',
  'Origin',
  'Referer',
  'User-Agent',
  'Range',
  'If-Modified-Since',
  'If-None-Match',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'Forwarded',
  'X-HTTP-Method-Override',
  'Expect',
  'Sec-Fetch-Site',
  'Prefer',
  'X-Remix-Reload-Document',
  'Traceparent',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary=""',
  'application/xml',
  'text/html; charset=nothing',
  ';;;',
  'a/b/c',
];

/** Bends a draft in `times` places. */
export function bendDraft(random: Random, draft: Draft, times: number): Draft {
  const bent = { ...draft, query: [...draft.query], headers: [...draft.headers] };
  for (; times > 0; times--) {
    const drawn = random.next();
    if (drawn < 0.5 && bent.body.kind !== 'none') bent.body = bendBody(random, bent.body);
    else if (drawn < 0.62) bent.query = bendPairs(random, bent.query);
    else if (drawn < 0.74) bent.path = bendPath(random, bent.path);
    else if (drawn < 0.9) bent.headers = bendHeaders(random, bent.headers);
    else if (drawn < 0.94) bent.method = pick(random, METHODS);
    else if (drawn < 0.97) bent.sign = undefined;
    else bent.body = { kind: 'bytes', bytes: someBytes(random, 2000), type: pick(random, TYPES) };
  }
  return bent;
}

function bendBody(random: Random, body: Body): Body {
  switch (body.kind) {
    case 'none':
      return body;
    case 'json':
      return random.next() < 0.1
        ? { kind: 'bytes', bytes: bendBytes(random, bytesOf(body)), type: 'application/json' }
        : { kind: 'json', value: bend(random, body.value) };
    case 'form':
      return { kind: 'form', fields: bendPairs(random, body.fields) };
    case 'bytes':
      return { ...body, bytes: bendBytes(random, body.bytes) };
  }
}

function bendPairs(random: Random, pairs: [string, string][]): [string, string][] {
  const place = whole(random, pairs.length);
  const one = pairs[place];
  if (one === undefined || random.next() < 0.15) return [...pairs, [nastyText(random), nastyText(random)]];
  if (random.next() < 0.15) return pairs.filter((_, at) => at !== place);
  if (random.next() < 0.1) return [...pairs, one];
  return pairs.map((pair, at) => (at === place ? [pair[0], nastyText(random)] : pair));
}

function bendPath(random: Random, path: string): string {
  const parts = path.split('/');
  const place = 1 + whole(random, parts.length - 1);
  const drawn = random.next();
  const text = random.next() < 0.5 ? encodeURIComponent(nastyText(random).toWellFormed()) : rawSegment(random);
  if (drawn < 0.15) parts.push(text);
  else if (drawn < 0.5) parts[place] = text;
  else {
    // As a link that was cut or changed on its way.
    const part = parts[place] ?? '';
    const at = whole(random, part.length + 1);
    parts[place] = part.slice(0, at) + (drawn < 0.75 ? '' : text) + part.slice(at + whole(random, 3));
  }
  return parts.join('/');
}

/** As no browser would send it, and as the parser of HTTP just lets it through. */
function rawSegment(random: Random): string {
  return Buffer.from(nastyText(random), 'utf8')
    .toString('latin1')
    .replaceAll(/[\0-\x20\x7F#?]/g, '%');
}

function bendHeaders(random: Random, headers: [string, string][]): [string, string][] {
  const place = whole(random, headers.length);
  const drawn = random.next();
  if (drawn < 0.2) return headers.filter((_, at) => at !== place);
  if (drawn < 0.5 && headers.length > 0)
    return headers.map(([name, value], at) => [name, at === place ? headerValue(random) : value]);
  if (drawn < 0.6) return [...headers, ['Content-Type', pick(random, TYPES)]];
  return [...headers, [pick(random, HEADERS), headerValue(random)]];
}

/** Bytes that may stand in a header: what may not is for the raw ones. */
function headerValue(random: Random): string {
  return Buffer.from(nastyText(random), 'utf8')
    .toString('latin1')
    .replaceAll(/[\0-\x08\x0A-\x1F\x7F]/g, ' ');
}

export interface Request {
  bytes: Buffer;
  head: boolean;
  last: boolean;
}

/** As it goes over the wire; now and then spoiled there too. */
export function writeOut(random: Random, draft: Draft, host: string): Request {
  const body = bytesOf(draft.body);
  const search = draft.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const target = search === '' ? draft.path : `${draft.path}?${search}`;
  const signature = draft.sign?.({ method: draft.method, target, body }) ?? [];
  const type = draft.body.kind === 'none' ? [] : [['Content-Type', typeOf(draft.body)] as const];
  const given = new Set(draft.headers.map(([name]) => name.toLowerCase()));
  const lines = [
    ...(given.has('host') ? [] : [['Host', host] as const]),
    ...draft.headers,
    ...type.filter(([name]) => !given.has(name.toLowerCase())),
    ...signature,
  ].map(([name, value]) => `${name}: ${value}\r\n`);
  const chunked = random.next() < 0.05;
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${String(body.length)}`;
  const top = Buffer.from(`${draft.method} ${target} HTTP/1.1\r\n${lines.join('')}${framing}\r\n\r\n`, 'latin1');
  return {
    bytes: Buffer.concat([top, chunked ? inChunks(body) : body]),
    head: draft.method === 'HEAD',
    last: false,
  };
}

/** What is no request any more, or just so. */
export function spoil(random: Random, request: Request): Request {
  return { bytes: bendBytes(random, request.bytes), head: request.head, last: true };
}

function inChunks(body: Buffer): Buffer {
  const size = (bytes: Buffer): string => `${bytes.length.toString(16)}\r\n`;
  const half = body.subarray(0, body.length >> 1);
  const rest = body.subarray(half.length);
  const pieces = [half, rest].filter((piece) => piece.length > 0);
  return Buffer.concat([
    ...pieces.flatMap((piece) => [Buffer.from(size(piece)), piece, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ]);
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function bytesOf(body: Body): Buffer {
  switch (body.kind) {
    case 'none':
      return Buffer.alloc(0);
    case 'json':
      return Buffer.from(JSON.stringify(body.value) ?? '');
    case 'form':
      return Buffer.from(body.fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'));
    case 'bytes':
      return Buffer.from(body.bytes);
  }
}

function typeOf(body: Exclude<Body, { kind: 'none' }>): string {
  if (body.kind === 'json') return 'application/json';
  return body.kind === 'form' ? 'application/x-www-form-urlencoded' : body.type;
}
