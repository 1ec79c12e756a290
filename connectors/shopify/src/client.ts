/**
 * The Admin API through @shopify/shopify-api's own client. Its retries are off: waiting follows the cost bucket and the time
 * that Shopify names, is bounded, and reads the clock it is given.
 *
 * A request whose answer is lost is sent again, mutations too: every mutation of operations.ts says what shall be, not what to
 * add, so that twice is once. The one exception, starting a bulk operation, asks with `repeat: false`.
 */
import { Session, type Shopify } from '@shopify/shopify-api';
import { fail, RekindleError, wallClock, type Clock, type Credentials } from '@rekindle/core';
import type { z } from 'zod';
import { atAddress } from './address.ts';
import { costOf, meaningOf, type Meaning } from './answer.ts';
import { freshToken } from './auth.ts';
import { costBucket } from './bucket.ts';
import { shopifyLibrary } from './library.ts';
import type { ShopifyApp, ShopifyTokens } from './schema.ts';

export interface ClientOptions {
  /** example.myshopify.com */
  account: string;
  credentials: Credentials;
  app: ShopifyApp;
  /** Another address than the shop's own: a stand-in's */
  baseUrl?: string | undefined;
  /** Default: the wall clock. Tokens expire by it and waiting is reckoned in it: not the clock of a simulated world. */
  clock?: Clock | undefined;
  /** Milliseconds. Default: really waits. */
  sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** How long one answer may take, ms. Default 30 s. */
  timeoutMs?: number | undefined;
}

export interface ShopifyClient {
  readonly account: string;
  readonly clock: Clock;
  sleep(milliseconds: number): Promise<void>;
  /** Runs one operation of operations.ts and reads its data. Throws `connector_unavailable` or `connector_refused`. */
  run<Schema extends z.ZodType>(
    operation: string,
    variables: Record<string, unknown>,
    data: Schema,
    options?: { repeat?: boolean },
  ): Promise<z.output<Schema>>;
}

/** Tries of one operation, the first included */
const TRIES = 7;
const LONGEST_WAIT_MS = 60_000;

export function shopifyClient(options: ClientOptions): ShopifyClient {
  const clock = options.clock ?? wallClock;
  const sleep = options.sleep ?? ((milliseconds) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)));
  const library = shopifyLibrary(options.app);
  const bucket = costBucket(clock);
  const signIn = { ...options, clock };

  return {
    account: options.account,
    clock,
    sleep,
    async run(operation, variables, data, { repeat = true } = {}) {
      const name = nameOf(operation);
      let refused: string | undefined;
      for (let attempt = 1; ; attempt++) {
        const wait = bucket.wait(name);
        if (wait > 0) await sleep(Math.min(wait, LONGEST_WAIT_MS));
        const tokens = await freshToken(signIn, refused);
        let meaning: Meaning;
        try {
          const answer = await request(library, options, tokens, operation, variables);
          bucket.learn(name, costOf(answer.extensions));
          return read(data, answer.data, name);
        } catch (error) {
          if (error instanceof RekindleError) throw error;
          meaning = meaningOf(error);
        }
        if (meaning.kind === 'throttled') bucket.learn(name, meaning.cost);
        const again = attempt < TRIES ? pause(meaning, attempt, repeat, refused !== undefined) : undefined;
        if (again === undefined) throw failureOf(meaning, name);
        if (meaning.kind === 'token') refused = tokens.accessToken;
        await sleep(again);
      }
    },
  };
}

function request(
  library: Shopify,
  { baseUrl, timeoutMs }: ClientOptions,
  { shop, accessToken, scope }: ShopifyTokens,
  operation: string,
  variables: Record<string, unknown>,
) {
  const session = new Session({ id: `offline_${shop}`, shop, state: '', isOnline: false, accessToken, scope });
  const signal = AbortSignal.timeout(timeoutMs ?? 30_000);
  return atAddress(baseUrl, () =>
    new library.clients.Graphql({ session }).request<unknown>(operation, { variables, retries: 0, signal }),
  );
}

/** How long to wait before the next try, ms; undefined: do not try again. */
function pause(meaning: Meaning, attempt: number, repeat: boolean, renewed: boolean): number | undefined {
  const growing = Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  if (meaning.kind === 'throttled') return meaning.cost ? 0 : growing;
  if (meaning.kind === 'too_many') return Math.min(meaning.afterMs ?? growing, LONGEST_WAIT_MS);
  if (meaning.kind === 'away') return repeat ? growing : undefined;
  if (meaning.kind === 'token') return renewed ? undefined : 0;
  return undefined;
}

function failureOf(meaning: Meaning, name: string): Error {
  switch (meaning.kind) {
    case 'throttled':
    case 'too_many':
      return fail('rate_limited', `Shopify asked to wait again and again (${name}); it is tried later.`);
    case 'away':
      return fail('connector_unavailable', `Shopify did not answer (${name}); it is tried later.`);
    case 'token':
      return fail('connector_refused', 'Shopify takes the shop’s token no more: open the app in its Shopify admin.');
    case 'refused':
      return fail('connector_refused', refusal(meaning.code, name));
  }
}

function refusal(code: string, name: string): string {
  if (code === 'ACCESS_DENIED')
    return `The app lacks an access scope for ${name}: open it in the shop’s Shopify admin and accept what it asks for.`;
  if (code === 'HTTP 402') return 'The shop is frozen: its Shopify plan must be paid first.';
  if (code === 'HTTP 423') return 'The shop is locked by Shopify.';
  if (code === 'HTTP 404') return 'There is no such shop.';
  return `Shopify refused ${name} (${code}).`;
}

function read<Schema extends z.ZodType>(schema: Schema, data: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail('connector_refused', `Shopify’s answer to ${name} has an unknown form at ${issue?.path.join('.') ?? ''}.`);
}

function nameOf(operation: string): string {
  return /^\s*(?:query|mutation)\s+(\w+)/.exec(operation)?.[1] ?? 'a query';
}
