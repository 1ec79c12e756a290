/**
 * HubSpot's own client, told where the API is, with a time limit and our own patience: the client by itself repeats only some
 * 429s, prints what it does, and waits for an answer for ever. Everything that goes through here may be repeated.
 */
import { Client } from '@hubspot/api-client';
import { RekindleError, type Clock } from '@rekindle/core';
import { failureOf, refusal } from './failure.ts';

export interface HubSpotApp {
  clientId: string;
  clientSecret: string;
  /** Default https://api.hubapi.com */
  baseUrl?: string | undefined;
  clock: Clock;
  /** Lets time pass between attempts. Default: it passes by itself */
  wait?: ((milliseconds: number) => Promise<void>) | undefined;
  /** How long an answer is waited for, in milliseconds. Default 30,000 */
  timeoutMs?: number | undefined;
}

/** How often the same request goes at most. */
const ATTEMPTS = 5;
const DEFAULT_TIMEOUT_MS = 30_000;

export function apiClient(baseUrl: string | undefined, accessToken?: string): Client {
  return new Client({
    numberOfApiCallRetries: 0,
    ...(baseUrl !== undefined && { basePath: baseUrl.replace(/\/+$/, '') }),
    ...(accessToken !== undefined && { accessToken }),
  });
}

/** Repeats what may be repeated, with growing pauses, a bounded number of times. */
export async function patiently<Answer>(
  { wait = pause, timeoutMs = DEFAULT_TIMEOUT_MS }: Pick<HubSpotApp, 'wait' | 'timeoutMs'>,
  what: string,
  attempt: (expired: boolean) => Promise<Answer>,
  attempts = ATTEMPTS,
): Promise<Answer> {
  let expired = false;
  for (let tries = 1; ; tries++) {
    try {
      return await within(timeoutMs, attempt(expired));
    } catch (thrown) {
      if (thrown instanceof RekindleError) throw thrown;
      const failure = failureOf(thrown, tries - 1);
      // A token that was refused is renewed once; refused again, it is not the token.
      const renew: boolean = failure.expired && !expired;
      if (tries >= attempts || (failure.again === undefined && !renew)) throw refusal(failure, what);
      if (failure.again !== undefined) await wait(failure.again);
      expired = renew;
    }
  }
}

async function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('no answer in time'));
    }, milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
