/** The fake's HTTP server. Listens on this machine only. State lives as long as the server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom, wallClock, type Clock } from '@rekindle/core';
import { faultPlan, type FaultPlan } from '@rekindle/core/testing';
import { API_VERSION } from '../src/schema.ts';
import { signWebhook } from '../src/webhooks.ts';
import { type Fault, type Faults } from './faults.ts';
import { makeId } from './ids.ts';
import { openJobs, type Jobs } from './jobs.ts';
import { keeperOf, type Keeper } from './keeper.ts';
import { appKeys, openOAuth, type OAuth } from './oauth.ts';
import { openOrg } from './org.ts';
import { pageFor, readPerson, type PersonOnPage } from './pages.ts';
import { addPackage, PACKAGE } from './package-fields.ts';
import { Problem } from './problem.ts';
import { restOf, type Reply, type Rest } from './rest.ts';
import { standardObjects } from './standard.ts';
import { tellingOf, type Change, type Telling } from './telling.ts';

export interface SalesforceFakeOptions {
  seed?: number | string;
  /** Default: any free one */
  port?: number;
  /** Default: the wall clock. Stamps records, and is what the Date header says */
  clock?: Clock;
  /** By what assertions are judged, where it is another one: a connector signs in by the wall clock, whatever world it reads. */
  signInClock?: Clock;
  /** Which of several organisations: its id is made of it. Default 1 */
  organisation?: number;
  /** What the package signs with: what the server has given the connection. Default: one of the seed */
  webhookKey?: (account: string) => string;
  faults?: Faults;
  /** Whether the organisation has several currencies. Default: not */
  currencies?: boolean;
  /** Calls in a day. Default 100,000 */
  dailyCalls?: number;
  /** Rows in one answer of a query. Default 2000 */
  queryRows?: number;
  /** objects/ of the package that is installed; false: none is. Default: ours */
  package?: string | false;
}

export interface SalesforceFake extends Keeper {
  /** Where one signs in, and the instance */
  readonly url: string;
  /** The organisation's id, for the connection's account */
  readonly account: string;
  readonly clientId: string;
  /** PEM of the app's key */
  readonly privateKey: string;
  readonly username: string;
  /** What the package signs its webhooks with */
  readonly webhookKey: string;
  readonly usage: { used: number; limit: number };
  /** Every call that came in, without its query: method and path */
  readonly calls: string[];
  readonly jobs: Jobs;
  readonly oauth: Pick<OAuth, 'expireAll' | 'approve' | 'signIns'>;
  /** The package's word on changes, as it would be posted. */
  telling: (changes: Change[], id?: string) => Telling;
  /** Posts it. Resolves with the status. */
  tell(address: string, changes: Change[], id?: string): Promise<number>;
  /** Shows the package's panel on people's pages, /people/<id>: salesforcePreview with `path: '/people'`. */
  setPanel(panel: (request: Request) => Promise<Response>): void;
  /** What the panel's preview asks for as `readRecord`. */
  readPerson: (id: string) => Promise<PersonOnPage | null>;
  setFaults(faults: Faults): void;
  /** The next calls meet these. */
  queueFaults(...faults: Fault[]): void;
  close(): Promise<void>;
}

const SLOW_MS = 200;
const LARGEST = 10 * 1024 * 1024;

interface Room {
  oauth: OAuth;
  rest: Rest;
  faults: FaultPlan<Fault>;
  usage: { used: number; limit: number };
  calls: string[];
  clock: Clock;
  keeper: Keeper;
  panel: ((request: Request) => Promise<Response>) | undefined;
}

export async function startSalesforceFake(options: SalesforceFakeOptions = {}): Promise<SalesforceFake> {
  const seed = String(options.seed ?? 1);
  const clock = options.clock ?? wallClock;
  const description = standardObjects(options.currencies ?? false);
  if (options.package !== false) addPackage(description, options.package ?? PACKAGE);
  const org = openOrg(description, clock);
  const jobs = openJobs(org);
  const usage = { used: 0, limit: options.dailyCalls ?? 100_000 };
  const keys = await appKeys();
  const account = makeId('00D', options.organisation ?? 1);
  const clientId = `fake-consumer-key-${seed}`;
  const username = 'rekindle@fake.example';
  const webhookKey = options.webhookKey?.(account) ?? `fake-webhook-key-${seed}`;
  let url = '';
  const oauth = openOAuth({
    clientId,
    username,
    keys,
    clock: options.signInClock ?? clock,
    organisation: account,
    url: () => url,
  });
  const room: Room = {
    oauth,
    rest: restOf({ org, jobs, usage, queryRows: options.queryRows ?? 2000 }),
    faults: faultPlan<Fault>(seededRandom(`salesforce fake ${seed}`), options.faults),
    usage,
    calls: [],
    clock,
    keeper: keeperOf(org),
    panel: undefined,
  };
  const server = createServer((request, response) => {
    handle(room, request, response).catch(() => response.destroy());
  });
  await listen(server, options.port ?? 0);
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const telling = tellingOf({ account, clock, sign: (body) => signWebhook(webhookKey, body) });
  return {
    ...room.keeper,
    url,
    account,
    clientId,
    privateKey: keys.privateKey,
    username,
    webhookKey,
    usage,
    calls: room.calls,
    jobs,
    oauth,
    telling,
    async tell(address, changes, id) {
      const { headers, body } = telling(changes, id);
      const response = await fetch(address, { method: 'POST', headers, body: Buffer.from(body) });
      await response.body?.cancel();
      return response.status;
    },
    setPanel(panel) {
      room.panel = panel;
    },
    readPerson: (id) => Promise.resolve(readPerson(room.keeper, id)),
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

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function handle(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const method = request.method ?? 'GET';
  const body = await bodyOf(request);
  if (!url.pathname.startsWith('/services/')) {
    await show(room, new Request(url, { method, ...(method === 'GET' ? {} : { body }) }), response);
    return;
  }
  room.calls.push(`${method} ${url.pathname}`);
  response.setHeader('date', room.clock.now().toUTCString());
  if (url.pathname === '/services/oauth2/token') {
    const { status, body: told } = await room.oauth.token(new URLSearchParams(method === 'POST' ? body : ''));
    write(response, { status, json: told });
    return;
  }
  const fault = room.faults.next();
  if (fault === 'reset_before') {
    request.socket.resetAndDestroy();
    return;
  }
  const reply = answer(room, { method, url, body, token: request.headers.authorization ?? '' }, fault);
  response.setHeader('sforce-limit-info', `api-usage=${String(room.usage.used)}/${String(room.usage.limit)}`);
  if (fault === 'reset_after') request.socket.resetAndDestroy();
  else if (fault === 'truncated') {
    const text = textOf(reply);
    response.writeHead(reply.status, { 'content-length': String(Buffer.byteLength(text) + 100) });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  } else if (fault === 'slow') {
    setTimeout(() => {
      write(response, reply);
    }, SLOW_MS).unref();
  } else write(response, reply);
}

/** A page for a person with a browser. */
async function show(room: Room, request: Request, response: ServerResponse): Promise<void> {
  const page = (await pageFor(room, request)) ?? new Response('There is no such page.', { status: 404 });
  response.writeHead(page.status, Object.fromEntries(page.headers)).end(Buffer.from(await page.arrayBuffer()));
}

interface Incoming {
  method: string;
  url: URL;
  body: string;
  token: string;
}

function answer(room: Room, { method, url, body, token }: Incoming, fault: Fault | undefined): Reply {
  try {
    room.usage.used++;
    if (fault === 'expired') room.oauth.expireAll();
    if (!room.oauth.knows(token.replace(/^Bearer /, '')))
      throw new Problem('INVALID_SESSION_ID', 'Session expired or invalid', { status: 401 });
    if (fault === 'limit' || room.usage.used > room.usage.limit)
      throw new Problem('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', { status: 403 });
    if (fault === 'concurrent')
      throw new Problem('REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', {
        status: 403,
      });
    if (fault === 'too_many')
      return {
        status: 429,
        headers: { 'retry-after': '2' },
        json: [{ message: 'Too many requests', errorCode: 'TOO_MANY_REQUESTS' }],
      };
    if (fault === 'unavailable')
      throw new Problem('SERVER_UNAVAILABLE', 'The server is temporarily unavailable', { status: 503 });
    if (fault === 'error_before')
      throw new Problem('UNKNOWN_EXCEPTION', 'An unexpected error occurred', { status: 500 });
    const base = `/services/data/v${API_VERSION}`;
    if (!url.pathname.startsWith(`${base}/`))
      throw new Problem('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
    const path = url.pathname.slice(base.length);
    const reply = room.rest.answer({
      method,
      path,
      words: url.searchParams,
      body: parse(body),
      locked: fault === 'locked',
    });
    if (fault === 'error_after')
      throw new Problem('UNKNOWN_EXCEPTION', 'An unexpected error occurred', { status: 500 });
    return reply;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { errorCode, message, fields, status } = error;
    return { status, json: [{ message, errorCode, ...(fields.length > 0 ? { fields } : {}) }] };
  }
}

function textOf({ json, csv }: Reply): string {
  return csv ?? (json === undefined ? '' : JSON.stringify(json));
}

function write(response: ServerResponse, reply: Reply): void {
  const type = reply.csv === undefined ? 'application/json;charset=UTF-8' : 'text/csv';
  response.writeHead(reply.status, { 'content-type': type, ...reply.headers }).end(textOf(reply));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem('JSON_PARSER_ERROR', 'Unexpected end-of-input');
  }
}
