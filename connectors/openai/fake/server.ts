/**
 * A stand-in for the OpenAI API over real HTTP: POST /v1/chat/completions with structured outputs, the vendor's error bodies
 * and headers, checks on every request, and faults on demand. Seeded: the same requests in the same order get the same
 * answers. For tests and local runs; no model thinks here, and the README says how it differs.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeAsModel, writeAsObedientModel, type Told } from './copy.ts';
import { buildChecks } from './schema.ts';

/**
 * rate_limit: 429 with Retry-After. server_error: 500. silent: no answer until the client goes away. truncated: the answer's
 * tokens ran out. broken: the connection ends in the middle of the body. refusal: the model declines. content_filter: cut by
 * the vendor. not_json: text instead of the form. obeys_injection: the model follows the names of products.
 */
export type Fault =
  | { kind: 'rate_limit'; retryAfterSeconds?: number }
  | {
      kind:
        | 'server_error'
        | 'silent'
        | 'truncated'
        | 'broken'
        | 'refusal'
        | 'content_filter'
        | 'not_json'
        | 'obeys_injection';
    };

export interface CapturedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** As it came over the wire */
  body: string;
}

export interface OpenaiFake {
  /** To give as baseUrl */
  url: string;
  /** The key it wants */
  apiKey: string;
  /** Every request so far, in order */
  requests: CapturedRequest[];
  /** Whether requests are checked by the vendor's own document too */
  checkedByVendor: boolean;
  /** The next requests meet these, one each. */
  meet(...faults: Fault[]): void;
  close(): Promise<void>;
}

export interface FakeOptions {
  seed?: string | number;
  /** 0: any free one */
  port?: number;
  apiKey?: string;
  /** The vendor's OpenAPI document, gzipped */
  specification?: string;
  /** What clients that are to try again are told to wait, in milliseconds. Default 1: the SDK would wait half a second. */
  retryAfterMs?: number;
}

interface State {
  options: Required<Pick<FakeOptions, 'apiKey' | 'retryAfterMs'>> & { seed: string };
  checks: ReturnType<typeof buildChecks>;
  faults: Fault[];
  requests: CapturedRequest[];
  answered: number;
}

/** Starts it on loopback. */
export async function startOpenaiFake(options: FakeOptions = {}): Promise<OpenaiFake> {
  const state: State = {
    options: {
      apiKey: options.apiKey ?? 'sk-fake-local-only',
      retryAfterMs: options.retryAfterMs ?? 1,
      seed: String(options.seed ?? 1),
    },
    checks: buildChecks(options.specification),
    faults: [],
    requests: [],
    answered: 0,
  };
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/v1`,
    apiKey: state.options.apiKey,
    requests: state.requests,
    checkedByVendor: state.checks.byVendor,
    meet: (...faults) => void state.faults.push(...faults),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request);
  const { method = '', url = '' } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  state.requests.push({ method, url, headers, body });
  response.setHeader('x-request-id', `req_${String(state.requests.length)}`);

  if (headers['authorization'] !== `Bearer ${state.options.apiKey}`)
    return refuse(response, 401, {
      message: 'Incorrect API key provided.',
      type: 'invalid_request_error',
      code: 'invalid_api_key',
    });
  if (method !== 'POST' || url !== '/v1/chat/completions')
    return refuse(response, 404, {
      message: `Unknown request URL: ${method} ${url}.`,
      type: 'invalid_request_error',
      code: 'unknown_url',
    });
  const parsed = json(body);
  const problems = parsed === undefined ? ['the body is not JSON'] : state.checks.request(parsed);
  if (problems.length > 0)
    return refuse(response, 400, { message: problems.join('; '), type: 'invalid_request_error', code: null });
  const fault = state.faults.shift();
  if (fault?.kind === 'silent') return;
  if (fault?.kind === 'rate_limit') return limit(state, response, fault.retryAfterSeconds);
  if (fault?.kind === 'server_error') {
    response.setHeader('retry-after-ms', String(state.options.retryAfterMs));
    return refuse(response, 500, { message: 'The server had an error.', type: 'server_error', code: null });
  }
  complete(state, response, { request: parsed as ChatRequest, fault: fault?.kind });
}

interface ChatRequest {
  model: string;
  messages: { role: string; content: string }[];
}

function complete(
  state: State,
  response: ServerResponse,
  work: { request: ChatRequest; fault: Fault['kind'] | undefined },
): void {
  const { request, fault } = work;
  const told = json(request.messages.findLast((message) => message.role === 'user')?.content ?? '') as Told | undefined;
  const words =
    told === undefined
      ? { drafts: [] }
      : fault === 'obeys_injection'
        ? writeAsObedientModel(told)
        : writeAsModel(told, state.options.seed);
  const whole = fault === 'not_json' ? 'Here are your drafts.' : JSON.stringify(words);
  const cut = fault === 'truncated' || fault === 'content_filter';
  const content = fault === 'refusal' ? null : cut ? whole.slice(0, whole.length / 2) : whole;
  const number = ++state.answered;
  const count = (text: string): number => Math.ceil(text.length / 4);
  const prompt = count(request.messages.map((message) => message.content).join());
  const completion = {
    id: `chatcmpl-${createHash('sha256')
      .update(`${state.options.seed}/${String(number)}`)
      .digest('hex')
      .slice(0, 29)}`,
    object: 'chat.completion',
    created: 1_767_225_600 + number,
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: fault === 'refusal' ? 'I cannot help with that.' : null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: fault === 'truncated' ? 'length' : fault === 'content_filter' ? 'content_filter' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: count(content ?? ''),
      total_tokens: prompt + count(content ?? ''),
    },
  };
  const problems = state.checks.response(completion);
  if (problems.length > 0) throw new Error(`the fake speaks another language than the vendor: ${problems.join('; ')}`);
  const bytes = Buffer.from(JSON.stringify(completion));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(bytes.length) });
  if (fault !== 'broken') return void response.end(bytes);
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

function limit(state: State, response: ServerResponse, seconds: number | undefined): void {
  if (seconds === undefined) response.setHeader('retry-after-ms', String(state.options.retryAfterMs));
  response.setHeader('retry-after', String(seconds ?? 1));
  refuse(response, 429, { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' });
}

function refuse(
  response: ServerResponse,
  status: number,
  error: { message: string; type: string; code: string | null },
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { ...error, param: null } }));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
