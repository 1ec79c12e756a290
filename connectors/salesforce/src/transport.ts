/**
 * How jsforce's requests reach the network. Its own transport tries again behind our back (up to five times, which the
 * organisation's daily calls pay for), waits half an hour for an answer, follows redirects with the session in its hands, and
 * brings the process down where a body breaks off in the middle.
 */
import { PassThrough } from 'node:stream';
import { StreamPromise } from '@jsforce/jsforce-node/lib/util/promise.js';
import { Transport } from '@jsforce/jsforce-node/lib/transport.js';
import type { HttpRequest, HttpResponse } from '@jsforce/jsforce-node/lib/types/index.js';

class PatientTransport extends Transport {
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    super();
    this.#timeoutMs = timeoutMs;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: send(request, this.#timeoutMs) }));
  }
}

async function send({ url, method, headers, body }: HttpRequest, timeoutMs: number): Promise<HttpResponse> {
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new TypeError('only texts are sent to Salesforce');
  const response = await fetch(url, {
    method,
    headers: headers ?? {},
    body: body ?? null,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** One try, an end to waiting, no redirects. */
export function patientTransport(timeoutMs: number): Transport {
  return new PatientTransport(timeoutMs);
}
