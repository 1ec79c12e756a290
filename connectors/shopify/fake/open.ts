/** A connector that is signed in at the fake, as tests and the local run need it: tokens by a real exchange, kept in memory. */
import type { Credentials } from '@rekindle/core';
import type { FakeShop, ShopifyFake } from './server.ts';

/** A vault of one connection: what `renew` gives is kept, one renewal at a time. */
export function memoryCredentials(first?: unknown): Credentials & { kept(): unknown } {
  let kept = first;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    kept: () => kept,
    read: () => Promise.resolve(kept),
    renew(renew) {
      const mine = turn.then(async () => {
        kept = await renew(kept);
        return kept;
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** What the fake's app is called, as a connector wants to know it. */
export function fakeApp(
  fake: ShopifyFake,
  url = 'https://app.rekindle.example',
): {
  apiKey: string;
  apiSecret: string;
  url: string;
} {
  return { ...fake.app, url };
}

/** Everything that came back to a shop of the fake and stands there. */
export function standing(shop: FakeShop): unknown[] {
  const { metafields, activities, engagements, consents } = shop.state;
  return [
    ...[...metafields.values()].map(({ ownerId, key, value }) => ({ ownerId, key, value })),
    ...[...activities.values()].map(({ input }) => input),
    ...[...engagements].map(([day, figures]) => ({ day, figures })),
    ...[...consents].map(([id, consent]) => ({ id, consent })),
  ];
}
