/**
 * What a server's answer, or its absence, means. RFC 5321 section 4.2.1: 2yz yes, 4yz not now, 5yz never. Between the
 * mail's last byte and the answer to it lies the gap of RFC 1047: who loses the connection there cannot know.
 */
import { z } from 'zod';
import type { SendResult } from '@rekindle/core';
import type { Attempt } from './client.ts';

/** Somebody has to mend something: the login, the sender's address, a certificate. Trying again does no harm. */
const MENDING_SECONDS = 300;
const LOGIN_CODES = new Set([530, 534, 535, 538]);
const LOGIN_ERRORS = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ETLS', 'EREQUIRETLS', 'ECONFIG']);
/** "Bad sequence of commands": the session's fault, not the mail's. */
const BAD_SEQUENCE = 503;
/** Too large: what the server says of the mail already at MAIL FROM, from its SIZE. */
const TOO_LARGE = 552;

const failureShape = z.object({
  code: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
  message: z.string().default('no answer'),
});
type Failure = z.infer<typeof failureShape>;

export function fromAttempt(attempt: Attempt): SendResult {
  if (!('failure' in attempt)) return fromResponse(attempt.response);
  const read = failureShape.safeParse(attempt.failure);
  const failure = read.success ? read.data : { message: 'the client failed without an answer' };
  const { responseCode } = failure;
  // Only nodemailer's EMESSAGE is the server's answer to the mail itself.
  const answered = failure.code === 'EMESSAGE' && responseCode !== undefined && responseCode >= 400;
  if (attempt.bodyLeft && !answered)
    return { outcome: 'in_doubt', status: responseCode, error: `the answer to the mail is missing: ${words(failure)}` };
  if (responseCode !== undefined && responseCode >= 400) return fromCode(failure, responseCode);
  return fromSilence(failure);
}

function fromResponse(response: string): SendResult {
  const status = Number(/^\d{3}/.exec(response)?.[0] ?? NaN);
  if (status >= 200 && status < 300) return { outcome: 'accepted', status };
  return { outcome: 'in_doubt', error: 'the mail server’s answer cannot be read' };
}

function fromCode(failure: Failure, status: number): SendResult {
  const refused = { outcome: 'refused', status, error: `the mail server said ${words(failure)}` } as const;
  if (status < 500 && failure.code !== 'EAUTH') return { ...refused, retryable: true };
  if (status === BAD_SEQUENCE) return { ...refused, retryable: true };
  if (aboutUs(failure, status)) return { ...refused, retryable: true, retryAfterSeconds: MENDING_SECONDS };
  return { ...refused, retryable: false };
}

/** Whether the server will not have us (greeting, login, sender), rather than this mail or this recipient. */
function aboutUs({ code, command }: Failure, status: number): boolean {
  if (LOGIN_CODES.has(status) || LOGIN_ERRORS.has(code ?? '')) return true;
  return command !== 'RCPT TO' && command !== 'DATA' && status !== TOO_LARGE;
}

/** No answer, and no byte of the mail has left. */
function fromSilence(failure: Failure): SendResult {
  const refused = { outcome: 'refused', status: 0, error: `nothing was handed over: ${words(failure)}` } as const;
  if (LOGIN_ERRORS.has(failure.code ?? '')) return { ...refused, retryable: true, retryAfterSeconds: MENDING_SECONDS };
  // nodemailer itself found the envelope or the mail unfit.
  if (failure.code === 'EENVELOPE' || failure.code === 'EMESSAGE') return { ...refused, retryable: false };
  return { ...refused, retryable: true };
}

/** Servers like to quote the address. Errors are logged and kept: no address may stand in them. */
function words({ response, message }: Failure): string {
  return (response ?? message)
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;]+/g, '<address>')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}
