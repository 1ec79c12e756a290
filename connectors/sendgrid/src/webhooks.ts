/**
 * SendGrid's event webhook → our events. Signed with ECDSA P-256 over the timestamp and the raw body.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { fail, type ProviderEvent, type RawWebhook } from '@rekindle/core';
import { MESSAGE_ID_ARG } from './map.ts';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';
/** A signature that is older or newer is somebody's recording. SendGrid names no figure; five minutes is what others take. */
const TOLERANCE_MS = 300_000;

const KINDS: Record<string, ProviderEvent['kind']> = {
  processed: 'processed',
  delivered: 'delivered',
  deferred: 'deferred',
  open: 'open',
  click: 'click',
  bounce: 'bounce',
  dropped: 'dropped',
  spamreport: 'complaint',
  unsubscribe: 'unsubscribe',
  group_unsubscribe: 'unsubscribe',
};

const event = z.object({
  event: z.string(),
  sg_event_id: z.string().min(1).max(200),
  /** Seconds */
  timestamp: z.number().int().positive().max(8_640_000_000_000),
  [MESSAGE_ID_ARG]: z.string().max(200),
  type: z.string().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
  useragent: z.string().optional(),
  url: z.string().optional(),
  sg_machine_open: z.boolean().optional(),
});

/** The key as SendGrid's settings page shows it: base64 of the DER form. Throws `bad_configuration`. */
export function readPublicKey(base64: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch (cause) {
    throw fail('bad_configuration', 'SENDGRID_WEBHOOK_KEY is not a public key as SendGrid shows it (base64).', {
      cause,
    });
  }
}

/** Checks the signature and reads the events. Throws `unauthorised` or `bad_request`. */
export function readEvents(key: KeyObject, webhook: RawWebhook, now: Date): ProviderEvent[] {
  authenticate(key, webhook, now);
  return parseBody(webhook.body).flatMap((item) => {
    // Other mail of the same account, and kinds of events that came later than this code, are none of our business.
    const read = event.safeParse(item);
    return read.success ? toEvent(read.data) : [];
  });
}

/** Checks who sent a webhook. Throws `unauthorised`. */
export function authenticate(key: KeyObject, { headers, body }: RawWebhook, now: Date): void {
  const signature = header(headers, SIGNATURE);
  const timestamp = header(headers, TIMESTAMP);
  if (signature === undefined || timestamp === undefined) throw fail('unauthorised', 'The webhook is not signed.');
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64')))
    throw fail('unauthorised', 'The webhook’s signature is wrong.');
  const age = now.getTime() - Number(timestamp) * 1000;
  if (!(Math.abs(age) <= TOLERANCE_MS))
    throw fail('unauthorised', 'The webhook’s signature is too old, or a clock is wrong.');
}

function header(headers: Record<string, string>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function parseBody(body: Uint8Array): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw fail('bad_request', 'The webhook’s body is not JSON.', { cause });
  }
  if (!Array.isArray(parsed)) throw fail('bad_request', 'The webhook’s body is not a list of events.');
  return parsed;
}

function toEvent(item: z.infer<typeof event>): ProviderEvent[] {
  const kind = KINDS[item.event];
  if (!kind) return [];
  return [
    {
      vendorEventId: item.sg_event_id,
      kind,
      at: new Date(item.timestamp * 1000),
      messageId: item[MESSAGE_ID_ARG],
      permanent: kind === 'bounce' ? isPermanent(item) : undefined,
      userAgent: item.useragent,
      machine: item.sg_machine_open,
      url: item.url,
      reason: item.reason ?? item.response,
    },
  ];
}

/** SendGrid calls a refusal by reputation "blocked"; a full mailbox (x.2.2, RFC 3463) and 4.x.x may pass too. */
function isPermanent(item: { type?: string | undefined; status?: string | undefined }): boolean {
  return item.type !== 'blocked' && !/^4|^5\.2\.2$/.test(item.status ?? '');
}
