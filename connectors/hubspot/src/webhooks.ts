/**
 * HubSpot's webhooks → our events. One request holds up to a hundred of them, in no order, with copies; every event says which
 * portal it is of. The rows themselves are not in it: what changed must be looked at.
 * https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
 */
import { fail, type PlatformEvent, type PlatformWebhooks } from '@rekindle/core';
import { verifyHubSpotSignature } from './signature.ts';
import { webhookEvent, type WebhookEvent } from './schema.ts';

export interface HubSpotWebhooksOptions {
  clientSecret: string;
}

/** `url` of a webhook must be the address that HubSpot was given, or the signature cannot be right. */
export function hubSpotWebhooks({ clientSecret }: HubSpotWebhooksOptions): PlatformWebhooks {
  return {
    platform: 'hubspot',
    read(webhook, now) {
      verifyHubSpotSignature(clientSecret, webhook, now);
      return parseBody(webhook.body).flatMap((item) => {
        // Kinds of events that came later than this code are none of our business.
        const read = webhookEvent.safeParse(item);
        return read.success ? toEvents(read.data) : [];
      });
    },
  };
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

const CONTACT = '0-1';
const DEAL = '0-3';
const NAMES: Record<string, string> = { contact: CONTACT, deal: DEAL };

/** 'contact.merge' of old and 'object.merge' with objectTypeId '0-1' say the same. */
function subject(event: WebhookEvent): { type: string | undefined; what: string } {
  const [name = '', what = ''] = event.subscriptionType.split('.');
  return { type: NAMES[name] ?? event.objectTypeId, what };
}

function toEvents(event: WebhookEvent): PlatformEvent[] {
  const { type, what } = subject(event);
  const about = {
    // Event ids are unique within a subscription only.
    vendorEventId: `${event.subscriptionId}:${event.eventId}`,
    account: event.portalId,
    at: new Date(event.occurredAt),
  };
  if (type === DEAL) return isChange(what) ? [{ ...about, kind: 'look' }] : [];
  if (type !== CONTACT) return [];
  if (what === 'privacyDeletion' && event.objectId !== undefined)
    return [{ ...about, kind: 'erase_person', externalId: event.objectId }];
  if (what === 'merge') return merges(event, about);
  return isChange(what) ? [{ ...about, kind: 'look' }] : [];
}

/** A deletion is none: a contact in the bin may be restored, and a shop may know her. Only her own wish erases her. */
function isChange(what: string): boolean {
  return ['creation', 'propertyChange', 'associationChange', 'restore'].includes(what);
}

/** All the merged ones are one person now: the primary, or a new record where HubSpot made one. */
function merges(event: WebhookEvent, about: Pick<PlatformEvent, 'vendorEventId' | 'account' | 'at'>): PlatformEvent[] {
  const { primaryObjectId, newObjectId, mergedObjectIds = [] } = event;
  const into = newObjectId ?? primaryObjectId;
  if (into === undefined) return [];
  const gone = new Set([...mergedObjectIds, ...(primaryObjectId === undefined ? [] : [primaryObjectId])]);
  gone.delete(into);
  return [...gone].map((from) => ({
    ...about,
    vendorEventId: `${about.vendorEventId}:${from}`,
    kind: 'merged',
    from,
    into,
  }));
}
