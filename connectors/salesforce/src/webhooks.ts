/**
 * What the package tells by itself: that records have changed, that two have become one, that a person is to be forgotten. It
 * posts ids and nothing of a person, signed with the connection's own key; what they are now is read by a pull.
 *
 * X-Rekindle-Signature: base64 of HMAC-SHA256 over the raw body. The body says when it was sent, so an old one is seen.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, type PlatformEvent, type PlatformWebhooks, type RawWebhook } from '@rekindle/core';
import { z } from 'zod';
import { recordId } from './schema.ts';

const SIGNATURE = 'x-rekindle-signature';
/** A signature is believed for so long, forward and backward. */
const TOLERANCE_MS = 5 * 60_000;
const LARGEST = 256 * 1024;

const telling = z.object({
  /** Made anew for every telling; a copy has the same */
  id: z.string().min(8).max(64),
  organisation: recordId,
  sentAt: z.iso.datetime({ offset: true }),
  changes: z
    .array(
      z.discriminatedUnion('what', [
        z.object({ what: z.literal('changed'), id: recordId }),
        z.object({ what: z.literal('merged'), id: recordId, into: recordId }),
        z.object({ what: z.literal('erased'), id: recordId }),
      ]),
    )
    .max(2000),
});

export interface SalesforceWebhooksOptions {
  /** The key that the connection to this organisation was given; undefined where there is none. */
  keyOf: (organisation: string) => string | Uint8Array | undefined;
}

export function salesforceWebhooks({ keyOf }: SalesforceWebhooksOptions): PlatformWebhooks {
  return {
    platform: 'salesforce',
    read(webhook, now) {
      const parsed = telling.safeParse(parseBody(webhook.body));
      // Whose key it is stands in the body, so it is read before it is believed. Nothing else happens before.
      const key = parsed.success ? keyOf(parsed.data.organisation) : undefined;
      if (parsed.success && key === undefined)
        throw fail('unauthorised', 'No store is connected to this organisation.');
      if (!parsed.success || key === undefined)
        throw fail('bad_request', 'The webhook’s body is not what the package sends.');
      authenticate(key, webhook);
      const { organisation, sentAt } = parsed.data;
      const at = new Date(sentAt);
      if (!(Math.abs(now.getTime() - at.getTime()) <= TOLERANCE_MS))
        throw fail('unauthorised', 'The webhook is too old, or a clock is wrong.');
      return toEvents(parsed.data, { account: organisation, at });
    },
  };
}

/** The signature that belongs to a body: for the fake and for whoever checks an installation. */
export function signWebhook(key: string | Uint8Array, body: Uint8Array): string {
  return createHmac('sha256', key).update(body).digest('base64');
}

function authenticate(key: string | Uint8Array, { headers, body }: RawWebhook): void {
  const told = headers[SIGNATURE] ?? Object.entries(headers).find(([name]) => name.toLowerCase() === SIGNATURE)?.[1];
  if (told === undefined) throw fail('unauthorised', 'The webhook is not signed.');
  const wanted = createHmac('sha256', key).update(body).digest();
  const given = Buffer.from(told, 'base64');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw fail('unauthorised', 'The webhook’s signature is wrong.');
}

function parseBody(body: Uint8Array): unknown {
  if (body.length > LARGEST) throw fail('too_large', 'The webhook is larger than the package ever sends.');
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw fail('bad_request', 'The webhook’s body is not JSON.');
  }
}

/** Any number of changed records are one reason to look. */
function toEvents(told: z.infer<typeof telling>, about: { account: string; at: Date }): PlatformEvent[] {
  const events = told.changes.flatMap((change): PlatformEvent[] => {
    const vendorEventId = `${told.id}:${change.what}:${change.id}`;
    if (change.what === 'erased') return [{ ...about, vendorEventId, kind: 'erase_person', externalId: change.id }];
    if (change.what === 'merged')
      return [{ ...about, vendorEventId, kind: 'merged', from: change.id, into: change.into }];
    return [];
  });
  const look = told.changes.some(({ what }) => what !== 'erased');
  return look ? [...events, { ...about, vendorEventId: `${told.id}:look`, kind: 'look' }] : events;
}
