/**
 * What Resend's answer, or its absence, means. Only a 200 with an id for every mail is a yes, and only a 4xx (or no
 * connection at all) a no; everything else leaves open whether the mails go out.
 * https://resend.com/docs/api-reference/errors
 */
import { z } from 'zod';
import type { RequestRoom, SendResult } from '@rekindle/core';
import type { Exchange } from './client.ts';

/** Somebody has to mend something: a key, a domain, an address. Trying again in a while does no harm. */
const MENDABLE = new Set([401, 403, 404, 405]);
const MENDING_SECONDS = 300;
/** The request was not taken for now: 429 for the rate and for the day's and the month's quota. */
const LATER = new Set([408, 429]);
const QUOTAS = new Set(['daily_quota_exceeded', 'monthly_quota_exceeded']);
const QUOTA_SECONDS = 3600;
/** The key was used before, for another body or by a request under way: this one did nothing, that one may have. */
const KEY_TAKEN = 409;
/** Errors of the connection that come before any byte of the request has left. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const taken = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });
const refusal = z.object({ name: z.string().default(''), message: z.string().default('no explanation') });
const failure = z.object({
  name: z.string().optional(),
  message: z.string().default('no answer'),
  cause: z.object({ code: z.string().optional(), syscall: z.string().optional() }).optional(),
});

/** `mails`: how many were in the request. */
export function fromExchange(exchange: Exchange, mails: number): SendResult {
  if ('failure' in exchange) return fromFailure(exchange.failure);
  const { status, headers, body } = exchange;
  if (status === 200) return fromTaken(body, mails, roomOf(headers));
  const { name, message } = refusal.safeParse(body).data ?? { name: '', message: 'no explanation' };
  const error = `Resend answered ${String(status)}: ${withoutAddresses(`${name} ${message}`.trim())}`;
  if (status >= 500 || status < 300 || status === KEY_TAKEN) return { outcome: 'in_doubt', status, error };
  const refused = { outcome: 'refused', status, error } as const;
  if (LATER.has(status))
    return {
      ...refused,
      retryable: true,
      retryAfterSeconds: retryAfter(headers) ?? (QUOTAS.has(name) ? QUOTA_SECONDS : undefined),
    };
  // A redirect too: the address of the API is wrong, and the request went nowhere.
  if (MENDABLE.has(status) || status < 400) return { ...refused, retryable: true, retryAfterSeconds: MENDING_SECONDS };
  return { ...refused, retryable: false };
}

function fromTaken(body: unknown, mails: number, room: RequestRoom | undefined): SendResult {
  const read = taken.safeParse(body);
  if (!read.success || read.data.data.length !== mails)
    return { outcome: 'in_doubt', status: 200, error: 'Resend answered 200 without an id for every mail' };
  // One id a mail; the ledger has room for one a batch.
  return { outcome: 'accepted', status: 200, providerMessageId: mails === 1 ? read.data.data[0]?.id : undefined, room };
}

function fromFailure(thrown: unknown): SendResult {
  const read = failure.safeParse(thrown);
  if (!read.success) return { outcome: 'in_doubt', error: 'the request failed without an answer' };
  const { cause, message, name } = read.data;
  if (cause?.code !== undefined && (NOT_CONNECTED.has(cause.code) || cause.syscall === 'connect'))
    return { outcome: 'refused', status: 0, retryable: true, error: `no connection to Resend (${cause.code})` };
  const why = name === 'TimeoutError' ? 'no answer in time' : `${message} ${cause?.code ?? ''}`.trim();
  return { outcome: 'in_doubt', error: withoutAddresses(why) };
}

/** Retry-After or RateLimit-Reset, both in seconds. https://resend.com/docs/api-reference/rate-limit */
function retryAfter(headers: Headers): number | undefined {
  for (const name of ['retry-after', 'ratelimit-reset']) {
    const seconds = Number(headers.get(name) ?? NaN);
    if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  }
  return undefined;
}

/** What is left of the second, or of whatever window Resend counts by. */
function roomOf(headers: Headers): RequestRoom | undefined {
  const requests = Number(headers.get('ratelimit-remaining') ?? NaN);
  const seconds = Number(headers.get('ratelimit-reset') ?? NaN);
  return Number.isInteger(requests) && requests >= 0 && seconds >= 0 ? { requests, seconds } : undefined;
}

/**
 * Resend may quote the address it does not like, also one that is none. Errors are logged and kept: no person may stand in
 * them.
 */
function withoutAddresses(text: string): string {
  return text
    .replace(/"[^"]*("|$)/g, '<value>')
    .replace(/[^\s<>"'(),;:`]+@[^\s<>"'(),;`]+/g, '<address>')
    .slice(0, 300);
}
