/**
 * What an answer of Shopify, or its absence, means. Messages of the library quote requests and answers, and with them people:
 * only codes are ever passed on.
 */
import {
  GraphqlQueryError,
  HttpInternalError,
  HttpMaxRetriesError,
  HttpRequestError,
  HttpResponseError,
  HttpThrottlingError,
} from '@shopify/shopify-api';
import { z } from 'zod';

export type Meaning =
  /** The cost bucket is too empty for this query. */
  | { kind: 'throttled'; cost: Cost | undefined }
  /** Too many requests; wait so long. */
  | { kind: 'too_many'; afterMs: number | undefined }
  /** No answer, or one of a server in trouble: it may have been done or not. */
  | { kind: 'away' }
  /** The token is not good (any more). */
  | { kind: 'token' }
  /** No, and asking again will not help. */
  | { kind: 'refused'; code: string };

const costSchema = z.object({
  requestedQueryCost: z.number(),
  throttleStatus: z.object({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number() }),
});
export type Cost = z.infer<typeof costSchema>;

/** extensions.cost of an answer */
export function costOf(extensions: unknown): Cost | undefined {
  const parsed = z.object({ cost: costSchema }).safeParse(extensions);
  return parsed.success ? parsed.data.cost : undefined;
}

const graphqlBody = z.object({
  extensions: z.unknown().optional(),
  errors: z.object({
    graphQLErrors: z.array(z.object({ extensions: z.object({ code: z.string() }).partial().optional() })).optional(),
  }),
});

const SERVER_TROUBLE = new Set(['INTERNAL_SERVER_ERROR', 'TIMEOUT', 'SERVICE_UNAVAILABLE']);

export function meaningOf(error: unknown): Meaning {
  if (error instanceof HttpThrottlingError) {
    const { retryAfter } = error.response;
    return { kind: 'too_many', afterMs: retryAfter === undefined ? undefined : retryAfter * 1000 };
  }
  if (error instanceof GraphqlQueryError) {
    const body = graphqlBody.safeParse(error.body);
    const codes = (body.data?.errors.graphQLErrors ?? []).map((one) => one.extensions?.code ?? 'UNKNOWN');
    if (codes.includes('THROTTLED')) return { kind: 'throttled', cost: costOf(body.data?.extensions) };
    if (codes.some((code) => SERVER_TROUBLE.has(code))) return { kind: 'away' };
    return { kind: 'refused', code: codes[0] ?? 'UNKNOWN' };
  }
  if (statusOf(error) === 401) return { kind: 'token' };
  if (isShopifyAway(error)) return { kind: 'away' };
  return { kind: 'refused', code: codeOf(error) };
}

/** Nothing came back, or a server's own failure: not a no. */
export function isShopifyAway(error: unknown): boolean {
  if (error instanceof HttpInternalError || error instanceof HttpMaxRetriesError || error instanceof HttpRequestError)
    return true;
  if (error instanceof HttpThrottlingError) return true;
  const status = statusOf(error);
  // 2xx: an answer that was none of the API's.
  if (status !== undefined) return status === 408 || status < 300;
  // fetch itself: no connection, a reset, half an answer
  return error instanceof TypeError || error instanceof SyntaxError || isAbort(error);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof HttpResponseError ? (error as HttpResponseError).response.code : undefined;
}

/** HTTP 403 …, or what kind of error it was; never its words. */
export function codeOf(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return `HTTP ${String(status)}`;
  return error instanceof Error ? error.constructor.name : 'unknown';
}
