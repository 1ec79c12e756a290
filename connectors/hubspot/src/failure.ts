/** What a failed request means: whether and when to ask again, and what may be said of it. */
import { fail, type RekindleError } from '@rekindle/core';
import { errorBody } from './schema.ts';

export interface Failure {
  /** 0: no answer came */
  status: number;
  category: string;
  /** Milliseconds to wait before the same request may go again; undefined: it may not */
  again: number | undefined;
  expired: boolean;
  /** The account has no requests left for today. */
  spent: boolean;
}

/** HubSpot counts in windows of ten seconds, search in windows of one. */
const WINDOW_MS = 10_000;
const SECOND_MS = 1_000;
const LONGEST_MS = 60_000;

interface Answer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

/** Reads what the client threw, or what an answer of it says. */
export function failureOf(thrown: unknown, attempt: number): Failure {
  const answer = answerOf(thrown);
  if (!answer)
    return { status: 0, category: 'NO_ANSWER', again: SECOND_MS * 2 ** attempt, expired: false, spent: false };
  const { status } = answer;
  const body = errorBody.safeParse(typeof answer.body === 'string' ? parse(answer.body) : answer.body).data ?? {};
  const failure = { status, category: body.category ?? 'UNKNOWN', expired: status === 401, spent: false };
  if (status === 429) {
    const spent = body.policyName === 'DAILY';
    const named = Number(header(answer.headers, 'retry-after')) * SECOND_MS;
    const usual = body.policyName === 'TEN_SECONDLY_ROLLING' ? WINDOW_MS : SECOND_MS;
    const wait = Number.isFinite(named) && named > 0 ? named : usual;
    return { ...failure, spent, again: spent ? undefined : Math.min(wait, LONGEST_MS) };
  }
  if (status >= 500 || status === 408) return { ...failure, again: SECOND_MS * 2 ** attempt };
  // Answered in a way that cannot be read: the request may have been taken, and may go again.
  return { ...failure, again: status < 300 ? SECOND_MS * 2 ** attempt : undefined };
}

/** The sentence for a failure that stays. Nothing of HubSpot's own text is in it: that may quote a person. */
export function refusal(failure: Failure, what: string): RekindleError {
  const detail = { status: failure.status, category: failure.category };
  if (failure.spent)
    return fail('connector_unavailable', 'HubSpot’s daily limit of requests is used up; it goes on tomorrow.', {
      detail,
    });
  if (failure.status === 0)
    return fail('connector_unavailable', `HubSpot did not answer (${what}); it will be asked again.`, { detail });
  if (failure.status === 429 || failure.status >= 500 || failure.status === 408)
    return fail(
      'connector_unavailable',
      `HubSpot is not available (${what}, ${String(failure.status)}); it will be asked again.`,
      { detail },
    );
  if (failure.status === 401)
    return fail('connector_refused', 'HubSpot no longer knows us. Connect the account again.', { detail });
  if (failure.status === 403)
    return fail(
      'connector_refused',
      `HubSpot does not let us (${what}): a scope is missing, or the feature is not in the account’s plan.`,
      { detail },
    );
  return fail('connector_refused', `HubSpot refused (${what}, ${String(failure.status)} ${failure.category}).`, {
    detail,
  });
}

/** Each API of the client has an exception class of its own; what they share is this shape. */
function answerOf(thrown: unknown): Answer | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'number') return undefined;
  const { body, headers } = thrown as { body?: unknown; headers?: Record<string, string> };
  return { status: thrown.code, body, headers: headers ?? {} };
}

function header(headers: Record<string, string>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
