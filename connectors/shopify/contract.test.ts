import { describe, expect, test } from 'vitest';
import { commerceChecks, commerceContract, failedChecks, type CommerceSubject } from '@rekindle/connector-contract';
import type { Connector } from '@rekindle/core';
import { standing } from './fake/index.ts';
import { openShop, schemaMissing } from './fake/testing.ts';

/** Without Shopify's schema there is no fake: the tests are skipped, and the name of the skipped says why. */
const missing = await schemaMissing();

const MIDWAY = new Date('2026-01-25T12:00:00Z');

async function subject(change: (connector: Connector) => Partial<Connector> = () => ({})): Promise<CommerceSubject> {
  const { fake, shop, connector } = await openShop();
  const [first] = shop.state.orders.values();
  if (!first) throw new Error('a seeded shop has orders');
  shop.refundOrder(first.id, 300);
  const orders = [...shop.state.orders.values()];
  const refunds = (until: Date): string[] =>
    orders.flatMap((order) =>
      order.refunds
        .filter((refund) => refund.createdAt <= until)
        .map((refund) => `${String(order.id)} refund ${String(refund.id)}`),
    );
  const lines = (until: Date): string[] => [
    ...orders
      .filter((order) => order.processedAt <= until)
      .flatMap((order) =>
        Array.from({ length: order.items.length + (order.shipping > 0 ? 1 : 0) }, () => String(order.id)),
      ),
    ...refunds(until),
  ];
  const person = [...shop.state.customers.values()].find(
    (one) => one.email !== null && one.consent.state === 'SUBSCRIBED',
  );
  return {
    connector: { ...connector, ...change(connector) },
    holds: {
      customers: [...shop.state.customers.keys()].map(String),
      orderLines: lines(new Date('2100-01-01')),
    },
    midway: MIDWAY,
    holdsUntilMidway: lines(MIDWAY),
    stands: () => standing(shop),
    subjectId: (kind) => (kind === 'outcome' ? '4d4ce8b4-6f43-4e0a-9f0e-2f3f6f1f0001' : String(person?.id)),
    close: fake.close,
  };
}

describe.skipIf(missing !== undefined)(missing ?? 'with the schema', () => {
  commerceContract('Shopify', () => subject());
});

describe.skipIf(missing !== undefined)('the contract catches a Shopify connector that', () => {
  const broken: Record<string, (connector: Connector) => Partial<Connector>> = {
    'forgets where it was': (connector) => ({ pull: ({ until }) => connector.pull(until ? { until } : {}) }),
    'looks into the future': (connector) => ({ pull: ({ cursor }) => connector.pull({ cursor }) }),
    'says that all went well and sends nothing': () => ({
      push: (records) => Promise.resolve(records.map(({ id }) => ({ id, ok: true as const }))),
    }),
  };
  test.each(Object.entries(broken))('%s', async (_, change) => {
    expect(await failedChecks(commerceChecks, () => subject(change))).not.toEqual([]);
  });
});
