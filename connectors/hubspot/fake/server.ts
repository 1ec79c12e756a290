/**
 * HubSpot on this machine: a real HTTP server that checks every request and each of its own answers against the types of the
 * vendor's client, keeps an account, lets access end, signs its webhooks and misbehaves when it is told to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom, wallClock, type Clock } from '@rekindle/core';
import { refusalBefore, SLOW_MS } from './faults.ts';
import { hubSpotFake, type HubSpotFake } from './fake.ts';
import { answerHost } from './host/host.ts';
import { readManifest } from './manifest.ts';
import { oauth } from './oauth.ts';
import { openPortal } from './portal.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Answer } from './call.ts';
import type { Room } from './room.ts';
import { ROUTES } from './routes.ts';
import { complaint, loadSchemas } from './vendor-schemas.ts';

export interface HubSpotFakeOptions {
  seed?: string | number;
  /** Default: the real one */
  clock?: Clock;
  /** Default: any free one */
  port?: number;
  portalId?: number;
  /** Of the account. Default EUR */
  currency?: string;
  clientId?: string;
  clientSecret?: string;
}

export async function startHubSpotFake(options: HubSpotFakeOptions = {}): Promise<HubSpotFake> {
  await loadSchemas();
  const clock = options.clock ?? wallClock;
  const random = seededRandom(options.seed ?? 'hubspot');
  const manifest = readManifest();
  const app = {
    clientId: options.clientId ?? '00000000-1111-4222-8333-444444444444',
    clientSecret: options.clientSecret ?? '55555555-6666-4777-8888-999999999999',
  };
  const portal = openPortal({
    id: options.portalId ?? 4711,
    currency: options.currency ?? 'EUR',
    clock,
    random: random.fork('portal'),
    manifest,
  });
  const room: Room = {
    portal,
    oauth: oauth({ ...app, scopes: manifest.scopes, clock, random: random.fork('oauth') }),
    faults: [],
    requests: [],
    host: { portal, clientSecret: app.clientSecret, backend: undefined },
  };
  const server = createServer((request, response) => {
    serve(room, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, failureOf(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return hubSpotFake(room, {
    ...app,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    random: random.fork('webhooks'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  });
}

function failureOf(error: unknown): Answer {
  if (error instanceof Refusal) return { status: error.status, body: error.body };
  // A fault of the fake itself must be seen, not taken for one of HubSpot's.
  const message = error instanceof Error ? error.message : String(error);
  return { status: 501, body: refuse(501, 'FAKE_IS_WRONG', message).body };
}

async function serve(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://hubspot');
  const { method = 'GET' } = request;
  const bytes = await bodyOf(request);
  if (method === 'GET' && url.pathname === '/oauth/authorize') {
    response.writeHead(302, { location: room.oauth.authorize(url.searchParams) }).end();
    return;
  }
  if (method === 'POST' && url.pathname === '/oauth/v1/token') {
    room.requests.push('POST /oauth/v1/token');
    const body = room.oauth.token(new URLSearchParams(bytes.toString('utf8')));
    mustFit('oauth:TokenResponseIF', body);
    send(response, { status: 200, body });
    return;
  }
  const name = `${method} ${url.pathname.replace(/\/$/, '')}`;
  const route = ROUTES[name];
  if (!route) {
    const asked = { method, path: url.pathname, contentType: request.headers['content-type'], body: bytes };
    if (await answerHost(room.host, asked, response)) return;
    throw refuse(404, 'NOT_FOUND', `there is no ${name}`);
  }
  room.requests.push(name);
  const fault = room.faults.shift();
  if (fault === 'expired') room.oauth.expireAll();
  if (fault === 'reset_before') {
    response.socket?.destroy();
    return;
  }
  const instead = refusalBefore(fault);
  if (instead) throw instead;
  room.oauth.check(request.headers.authorization, route.scope);
  const body = bytes.length === 0 ? undefined : parse(bytes);
  if (route.takes !== undefined) {
    const wrong = complaint(route.takes, body);
    if (wrong !== undefined) throw refuse(400, 'VALIDATION_ERROR', `Invalid input JSON: ${wrong}`);
  }
  const answer = route.handle({ portal: room.portal, query: url.searchParams, body, fault });
  const type = route.gives[answer.status];
  if (type !== undefined) mustFit(type, answer.body);
  if (fault === 'error_after') throw refuse(502, 'INTERNAL_ERROR', 'Bad gateway');
  if (fault === 'reset_after') response.socket?.destroy();
  else if (fault === 'slow') setTimeout(() => send(response, answer), SLOW_MS).unref();
  else if (fault !== 'hang') send(response, answer);
}

function mustFit(type: Parameters<typeof complaint>[0], body: unknown): void {
  const wrong = complaint(type, body);
  if (wrong !== undefined) throw new Error(`the answer is no ${type}: ${wrong}`);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON');
  }
}
