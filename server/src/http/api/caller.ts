/**
 * Who asks: a CRM's panel, for one store. HubSpot signs what its card sends (signature v3), and the portal's id names the store;
 * a Salesforce callout carries one of the store's own keys. Nobody else is let in, and nobody learns why.
 */
import {
  fail,
  findStoreOfAccount,
  storeOfApiKey,
  wallClock,
  type Clock,
  type Engine,
  type RawWebhook,
} from '@rekindle/core';
import type { Context } from 'hono';
import { createLimit, type Limit } from '../limit.ts';
import { visitorOf } from '../visitor.ts';

/** A panel asks once a record that somebody opens. */
const QUESTIONS = 600;
/** Refused calls of one address in a minute. */
const GUESSES = 60;

export type VerifyHubSpot = (request: RawWebhook, now: Date) => void;

/** The store that may be asked about, and whose ids alone are meant (undefined: any platform's). */
export interface Caller {
  storeId: string;
  only: string | undefined;
}

export interface Callers {
  /** Throws `unauthorised`, `rate_limited`. */
  admit(context: Context): Promise<Caller>;
}

export interface CallerOptions {
  /** Absent: HubSpot is not set up, and its calls are refused. */
  verifyHubSpot?: VerifyHubSpot | undefined;
  /** What signatures are held against: real time, whatever world the engine lives in. */
  clock?: Clock;
}

export function openCallers(engine: Engine, { verifyHubSpot, clock = wallClock }: CallerOptions): Callers {
  const questions = createLimit(QUESTIONS, 60_000);
  const guesses = createLimit(GUESSES, 60_000);
  return {
    async admit(context) {
      const bearer = /^Bearer ([\w-]{1,200})$/i.exec(context.req.header('authorization') ?? '')?.[1];
      const storeId =
        bearer === undefined
          ? await storeOfHubSpot(engine, context, verifyHubSpot, clock)
          : await storeOfApiKey(engine, bearer);
      if (storeId === undefined) throw refuse(context, guesses);
      questions.take(storeId);
      // A portal speaks of its own records; a key of the store speaks of any platform's.
      return { storeId, only: bearer === undefined ? 'hubspot' : undefined };
    },
  };
}

function refuse(context: Context, guesses: Limit): Error {
  guesses.take(visitorOf(context));
  return fail('unauthorised', 'This call is neither signed by HubSpot nor carries a key of a store.');
}

async function storeOfHubSpot(
  engine: Engine,
  context: Context,
  verify: VerifyHubSpot | undefined,
  clock: Clock,
): Promise<string | undefined> {
  if (verify === undefined || context.req.header('x-hubspot-signature-v3') === undefined) return undefined;
  const { pathname, search } = new URL(context.req.url);
  // Kept by the context: the route's validator reads it again.
  const body = new Uint8Array(await context.req.arrayBuffer());
  const signed = {
    headers: context.req.header(),
    body,
    method: context.req.method,
    url: `${engine.publicUrl}${pathname}${search}`,
  };
  try {
    verify(signed, clock.now());
  } catch {
    return undefined;
  }
  const account = context.req.query('portalId');
  return account === undefined ? undefined : findStoreOfAccount(engine, { platform: 'hubspot', account });
}
