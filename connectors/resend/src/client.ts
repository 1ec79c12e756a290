/**
 * Resend's own SDK on a transport of ours. Its requests are its own; but it tells every failure of the connection alike
 * ("Unable to fetch data") and hides the answer's status, and exactly-once hangs on just that difference.
 */
import { Resend, type CreateBatchOptions } from 'resend';
import { fail } from '@rekindle/core';

export interface ClientOptions {
  apiKey: string;
  /** Default https://api.resend.com */
  baseUrl?: string;
  /** How long an answer is waited for, in milliseconds. Default 30,000. */
  timeoutMs?: number;
}

/** What came of a request: an answer, or how it was lost. */
export type Exchange = { status: number; headers: Headers; body: unknown } | { failure: unknown };

export interface Client {
  /** `key`: Resend answers a second request with the same one as it answered the first. Never throws. */
  sendBatch(mails: CreateBatchOptions, key: string): Promise<Exchange>;
  /** Any other request. Never throws. */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Exchange>;
}

/** Throws `bad_configuration` where the key cannot be one. */
export function resendClient(options: ClientOptions): Client {
  if (!options.apiKey.startsWith('re_'))
    throw fail('bad_configuration', 'RESEND_API_KEY must be a Resend API key: it starts with "re_".');
  const baseUrl = (options.baseUrl ?? 'https://api.resend.com').replace(/\/+$/, '');
  const timeoutMs = options.timeoutMs ?? 30_000;
  const watched = async (request: (sdk: WatchedResend, signal: AbortSignal) => Promise<unknown>): Promise<Exchange> => {
    const sdk = new WatchedResend(options.apiKey, { baseUrl });
    try {
      await request(sdk, AbortSignal.timeout(timeoutMs));
      return sdk.exchange;
    } catch (failure) {
      return { failure };
    }
  };
  return {
    sendBatch: (mails, key) => watched((sdk, signal) => sdk.batch.send(mails, { idempotencyKey: key, signal })),
    ask: (method, path, body) =>
      watched((sdk, signal) => (method === 'GET' ? sdk.get(path, { signal }) : sdk.post(path, body, { signal }))),
  };
}

/** The SDK, for one request. */
class WatchedResend extends Resend {
  exchange: Exchange = { failure: new Error('the SDK made no request') };

  override async fetchRequest<T>(
    path: string,
    options: RequestInit = {},
  ): ReturnType<typeof Resend.prototype.fetchRequest<T>> {
    const headers = new Headers(options.headers);
    // A connection that the other side has just closed would be a doubt about a hundred mails. A new one costs little.
    headers.set('connection', 'close');
    try {
      // A POST that is sent on elsewhere is nothing that Resend does.
      const response = await fetch(`${this.baseUrl}${path}`, { ...options, headers, redirect: 'manual' });
      this.exchange = { status: response.status, headers: response.headers, body: readJson(await response.text()) };
    } catch (failure) {
      this.exchange = { failure };
    }
    // What the SDK would make of it is not asked for.
    return {
      data: null,
      error: { message: 'see the exchange', statusCode: null, name: 'application_error' },
      headers: null,
    };
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
