/**
 * A provider's webhook: verify, then record everything in one transaction. Answering 200 is the caller's, after this has
 * returned: what was acknowledged is committed. Whatever goes wrong on our side is thrown, so that the vendor tries again.
 */
import { createHash } from 'node:crypto';
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail, RekindleError } from '../errors.ts';
import type { ProviderEvent, RawWebhook } from '../ports.ts';
import { applyEvents, believable, type Applied } from './apply.ts';
import type { IncomingEvent } from './event.ts';
import { park } from './inbox.store.ts';
import { keepable, withoutQuery } from './keepable.ts';

/**
 * Records a webhook's events. Throws `unauthorised` for a wrong signature, `bad_request` for a body that is not the
 * vendor's, `not_found` for a source that does not mail for us or a store that is none.
 */
export async function receiveEvents(
  engine: Engine,
  storeId: string,
  source: string,
  raw: RawWebhook,
): Promise<Applied> {
  if (source !== engine.email.name) throw fail('not_found', `No mail goes out through ${source}.`);
  const now = engine.clock.now();
  const events = engine.email.readEvents(raw, now);
  try {
    const applied = await engine.database.inStore(storeId, async (tx) => {
      await loadStore(tx);
      return applyEvents(
        tx,
        engine.keys,
        source,
        events.map((event) => incoming(event, now)),
      );
    });
    for (const { kind, at } of events) {
      engine.meter?.count('events', { kind });
      engine.meter?.time('event_lag', {}, Math.max(0, (now.getTime() - at.getTime()) / 1000));
    }
    return applied;
  } catch (error) {
    if (error instanceof RekindleError && error.code === 'not_found') throw error;
    // The vendor will try again; that it is also kept here lets us go on where the vendor gives up. Where the database is
    // what failed this fails too, and only the vendor's second try is left.
    await engine.database
      .inStore(storeId, (tx) =>
        park(tx, { source, key: keyOf(raw.body), body: JSON.stringify(events), at: now, error }),
      )
      .catch(() => undefined);
    throw error;
  }
}

/** A provider's event as the recorder takes it. */
export function incoming(event: ProviderEvent, now: Date): IncomingEvent {
  return {
    vendorEventId: keepable(event.vendorEventId),
    kind: event.kind,
    at: believable(event.at, now),
    messageId: event.messageId,
    detail: {
      userAgent: event.userAgent === undefined ? undefined : keepable(event.userAgent),
      link: event.url === undefined ? undefined : withoutQuery(event.url),
      machine: event.machine,
      permanent: event.permanent,
      reason: event.reason === undefined ? undefined : keepable(event.reason),
    },
  };
}

function keyOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
