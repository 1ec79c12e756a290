/**
 * Calls to one organisation, through jsforce's Connection: when to try again, when to sign in again, when to stop. Everything
 * that is asked through it can be asked twice without harm, so whatever broke off is asked again.
 */
import { Connection } from '@jsforce/jsforce-node';
import { HttpApi } from '@jsforce/jsforce-node/lib/http-api.js';
import type { HttpResponse, Schema } from '@jsforce/jsforce-node/lib/types/index.js';
import { fail } from '@rekindle/core';
import type { z } from 'zod';
import { readRefusal, refusalError } from './refusal.ts';
import { API_VERSION, type KeptSession } from './schema.ts';
import { SHARE, type Sessions, type Usage } from './session.ts';
import { patientTransport } from './transport.ts';

export interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /services/data/v66.0 */
  path: string;
  body?: unknown;
}

export interface SalesforceClient {
  /** A 2xx answer as it came. */
  send(request: Request): Promise<HttpResponse>;
  /** A 2xx answer, parsed. */
  ask<T>(schema: z.ZodType<T>, request: Request): Promise<T>;
}

export interface ClientOptions {
  sessions: Sessions;
  sleep: (ms: number) => Promise<void>;
  timeoutMs: number;
}

const TRIES = 5;
const FIRST_WAIT_MS = 1000;
/** Longest wait that an answer may ask for; beyond it the next turn of the stage is soon enough. */
const LONGEST_WAIT_MS = 60_000;

/** Gives every answer as it came, errors too: who judges them is below. */
class PlainApi extends HttpApi<Schema> {
  override isSessionExpired(): boolean {
    return false;
  }
  override isErrorResponse(): boolean {
    return false;
  }
  override getResponseBody(response: HttpResponse): Promise<HttpResponse> {
    return Promise.resolve(response);
  }
}

export function salesforceClient({ sessions, sleep, timeoutMs }: ClientOptions): SalesforceClient {
  async function send(request: Request): Promise<HttpResponse> {
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      const session = await sessions.current();
      const answer = await callOnce(session, request, timeoutMs).catch((cause: unknown) => {
        if (attempt >= TRIES) throw fail('connector_unavailable', 'Salesforce cannot be reached now.', { cause });
      });
      if (!answer) {
        await sleep(waitFor(attempt));
        continue;
      }
      const usage = usageOf(answer);
      if (answer.statusCode >= 200 && answer.statusCode < 300) {
        // This answer is paid for; the next call is not made.
        if (usage && usage.used >= usage.limit * SHARE) await sessions.rest(usage);
        return answer;
      }
      const refusal = readRefusal(answer.statusCode, answer.body);
      if (answer.statusCode === 401 && !renewed) {
        renewed = true;
        await sessions.renew(session);
        continue;
      }
      if (refusal.daily) throw await sessions.rest(undefined);
      if (!refusal.retryable || attempt >= TRIES) throw refusalError(refusal);
      await sleep(waitFor(attempt, answer.headers['retry-after']));
    }
  }
  return {
    send,
    async ask(schema, request) {
      const { body } = await send(request);
      const parsed = schema.safeParse(json(body));
      if (!parsed.success)
        throw fail('connector_unavailable', 'Salesforce answered something that Rekindle does not understand.');
      return parsed.data;
    },
  };
}

function callOnce(session: KeptSession, { method, path, body }: Request, timeoutMs: number): Promise<HttpResponse> {
  const { accessToken, instanceUrl } = session;
  const connection = new Connection({ accessToken, instanceUrl, version: API_VERSION });
  return new PlainApi(connection, { transport: patientTransport(timeoutMs) }).request<HttpResponse>({
    method,
    url: `${instanceUrl}/services/data/v${API_VERSION}${path}`,
    headers: body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** `Sforce-Limit-Info: api-usage=18/5000`, on every answer. */
function usageOf({ headers }: HttpResponse): Usage | undefined {
  const [, used, limit] = /api-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '') ?? [];
  return used === undefined || limit === undefined ? undefined : { used: Number(used), limit: Number(limit) };
}

function waitFor(attempt: number, asked?: string): number {
  const seconds = Number(asked);
  const wait = asked !== undefined && seconds > 0 ? seconds * 1000 : FIRST_WAIT_MS * 2 ** (attempt - 1);
  return Math.min(wait, LONGEST_WAIT_MS);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
