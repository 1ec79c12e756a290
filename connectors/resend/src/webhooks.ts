/** Resend's webhooks → our events. One event a webhook. https://resend.com/docs/webhooks/event-types */
import { z } from 'zod';
import { fail, type ProviderEvent, type RawWebhook } from '@rekindle/core';
import { MESSAGE_ID_TAG } from './map.ts';
import { authenticate } from './signature.ts';

const KINDS: Record<string, ProviderEvent['kind']> = {
  'email.sent': 'processed',
  'email.delivered': 'delivered',
  'email.delivery_delayed': 'deferred',
  'email.opened': 'open',
  'email.clicked': 'click',
  'email.bounced': 'bounce',
  'email.failed': 'dropped',
  'email.suppressed': 'dropped',
  'email.complained': 'complaint',
};

const instant = z.iso.datetime({ offset: true });
const visit = z.object({
  timestamp: instant.optional(),
  userAgent: z.string().optional(),
  link: z.string().optional(),
});
const shape = z.object({
  type: z.string(),
  created_at: instant,
  data: z.object({
    // The reference says a list, its examples show an object.
    tags: z.union([
      z.record(z.string(), z.string()),
      z
        .array(z.object({ name: z.string(), value: z.string() }))
        .transform((tags) => Object.fromEntries(tags.map(({ name, value }) => [name, value]))),
    ]),
    bounce: z.object({ type: z.string().optional(), message: z.string().optional() }).optional(),
    failed: z.object({ reason: z.string().optional() }).optional(),
    suppressed: z.object({ message: z.string().optional() }).optional(),
    open: visit.optional(),
    click: visit.optional(),
  }),
});

/** Checks the signature and reads the event. Throws `unauthorised` or `bad_request`. */
export function readEvents(key: Buffer, webhook: RawWebhook, now: Date): ProviderEvent[] {
  const id = authenticate(key, webhook, now);
  const body = parseBody(webhook.body);
  // Other mail of the same account, and kinds of events that came later than this code, are none of our business.
  const read = shape.safeParse(body);
  return read.success ? toEvent(id, read.data) : [];
}

function parseBody(body: Uint8Array): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw fail('bad_request', 'The webhook’s body is not JSON.', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || !('type' in parsed))
    throw fail('bad_request', 'The webhook’s body is not an event.');
  return parsed;
}

function toEvent(vendorEventId: string, { type, created_at, data }: z.infer<typeof shape>): ProviderEvent[] {
  const kind = KINDS[type];
  const messageId = data.tags[MESSAGE_ID_TAG];
  if (!kind || messageId === undefined || messageId.length > 200) return [];
  const seen = data.click ?? data.open;
  return [
    {
      vendorEventId,
      kind,
      at: new Date(seen?.timestamp ?? created_at),
      messageId,
      // Permanent, Transient or Undetermined: only the first says that the mailbox is none.
      permanent: kind === 'bounce' ? data.bounce?.type?.toLowerCase() === 'permanent' : undefined,
      userAgent: seen?.userAgent,
      url: data.click?.link,
      reason: data.bounce?.message ?? data.failed?.reason ?? data.suppressed?.message,
    },
  ];
}
