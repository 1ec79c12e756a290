/**
 * What a customer does in the shop itself, told by its web pixel: onto her timeline. Of visitors who are nobody's customer
 * nothing is kept. What a browser says is believed as far as a visit goes and no further: no order, no consent follows from it.
 */
import { createHash } from 'node:crypto';
import { storeOfPixelKey } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { believable } from './apply.ts';
import { addVisits } from './pixel.store.ts';
import { keepable, withoutQuery } from './keepable.ts';

export const PIXEL_KINDS = [
  'product_viewed',
  'product_added_to_cart',
  'checkout_started',
  'checkout_completed',
] as const;

export interface PixelEvent {
  /** The platform's own id of the event: a copy has the same */
  id: string;
  kind: (typeof PIXEL_KINDS)[number];
  at: Date;
  /** Of the person on the platform */
  customerId: string;
  /** Of the product or page */
  title?: string | undefined;
  url?: string | undefined;
}

/** Keeps what is new of people who are known. Gives how many. Throws `unauthorised` where the key is none. */
export async function recordPixelEvents(
  engine: Pick<Engine, 'database' | 'keys' | 'clock'>,
  key: string,
  platform: string,
  events: readonly PixelEvent[],
): Promise<number> {
  const storeId = storeOfPixelKey(engine.keys, key);
  if (storeId === undefined) throw fail('unauthorised', 'The pixel’s key is not one of ours.');
  const now = engine.clock.now();
  return engine.database.inStore(storeId, (tx) =>
    addVisits(
      tx,
      platform,
      events.map((event) => ({
        // Two shops' ids may be the same word; and an id is not to be read as anything.
        vendorEventId: createHash('sha256').update(event.id).digest('base64url'),
        kind: event.kind,
        at: believable(event.at, now),
        externalId: event.customerId,
        detail: {
          ...(event.title === undefined ? {} : { title: keepable(event.title) }),
          ...(event.url === undefined ? {} : { link: withoutQuery(event.url) }),
        },
      })),
    ),
  );
}
