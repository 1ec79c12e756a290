/**
 * The fake's HTTP server: POST /v3/mail/send as SendGrid answers it, and the outbox as a page. Listens on this machine
 * only. State lives as long as the server.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { seededRandom, uuidOf, wallClock, type Clock } from '@rekindle/core';
import { faultPlan, type FaultPlan } from '@rekindle/core/testing';
import { limiter, type Limit } from './limit.ts';
import { TAKEN, type Fault, type Faults } from './faults.ts';
import { fakeDomains, type FakeDomains } from './domains.ts';
import { inboundRequest, type WrittenMail } from './inbound.ts';
import { createMailbox, type FakeMail, type Mailbox } from './mailbox.ts';
import { listMails, listPage, mailBody, mailPage, MAIL_POLICY, PAGE_POLICY } from './page.ts';
import { requestJudge, type Complaint, type Judge, type MailRequest } from './request.ts';
import { webhookSender, type EmitOptions, type EmittedEvent, type WebhookSender } from './webhook.ts';

export interface SendGridFakeOptions {
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
  /** Requests that are taken in a window of so many seconds, said in X-RateLimit-*; the rest gets 429. Default: no limit */
  limit?: Limit;
  /** Mails that stay readable, the newest. Default 100,000: some 100 MB */
  keep?: number;
  /** Path of SendGrid's tsg_mail_v3.json. Default: beside the repository, where it is there; false: do not look. */
  specification?: string | false;
}

export interface SendGridFake {
  /** Base address of the API, and of the outbox page */
  readonly url: string;
  /** The one key that is let in */
  readonly apiKey: string;
  /** For SENDGRID_WEBHOOK_KEY */
  readonly publicKey: string;
  /** How often each message was taken: 1 for every one, unless somebody sent it twice */
  readonly accepted: ReadonlyMap<string, number>;
  /** tooMany: over the limit */
  readonly requests: { total: number; taken: number; tooMany: number };
  /** Whether requests are held against the vendor's own document too */
  readonly specified: boolean;
  mail: (messageId: string) => FakeMail | undefined;
  /** Domain authentication */
  readonly domains: Omit<FakeDomains, 'answer'>;
  setWebhookUrl(url: string): void;
  /** Posts signed event webhooks. Resolves when they were answered 2xx. */
  emit(events: EmittedEvent[], options?: EmitOptions): Promise<void>;
  /** A webhook as it would be posted. */
  signed: (events: EmittedEvent[]) => { headers: Record<string, string>; body: Uint8Array };
  /** What Inbound Parse would post of a mail that somebody wrote, signed as a security policy has it. */
  inbound: (mail: WrittenMail) => { headers: Record<string, string>; body: Uint8Array };
  /** Posts it there. Resolves with the status that it was answered with. */
  writeTo(url: string, mail: WrittenMail): Promise<number>;
  setFaults(faults: Faults): void;
  /** The next requests meet these. */
  queueFaults(...faults: Fault[]): void;
  close: () => Promise<void>;
}

/** Beside the repository: the vendors' documents are not part of it. */
const SPECIFICATION = path.resolve(import.meta.dirname, '../../../../shared/specs/sendgrid/tsg_mail_v3.json');
const LARGEST = 30 * 1024 * 1024;
const SLOW_MS = 300;

interface Room {
  apiKey: string;
  clock: Clock;
  mailbox: Mailbox;
  judge: Judge;
  domains: FakeDomains;
  faults: FaultPlan<Fault>;
  requests: { total: number; taken: number; tooMany: number };
  limit: (response: ServerResponse) => boolean;
  onAccepted: SendGridFakeOptions['onAccepted'];
}

export async function startSendGridFake(options: SendGridFakeOptions = {}): Promise<SendGridFake> {
  const seed = String(options.seed ?? 1);
  const clock = options.clock ?? wallClock;
  const random = seededRandom(`sendgrid fake ${seed}`);
  const mailbox = createMailbox(options.keep ?? 100_000);
  const specification = options.specification ?? (existsSync(SPECIFICATION) ? SPECIFICATION : false);
  const room: Room = {
    apiKey: `SG.fake.${uuidOf('sendgrid fake', seed)}`,
    clock,
    mailbox,
    domains: fakeDomains(seed),
    judge: requestJudge(specification === false ? undefined : specification),
    faults: faultPlan<Fault>(random.fork('faults'), options.faults),
    requests: { total: 0, taken: 0, tooMany: 0 },
    limit: limiter(options.limit, clock),
    onAccepted: options.onAccepted,
  };
  const webhook: WebhookSender = webhookSender({
    clock,
    random: random.fork('webhook'),
    about: (id) => ({ email: mailbox.mail(id)?.to ?? 'somebody@example.com', idArgument: mailbox.idArgument }),
  });
  const server = createServer((request, response) => {
    handle(room, request, response).catch(() => response.destroy());
  });
  await listen(server, options.port ?? 0);
  let { webhookUrl } = options;
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    apiKey: room.apiKey,
    publicKey: webhook.publicKey,
    accepted: mailbox.accepted,
    requests: room.requests,
    specified: specification !== false,
    mail: mailbox.mail,
    domains: room.domains,
    setWebhookUrl: (url) => {
      webhookUrl = url;
    },
    emit: (events, emitOptions) => {
      if (webhookUrl === undefined) throw new Error('the fake was not told where its events go');
      return webhook.emit(webhookUrl, events, emitOptions);
    },
    signed: (events) => webhook.signed(events.map((event) => webhook.wire(event))),
    inbound: (mail) => signedInbound(webhook, mail, clock.now()),
    async writeTo(url, mail) {
      const { headers, body } = signedInbound(webhook, mail, clock.now());
      const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
      await response.arrayBuffer();
      return response.status;
    },
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

function signedInbound(webhook: WebhookSender, mail: WrittenMail, at: Date) {
  const { headers, body } = inboundRequest(mail, at);
  return { headers: { ...headers, ...webhook.signatureOf(body) }, body };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function handle(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  if (url.pathname === '/v3/mail/send') {
    if (request.method === 'POST') await send(room, request, response);
    else answer(response, 405, [{ message: 'method not allowed', field: null }]);
    return;
  }
  if (url.pathname.startsWith('/v3/whitelabel/')) {
    await domains(room, url, request, response);
    return;
  }
  if (request.method !== 'GET' || !show(room, url, response))
    answer(response, 404, [{ message: 'not found', field: null }]);
}

async function send(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  room.requests.total++;
  const bytes = await bodyOf(request);
  if (!bytes) {
    answer(response, 413, [
      { message: 'The JSON payload you have included in your request is too large.', field: null },
    ]);
    return;
  }
  if (request.headers.authorization !== `Bearer ${room.apiKey}`) {
    answer(response, 401, [
      { message: 'The provided authorization grant is invalid, expired, or revoked', field: null },
    ]);
    return;
  }
  if (!room.limit(response)) {
    room.requests.tooMany++;
    answer(response, 429, [{ message: 'too many requests', field: null }]);
    return;
  }
  const fault = room.faults.next();
  if (fault && !TAKEN[fault]) {
    misbehave(fault, response, '');
    return;
  }
  const body = parse(bytes);
  const wrong = body === undefined ? [{ message: 'Bad Request', field: null }] : room.judge(body);
  if (wrong.length > 0) {
    answer(response, 400, wrong);
    return;
  }
  const at = room.clock.now();
  const ids = room.mailbox.take(body as MailRequest, at);
  room.requests.taken++;
  room.onAccepted?.(ids, at);
  const messageId = uuidOf('x-message-id', String(room.requests.taken)).replaceAll('-', '').slice(0, 22);
  if (fault) misbehave(fault, response, messageId);
  else accept(response, messageId);
}

async function domains(room: Room, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await bodyOf(request);
  if (request.headers.authorization !== `Bearer ${room.apiKey}`) {
    answer(response, 401, [
      { message: 'The provided authorization grant is invalid, expired, or revoked', field: null },
    ]);
    return;
  }
  const { status, body } = await room.domains.answer(request.method ?? '', url, parse(bytes ?? Buffer.alloc(0)));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function accept(response: ServerResponse, messageId: string): void {
  response.writeHead(202, { 'x-message-id': messageId, 'content-length': '0' }).end();
}

function misbehave(fault: Fault, response: ServerResponse, messageId: string): void {
  switch (fault) {
    case 'too_many':
      response.setHeader('retry-after', '30');
      answer(response, 429, [{ message: 'too many requests', field: null }]);
      return;
    case 'error_before':
    case 'error_after':
      answer(response, 500, [{ message: 'Internal Server Error', field: null }]);
      return;
    case 'reset_before':
    case 'reset_after':
      response.socket?.resetAndDestroy();
      return;
    case 'truncated':
      response.writeHead(202, { 'x-message-id': messageId, 'content-length': '100' });
      response.write('{"half', () => response.socket?.destroy());
      return;
    case 'slow':
      setTimeout(() => {
        accept(response, messageId);
      }, SLOW_MS).unref();
      return;
    case 'hang':
      return;
  }
}

function answer(response: ServerResponse, status: number, errors: Complaint[]): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: errors.map((error) => ({ ...error, help: null })) }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= LARGEST) chunks.push(bytes);
  }
  return size <= LARGEST ? Buffer.concat(chunks) : undefined;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The outbox. False: there is no such page. */
function show({ mailbox }: Room, url: URL, response: ServerResponse): boolean {
  const taken = mailbox.accepted.size;
  const html = (policy: string, text: string): boolean => {
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      .end(text);
    return true;
  };
  if (url.pathname === '/') {
    const search = url.searchParams.get('q') ?? '';
    const page = Math.max(0, Math.floor(Number(url.searchParams.get('page') ?? 0)) || 0);
    return html(PAGE_POLICY, listPage(listMails(mailbox, search, page), { search, page, taken }));
  }
  const [, id, part] = /^\/mails\/([^/]+)(\/html)?$/.exec(url.pathname) ?? [];
  const mail = id === undefined ? undefined : mailbox.mail(decodeURIComponent(id));
  if (!mail) return false;
  return part === undefined ? html(PAGE_POLICY, mailPage(mail, taken)) : html(MAIL_POLICY, mailBody(mail));
}
