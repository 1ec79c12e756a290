/**
 * What HubSpot signs: webhooks in batches, and the calls of a card, which go through a proxy that says who looks at it. An
 * implementation of its own, from HubSpot's page: the connector's must not be tested against itself.
 */
import { createHmac } from 'node:crypto';
import type { Clock, Random } from '@rekindle/core';
import type { WireEvent } from './portal.ts';

export interface SignedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface DeliverOptions {
  /** Copies of every event beside the first. Default 0 */
  duplicates?: number;
  /** In another order than they happened */
  shuffle?: boolean;
  /** How long ago they were signed, in milliseconds. Default 0 */
  late?: number;
}

const MOST = 100;

export function sign(
  clientSecret: string,
  request: { method: string; url: string; body: string; at: Date },
): SignedRequest {
  const { method, url, body } = request;
  const timestamp = String(request.at.getTime());
  const source = `${method}${asSigned(url)}${body}${timestamp}`;
  return {
    method,
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client)',
      'x-hubspot-request-timestamp': timestamp,
      'x-hubspot-signature-v3': createHmac('sha256', clientSecret).update(source, 'utf8').digest('base64'),
    },
    body: Buffer.from(body),
  };
}

/** The address with those percent-codes decoded that HubSpot's page lists. */
function asSigned(url: string): string {
  const codes = ['%3A', '%2F', '%3F', '%40', '%21', '%24', '%27', '%28', '%29', '%2A', '%2C', '%3B'];
  return codes.reduce((text, code) => text.replaceAll(new RegExp(code, 'gi'), () => decodeURIComponent(code)), url);
}

/** The requests that tell of these events. */
export function webhookRequests(
  context: { clientSecret: string; clock: Clock; random: Random },
  url: string,
  events: WireEvent[],
  options: DeliverOptions,
): SignedRequest[] {
  const all = events.flatMap((event) =>
    Array.from({ length: 1 + (options.duplicates ?? 0) }, (_, attemptNumber) => ({ ...event, attemptNumber })),
  );
  if (options.shuffle === true) shuffle(all, context.random);
  const at = new Date(context.clock.now().getTime() - (options.late ?? 0));
  const requests: SignedRequest[] = [];
  for (let start = 0; start < all.length; start += MOST)
    requests.push(
      sign(context.clientSecret, { method: 'POST', url, body: JSON.stringify(all.slice(start, start + MOST)), at }),
    );
  return requests;
}

/** Fisher–Yates */
function shuffle(list: unknown[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
}
