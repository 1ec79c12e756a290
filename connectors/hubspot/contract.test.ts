/** HubSpot's connector and its fake keep the contract, through the vendor's own client; and a connector that is broken does not. */
import { describe, expect, test } from 'vitest';
import { commerceChecks, commerceContract, failedChecks, type CommerceSubject } from '@rekindle/connector-contract';
import type { Connector, WriteBackKind } from '@rekindle/core';
import { connectedHubSpot } from './fake/connected.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 9);
const MIDWAY = new Date(START + 60 * DAY);
const CONTACTS = 130;
const DEALS = 250;

async function subject(change: (connector: Connector) => Partial<Connector> = () => ({})): Promise<CommerceSubject> {
  const { fake, clock, connector } = await connectedHubSpot(new Date(START + 200 * DAY));
  const now = clock.now();
  const people: string[] = [];
  for (let number = 0; number < CONTACTS; number++) {
    // A crowd that changed at one and the same instant, as an import leaves it.
    clock.set(new Date(START + Math.min(number, 90) * DAY));
    people.push(
      fake.addContact({
        email: `person${String(number)}@example.com`,
        firstname: 'Anna',
        ...(number % 5 === 0 && { hs_legal_basis: 'Freely given consent from contact' }),
        ...(number % 7 === 0 && { hs_email_optout: 'true' }),
      }),
    );
  }
  const orders: { id: string; at: Date }[] = [];
  for (let number = 0; number < DEALS; number++) {
    const closedAt = new Date(START + ((number * 7) % 120) * DAY);
    clock.set(closedAt);
    const id = fake.addDeal({
      contactId: people[number % people.length] ?? '',
      amount: `${String(20 + number)}.5`,
      closedAt,
      stage: number % 6 === 5 ? 'open' : 'won',
      ...(number % 4 === 0 && { currency: 'USD' }),
    });
    if (number % 6 !== 5) orders.push({ id, at: closedAt });
  }
  fake.addDeal({ amount: '10', closedAt: new Date(START) });
  clock.set(now);
  const person = people[3] ?? '';
  return {
    connector: { ...connector, ...change(connector) },
    holds: { customers: people, orderLines: orders.map(({ id }) => id) },
    midway: MIDWAY,
    holdsUntilMidway: orders.filter(({ at }) => at <= MIDWAY).map(({ id }) => id),
    stands: () => [fake.contact(person), fake.timeline(person), fake.campaigns()],
    subjectId: (kind: WriteBackKind) => (kind === 'score' || kind === 'consent' ? person : `rekindle-${kind}`),
    close: () => fake.close(),
  };
}

commerceContract('HubSpot', subject);

describe('the contract catches a HubSpot connector that', () => {
  const broken: Record<string, (connector: Connector) => Partial<Connector>> = {
    'stops after its first page': (connector) => ({
      async *pull(request) {
        for await (const batch of connector.pull(request)) {
          yield batch;
          return;
        }
      },
    }),
    'forgets where it was': (connector) => ({
      pull: ({ until }) => connector.pull(until === undefined ? {} : { until }),
    }),
    'looks into the future': (connector) => ({ pull: ({ cursor }) => connector.pull({ cursor }) }),
    'counts money in whole units': (connector) => ({
      async *pull(request) {
        for await (const batch of connector.pull(request))
          yield {
            ...batch,
            ...(batch.orderLines && {
              orderLines: batch.orderLines.map((line) => ({ ...line, amount: line.amount / 100 })),
            }),
          };
      },
    }),
    'writes nothing and says it did': () => ({
      push: (records) => Promise.resolve(records.map(({ id }) => ({ id, ok: false, retryable: true, error: 'x' }))),
    }),
  };
  test.each(Object.entries(broken))('%s', async (_, change) => {
    expect(await failedChecks(commerceChecks, () => subject(change))).not.toEqual([]);
  });
});
