/** What a pull brings, and that it brings it once, wherever it was killed and whatever Shopify answered in between. */
import type { Connector, PullBatch, PullRequest } from '@rekindle/core';
import { describe, expect, test } from 'vitest';
import { openShop, schemaMissing, type Opened } from './fake/testing.ts';
import { shopifyConnector } from './src/index.ts';

const missing = await schemaMissing();

async function batchesOf(connector: Connector, request: PullRequest = {}): Promise<PullBatch[]> {
  const batches: PullBatch[] = [];
  for await (const batch of connector.pull(request)) batches.push(batch);
  return batches;
}

const peopleOf = (batches: PullBatch[]): string[] =>
  batches.flatMap((batch) => (batch.customers ?? []).map((one) => one.externalId)).toSorted();
const linesOf = (batches: PullBatch[]): string[] =>
  batches
    .flatMap((batch) =>
      (batch.orderLines ?? []).map((one) => `${one.orderId} ${one.lineId ?? ''} ${String(one.amount)}`),
    )
    .toSorted();
const cursorOf = (batches: PullBatch[]): unknown => {
  const cursor = batches.findLast((batch) => batch.cursor !== undefined)?.cursor;
  return cursor === undefined ? undefined : (JSON.parse(JSON.stringify(cursor)) as unknown);
};
const started = ({ fake }: Opened): number => fake.asked.filter((name) => name === 'StartBulk').length;

async function opened(
  work: (shop: Opened) => Promise<void>,
  given: Parameters<typeof openShop>[0] = {},
): Promise<void> {
  const open = await openShop(given);
  try {
    await work(open);
  } finally {
    await open.fake.close();
  }
}

describe.skipIf(missing !== undefined)(missing ?? 'with Shopify’s schema', () => {
  test('a pull that is killed at any point goes on where it was, and starts no export twice', () =>
    opened(
      async (open) => {
        const all = await batchesOf(open.connector);
        const [people, lines] = [peopleOf(all), linesOf(all)];
        expect(all.length).toBeGreaterThan(8);
        for (let kill = 0; kill < all.length; kill++) {
          // Everything that the shop was asked for before is forgotten: only this pull's own exports may be found.
          open.shop.state.operations.clear();
          const before = started(open);
          const kept: PullBatch[] = [];
          let seen = 0;
          for await (const batch of open.connector.pull({})) {
            // The last batch was given and never committed.
            if (seen++ === kill) break;
            kept.push(batch);
          }
          const rest = await batchesOf(shopifyConnector(open.options), { cursor: cursorOf(kept) });
          expect(peopleOf([...kept, ...rest])).toEqual(people);
          expect(linesOf([...kept, ...rest])).toEqual(lines);
          expect(started(open) - before).toBe(2);
        }
      },
      { customers: 30, orders: 700, fake: { bulkLooks: 2 } },
    ));

  test('an export whose start was not answered is found, not started again', () =>
    opened(async (open) => {
      // ListBulk, then StartBulk, which is done and not answered.
      open.fake.queueFaults('slow', 'reset_after');
      await expect(batchesOf(open.connector)).rejects.toMatchObject({ code: 'connector_unavailable' });
      const batches = await batchesOf(open.connector);
      expect(peopleOf(batches)).toHaveLength(open.shop.state.customers.size);
      expect(started(open)).toBe(2);
    }));

  test('everything comes once through 429, THROTTLED, 5xx, resets and expired tokens', () =>
    opened(
      async (open) => {
        const wanted = await batchesOf(open.connector);
        open.shop.state.operations.clear();
        const bad = { too_many: 0.1, throttled: 0.1, error_before: 0.1, error_after: 0.1, reset_after: 0.1 };
        open.fake.setFaults(bad);
        open.fake.queueFaults('token_expired', 'slow');
        const batches: PullBatch[] = [];
        for (let pulls = 0; pulls < 20 && batches.at(-1)?.progress !== 1; pulls++)
          try {
            for await (const batch of open.connector.pull({ cursor: cursorOf(batches) })) batches.push(batch);
          } catch (error) {
            expect(error).toMatchObject({ retryable: true });
          }
        expect(peopleOf(batches)).toEqual(peopleOf(wanted));
        expect(linesOf(batches)).toEqual(linesOf(wanted));
      },
      { fake: { bulkLooks: 3 } },
    ));

  test('a download that breaks off goes on at the line where it broke', () =>
    opened(
      async (open) => {
        const wanted = await batchesOf(open.connector);
        open.fake.breakDownloads(4);
        const batches = await batchesOf(open.connector);
        expect(peopleOf(batches)).toEqual(peopleOf(wanted));
        expect(linesOf(batches)).toEqual(linesOf(wanted));
      },
      { orders: 300 },
    ));

  test('later pulls bring what is new or changed, and a refund as a negative line', () =>
    opened(async (open) => {
      const { shop, clock, connector } = open;
      let cursor = cursorOf(await batchesOf(connector));
      expect(await batchesOf(connector, { cursor })).toEqual([]);
      expect(started(open)).toBe(2);

      clock.advance(600_000);
      const anna = shop.addCustomer({ email: 'anna@example.com', firstName: 'Anna', consent: 'SUBSCRIBED' });
      const order = shop.placeOrder({
        customerId: anna.id,
        items: [{ title: 'Tea', price: 1250, quantity: 2 }],
        shipping: 300,
      });
      const second = await batchesOf(connector, { cursor });
      expect(peopleOf(second)).toEqual([String(anna.id)]);
      expect(second.flatMap((batch) => batch.customers ?? [])).toMatchObject([
        { email: 'anna@example.com', firstName: 'Anna', consent: { state: 'subscribed', basis: 'express' } },
      ]);
      expect(second.flatMap((batch) => batch.orderLines ?? []).map(({ amount, kind }) => [kind, amount])).toEqual([
        ['sale', 2500],
        ['sale', 300],
      ]);

      cursor = cursorOf(second);
      clock.advance(600_000);
      shop.refundOrder(order.id, 1000);
      const third = (await batchesOf(connector, { cursor })).flatMap((batch) => batch.orderLines ?? []);
      expect(third.filter((line) => line.kind === 'return')).toMatchObject([
        { amount: -1000, customerId: String(anna.id), orderedAt: clock.now() },
      ]);
    }));

  test('orders that are unpaid, tests or nobody’s are left out with their reason', () =>
    opened(
      async ({ shop, connector }) => {
        const [anna] = shop.state.customers.keys();
        const items = [{ title: 'Tea', price: 500 }];
        shop.placeOrder({ customerId: anna ?? 0, items, status: 'PENDING' });
        shop.placeOrder({ customerId: anna ?? 0, items, test: true });
        shop.placeOrder({ customerId: null, items });
        const batches = await batchesOf(connector);
        expect(linesOf(batches)).toEqual([]);
        const reasons = batches.flatMap((batch) => (batch.rejected ?? []).map((row) => [row.line, row.reason]));
        expect(reasons).toEqual([
          [1, 'not_paid'],
          [3, 'test_order'],
          [5, 'no_customer'],
        ]);
      },
      { orders: 0 },
    ));

  test('money is counted in the currency’s own units', () =>
    opened(
      async ({ shop, connector }) => {
        const [anna] = shop.state.customers.keys();
        shop.placeOrder({ customerId: anna ?? 0, items: [{ title: 'お茶', price: 1200, discount: 100 }] });
        const [line] = (await batchesOf(connector)).flatMap((batch) => batch.orderLines ?? []);
        expect(line).toMatchObject({ amount: 1100, currency: 'JPY' });
      },
      { orders: 0, fake: { shops: [{ domain: 'tea.myshopify.com', currency: 'JPY' }] } },
    ));

  test('a result that is no longer kept is asked for anew', () =>
    opened(
      async (open) => {
        const kept: PullBatch[] = [];
        for await (const batch of open.connector.pull({})) {
          kept.push(batch);
          if ((batch.orderLines ?? []).length > 0) break;
        }
        for (const operation of open.shop.state.operations.values()) operation.status = 'EXPIRED';
        const failed: PullBatch[] = [];
        const again = async (): Promise<void> => {
          for await (const batch of open.connector.pull({ cursor: cursorOf(kept) })) failed.push(batch);
        };
        await expect(again()).rejects.toMatchObject({ code: 'connector_unavailable' });
        const rest = await batchesOf(open.connector, { cursor: cursorOf(failed) });
        expect(new Set(linesOf([...kept, ...rest]).map((line) => line.split(' ')[0])).size).toBe(700);
      },
      { orders: 700 },
    ));

  test('a token that may not read orders is said in a sentence', () =>
    opened(
      async ({ connector }) => {
        await expect(batchesOf(connector)).rejects.toMatchObject({
          code: 'connector_refused',
          message: expect.stringContaining('access scope') as string,
        });
      },
      { fake: { shops: [{ domain: 'tea.myshopify.com', granted: ['read_customers'] }] } },
    ));
});
