/**
 * The fake's HTTP server: POST /emails/batch as Resend answers it, idempotency keys included. Listens on this machine only.
 * State lives as long as the server.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { seededRandom, uuidOf, wallClock, type Clock, type RawWebhook } from '@rekindle/core';
import { faultPlan, type FaultPlan } from '@rekindle/core/testing';
import { fakeDomains, type FakeDomains } from './domains.ts';
import { TAKEN, type Fault, type Faults } from './faults.ts';
import { createMailbox, type FakeMail, type Mailbox } from './mailbox.ts';
import { readRequest, type WireMail } from './request.ts';
import { webhookSender, type EmitOptions, type EmittedEvent } from './webhook.ts';

export interface ResendFakeOptions {
  seed?: number | string;
  /** Default: any free one */
  port?: number;
  /** Default: the wall clock */
  clock?: Clock;
  /** Where events go; may be set later, see setWebhookUrl */
  webhookUrl?: string;
  /** Called with the ids of the mails of each request that was taken */
  onAccepted?: (messageIds: string[], at: Date) => void;
  faults?: Faults;
  /** Mails that stay readable, the newest. Default 10,000 */
  keep?: number;
}

export interface ResendFake {
  /** For RESEND_URL */
  readonly url: string;
  /** The one key that is let in */
  readonly apiKey: string;
  /** For RESEND_WEBHOOK_KEY */
  readonly webhookKey: string;
  /** How often each message was taken: 1 for every one, unless somebody sent it twice */
  readonly accepted: ReadonlyMap<string, number>;
  /** replayed: answered from an idempotency key, and not taken again */
  readonly requests: { total: number; taken: number; replayed: number };
  mail: (messageId: string) => FakeMail | undefined;
  readonly domains: Omit<FakeDomains, 'answer'>;
  setWebhookUrl(url: string): void;
  /** Posts signed webhooks. Resolves when they were answered 2xx. */
  emit(events: EmittedEvent[], options?: EmitOptions): Promise<void>;
  /** A webhook as it would be posted. */
  signed: (event: EmittedEvent) => RawWebhook;
  setFaults(faults: Faults): void;
  /** The next requests meet these. */
  queueFaults(...faults: Fault[]): void;
  close: () => Promise<void>;
}

const SLOW_MS = 300;
/** https://resend.com/docs/dashboard/emails/idempotency-keys */
const KEY_TTL_MS = 24 * 3_600_000;

interface Room {
  apiKey: string;
  clock: Clock;
  mailbox: Mailbox;
  domains: FakeDomains;
  faults: FaultPlan<Fault>;
  requests: { total: number; taken: number; replayed: number };
  /** What was sent under a key, and what was answered; undefined: the answer is still to come */
  keys: Map<string, { hash: string; at: number; answer: string | undefined }>;
  onAccepted: ResendFakeOptions['onAccepted'];
}

export async function startResendFake(options: ResendFakeOptions = {}): Promise<ResendFake> {
  const seed = String(options.seed ?? 1);
  const clock = options.clock ?? wallClock;
  const random = seededRandom(`resend fake ${seed}`);
  const mailbox = createMailbox(options.keep ?? 10_000);
  const room: Room = {
    apiKey: `re_fake_${uuidOf('resend fake', seed).replaceAll('-', '')}`,
    clock,
    mailbox,
    domains: fakeDomains(seed),
    faults: faultPlan<Fault>(random.fork('faults'), options.faults),
    requests: { total: 0, taken: 0, replayed: 0 },
    keys: new Map(),
    onAccepted: options.onAccepted,
  };
  const webhook = webhookSender({ clock, seed, random: random.fork('webhook'), mail: mailbox.mail });
  const server = createServer((request, response) => {
    handle(room, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  let { webhookUrl } = options;
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    apiKey: room.apiKey,
    webhookKey: webhook.key,
    accepted: mailbox.accepted,
    requests: room.requests,
    mail: mailbox.mail,
    domains: room.domains,
    setWebhookUrl: (url) => {
      webhookUrl = url;
    },
    emit: (events, emitOptions) => {
      if (webhookUrl === undefined) throw new Error('the fake was not told where its events go');
      return webhook.emit(webhookUrl, events, emitOptions);
    },
    signed: webhook.signed,
    setFaults: room.faults.set,
    queueFaults: room.faults.queue,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function handle(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  room.requests.total++;
  const refuse = (status: number, name: string, message: string): void => {
    write(response, status, JSON.stringify({ statusCode: status, name, message }));
  };
  const { authorization, 'user-agent': agent, 'content-type': type } = request.headers;
  const key = request.headers['idempotency-key'];
  const body = await text(request);
  const url = new URL(request.url ?? '/', 'http://fake');
  const domains =
    authorization === `Bearer ${room.apiKey}` && url.pathname.startsWith('/domains')
      ? await room.domains.answer(request.method ?? '', url, body)
      : undefined;
  if (domains) write(response, domains.status, JSON.stringify(domains.body));
  else if (url.pathname !== '/emails/batch') refuse(404, 'not_found', 'The requested endpoint does not exist.');
  else if (request.method !== 'POST')
    refuse(405, 'method_not_allowed', 'Method is not allowed for the requested path.');
  else if (authorization === undefined) refuse(401, 'missing_api_key', 'Missing API key in the authorization header.');
  else if (authorization !== `Bearer ${room.apiKey}`) refuse(403, 'invalid_api_key', 'API key is invalid.');
  else if (agent === undefined) refuse(403, 'invalid_access', 'The User-Agent header is missing.');
  else if (type !== 'application/json') refuse(422, 'validation_error', 'The content type must be JSON.');
  else if (request.headers['x-batch-validation'] !== 'strict') refuse(422, 'validation_error', 'Not what we ask for.');
  else if (typeof key !== 'string' || key.length < 1 || key.length > 256)
    refuse(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
  else {
    const fault = room.faults.next();
    if (fault && !TAKEN[fault]) misbehave(fault, response);
    else {
      const mails = readRequest(body);
      if (typeof mails === 'string') refuse(422, 'validation_error', mails);
      else takeOnce(room, { key, body, mails, fault }, response, refuse);
    }
  }
}

interface Sound {
  key: string;
  body: string;
  mails: WireMail[];
  fault: Fault | undefined;
}

function takeOnce(
  room: Room,
  { key, body, mails, fault }: Sound,
  response: ServerResponse,
  refuse: (status: number, name: string, message: string) => void,
): void {
  const at = room.clock.now();
  const hash = createHash('sha256').update(body).digest('hex');
  const before = room.keys.get(key);
  if (before && at.getTime() - before.at < KEY_TTL_MS) {
    if (before.hash !== hash)
      refuse(409, 'invalid_idempotent_request', 'Same idempotency key used with a different request payload.');
    else if (before.answer === undefined)
      refuse(409, 'concurrent_idempotent_requests', 'Same idempotency key used while original request is in progress.');
    else {
      room.requests.replayed++;
      answer(response, before.answer, fault);
    }
    return;
  }
  const ids = room.mailbox.take(mails, at);
  room.requests.taken++;
  room.onAccepted?.(ids, at);
  const number = String(room.requests.taken);
  const text = JSON.stringify({ data: ids.map((id) => ({ id: uuidOf('resend email', number, id) })) });
  const entry = { hash, at: at.getTime(), answer: fault === 'slow' ? undefined : text };
  room.keys.set(key, entry);
  answer(response, text, fault, () => {
    entry.answer = text;
  });
}

function answer(response: ServerResponse, body: string, fault: Fault | undefined, done?: () => void): void {
  if (fault === 'slow')
    setTimeout(() => {
      done?.();
      write(response, 200, body);
    }, SLOW_MS).unref();
  else if (fault) misbehave(fault, response);
  else write(response, 200, body);
}

function misbehave(fault: Fault, response: ServerResponse): void {
  const error = (status: number, name: string, message: string): void => {
    write(response, status, JSON.stringify({ statusCode: status, name, message }));
  };
  switch (fault) {
    case 'too_many':
      response.setHeader('retry-after', '1');
      error(429, 'rate_limit_exceeded', 'Too many requests.');
      return;
    case 'quota':
      error(429, 'daily_quota_exceeded', 'You have reached your daily email sending quota.');
      return;
    case 'error_before':
    case 'error_after':
      error(500, 'internal_server_error', 'An unexpected error occurred.');
      return;
    case 'reset_before':
    case 'reset_after':
      response.socket?.resetAndDestroy();
      return;
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":[{"id":"ha', () => response.socket?.destroy());
      return;
    case 'slow':
    case 'hang':
      return;
  }
}

function write(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body);
}
