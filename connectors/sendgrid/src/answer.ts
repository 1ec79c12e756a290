/**
 * What SendGrid's answer, or its absence, means. Only a 202 is a yes and only a 4xx (or no connection at all) a no;
 * everything else leaves open whether the mails go out.
 * https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
 */
import { z } from 'zod';
import type { RequestRoom, SendResult } from '@rekindle/core';

/** Somebody has to mend something: a key, a permission, an address. Trying again in a while does no harm. */
const MENDABLE = new Set([401, 403, 404, 405]);
const MENDING_SECONDS = 300;
/** The request was not taken for now. */
const LATER = new Set([408, 429]);
/** Errors of the connection that come before any byte of the request has left. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

const failure = z.object({
  /** A status (ResponseError) or a system error's name */
  code: z.union([z.number(), z.string()]).optional(),
  syscall: z.string().optional(),
  message: z.string().default('no answer'),
  response: z
    .object({
      status: z.number().optional(),
      /** An object of axios' own class */
      headers: z.custom<object>((value) => typeof value === 'object').optional(),
      body: z.unknown(),
    })
    .optional(),
});
const errorBody = z.object({ errors: z.array(z.object({ message: z.string(), field: z.string().nullish() })) });

/** An answer that the client took for a success. */
export function fromAnswer(status: number, headers: Record<string, unknown>): SendResult {
  if (status !== 202) return { outcome: 'in_doubt', status, error: `SendGrid answered ${String(status)}, not 202` };
  const id = headers['x-message-id'];
  return {
    outcome: 'accepted',
    status,
    providerMessageId: typeof id === 'string' ? id : undefined,
    room: roomOf(headers),
  };
}

/** Whatever the client threw. */
export function fromFailure(error: unknown): SendResult {
  const read = failure.safeParse(error);
  if (!read.success) return { outcome: 'in_doubt', error: 'SendGrid’s client failed without an answer' };
  const { code, response, syscall, message } = read.data;
  const status = typeof code === 'number' ? code : response?.status;
  if (status !== undefined) return fromStatus(status, { ...response?.headers }, response?.body);
  if (typeof code === 'string' && (NOT_CONNECTED.has(code) || syscall === 'connect'))
    return { outcome: 'refused', status: 0, retryable: true, error: `no connection to SendGrid (${code})` };
  return { outcome: 'in_doubt', error: withoutAddresses(message) };
}

function fromStatus(status: number, headers: Record<string, unknown>, body: unknown): SendResult {
  const error = `SendGrid answered ${String(status)}: ${withoutAddresses(wordsOf(body))}`;
  if (status >= 500) return { outcome: 'in_doubt', status, error };
  if (LATER.has(status))
    return { outcome: 'refused', status, retryable: true, retryAfterSeconds: retryAfter(headers), error };
  // A redirect too: the address of the API is wrong, and the request went nowhere.
  if (MENDABLE.has(status) || status < 400)
    return { outcome: 'refused', status, retryable: true, retryAfterSeconds: MENDING_SECONDS, error };
  return { outcome: 'refused', status, retryable: false, error };
}

function wordsOf(body: unknown): string {
  const read = errorBody.safeParse(body);
  if (!read.success) return 'no explanation';
  return read.data.errors.map((one) => (one.field ? `${one.message} (${one.field})` : one.message)).join('; ');
}

/** Retry-After in seconds, or X-RateLimit-Reset (an instant) against the answer's own Date. */
function retryAfter(headers: Record<string, unknown>): number | undefined {
  const seconds = Number(headers['retry-after'] ?? NaN);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  return secondsToReset(headers);
}

/** https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits */
function roomOf(headers: Record<string, unknown>): RequestRoom | undefined {
  const requests = Number(headers['x-ratelimit-remaining'] ?? NaN);
  const seconds = secondsToReset(headers);
  return Number.isInteger(requests) && requests >= 0 && seconds !== undefined ? { requests, seconds } : undefined;
}

function secondsToReset(headers: Record<string, unknown>): number | undefined {
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN);
  const { date } = headers;
  const answered = typeof date === 'string' ? Date.parse(date) : NaN;
  if (!Number.isFinite(reset) || Number.isNaN(answered)) return undefined;
  return Math.max(0, reset - Math.floor(answered / 1000));
}

/** SendGrid may quote the address it does not like. Errors are logged and kept: no address may stand in them. */
function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;]+/g, '<address>').slice(0, 300);
}
