/** What the fake answers to a request: who is meant, whether they may, and which fault comes in between. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultPlan } from '@rekindle/core/testing';
import { z } from 'zod';
import { SCHEMA_VERSION, type AdminSchema } from '../admin-schema/index.ts';
import type { Fault } from './faults.ts';
import { answer } from './graphql.ts';
import type { ShopState, World } from './state.ts';
import { answerTokenRequest, tokenOf } from './tokens.ts';

export interface Desk {
  world: World;
  admin: AdminSchema;
  faults: FaultPlan<Fault>;
  asked: string[];
  shop(domain: string): ShopState | undefined;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const SLOW_MS = 200;

export function requestHandler(desk: Desk): Handler {
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
    const [, , domain = '', operation = ''] = /^\/(bulk)\/([^/]+)\/(\d+)$/.exec(pathname) ?? [];
    if (domain !== '') {
      const result = desk.shop(domain)?.operations.get(Number(operation));
      const known = result?.status === 'COMPLETED' && result.secret === searchParams.get('X-Goog-Signature');
      if (known && result.result) sendResult(desk.world, result.result, request, response);
      else response.writeHead(403).end();
      return true;
    }
    const shop = desk.shop(hostOf(request));
    if (!shop) return false;
    if (pathname === '/admin/oauth/access_token') await signIn(desk, shop, request, response);
    else if (/^\/admin\/api\/[^/]+\/graphql\.json$/.test(pathname))
      await query(desk, shop, pathname, request, response);
    else return false;
    return true;
  };
}

function hostOf(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-host'];
  const host = typeof forwarded === 'string' ? forwarded : (request.headers.host ?? '');
  return host.toLowerCase().replace(/:\d+$/, '');
}

async function signIn(desk: Desk, shop: ShopState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  desk.asked.push('access_token');
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const body = parse(await textOf(request));
  if (request.method !== 'POST' || !isJson) return json(response, 400, { error: 'invalid_request' });
  const told = answerTokenRequest(desk.world, shop, body);
  json(response, told.status, told.body);
}

const graphqlRequest = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).optional(),
  operationName: z.string().optional(),
});

async function query(
  desk: Desk,
  shop: ShopState,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parsed = graphqlRequest.safeParse(parse(await textOf(request)));
  const { query: text = '', variables = {} } = parsed.data ?? {};
  desk.asked.push(/(?:query|mutation)\s+(\w+)/.exec(text)?.[1] ?? 'unnamed');
  const fault = desk.faults.next();
  if (await before(fault, response)) return;
  const header = request.headers['x-shopify-access-token'];
  const token = tokenOf(desk.world, shop, typeof header === 'string' ? header : undefined);
  if (!token || fault === 'token_expired')
    return json(response, 401, {
      errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
    });
  if (pathname !== `/admin/api/${SCHEMA_VERSION}/graphql.json`) return json(response, 404, { errors: 'Not Found' });
  if (request.method !== 'POST' || !parsed.success) return json(response, 400, { errors: 'Bad Request' });
  const { world, admin } = desk;
  const scopes = token.scopes.filter((scope) => shop.granted?.includes(scope) === true);
  const told = await answer({ world, shop, admin, scopes }, { query: text, variables }, fault === 'throttled');
  if (fault === 'error_after') return json(response, 500, { errors: 'Internal Server Error' });
  if (fault === 'reset_after') return void response.destroy();
  response.setHeader('x-request-id', world.random.uuid());
  json(response, 200, told);
}

/** Faults that come before anything is done; true: the request has had its answer. */
async function before(fault: Fault | undefined, response: ServerResponse): Promise<boolean> {
  switch (fault) {
    case 'too_many':
      response.setHeader('retry-after', '2.0');
      json(response, 429, { errors: 'Exceeded 2 calls per second for api client.' });
      return true;
    case 'error_before':
      json(response, 500, { errors: 'Internal Server Error' });
      return true;
    case 'reset_before':
      response.destroy();
      return true;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      return false;
    default:
      return false;
  }
}

/** A bulk operation's file, or the part of it that is asked for (RFC 9110, section 14). */
function sendResult(world: World, file: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const size = file.length;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
  response.setHeader('content-type', 'application/x-ndjson');
  if (world.breaks > 0) {
    world.breaks--;
    const start = Number.isNaN(from) ? 0 : from;
    response.writeHead(start === 0 ? 200 : 206, { 'content-length': size - start });
    // The first half arrives before the connection goes.
    response.write(file.subarray(start, start + Math.ceil((size - start) / 2)), () => response.destroy());
    return;
  }
  if (Number.isNaN(from)) return void response.writeHead(200, { 'content-length': size }).end(file);
  if (from >= size) return void response.writeHead(416, { 'content-range': `bytes */${String(size)}` }).end();
  const headers = {
    'content-length': size - from,
    'content-range': `bytes ${String(from)}-${String(size - 1)}/${String(size)}`,
  };
  response.writeHead(206, headers).end(file.subarray(from));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
