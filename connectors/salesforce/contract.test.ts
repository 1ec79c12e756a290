import { describe, expect, test } from 'vitest';
import { commerceChecks, commerceContract, failedChecks, type CommerceSubject } from '@rekindle/connector-contract';
import type { Connector } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { connectTo, startSalesforceFake } from './fake/index.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 12);
const day = (number: number): string => new Date(START + number * DAY).toISOString().slice(0, 10);

async function subject(change: (connector: Connector) => Connector = (same) => same): Promise<CommerceSubject> {
  const clock = fakeClock('2026-03-01T10:00:00Z');
  const fake = await startSalesforceFake({ clock });
  const contacts = Array.from({ length: 11 }, (_, i) =>
    fake.addContact({
      firstName: 'Ana',
      lastName: `N${String(i)}`,
      email: `ana${String(i)}@example.com`,
      country: 'Spain',
    }),
  );
  const leads = [0, 1, 2].map((i) =>
    fake.addLead({ lastName: `L${String(i)}`, email: `lead${String(i)}@example.com` }),
  );
  const orders = Array.from({ length: 40 }, (_, i) => ({
    contact: contacts[i % contacts.length],
    amount: 10.5 + i,
    // Not in the order of time.
    closeDate: day((i * 7) % 30),
  }));
  const ids = orders.map((order, i) =>
    // Some have no primary contact, only others with a role.
    i % 5 === 0
      ? fake.addOpportunity({ ...order, contact: undefined, others: [order.contact ?? ''] })
      : fake.addOpportunity(order),
  );
  // Not ours: nobody's, not won, and without an amount.
  fake.addOpportunity({ amount: 5, closeDate: day(3) });
  fake.addOpportunity({ contact: contacts[0], amount: 5, closeDate: day(3), stage: 'Negotiation' });
  fake.addOpportunity({ contact: contacts[0], amount: null, closeDate: day(3) });
  clock.advance(DAY);
  const midway = new Date(START + 14 * DAY);
  return {
    connector: change(connectTo(fake, { clock, pageRows: 7 })),
    holds: { customers: [...contacts, ...leads], orderLines: ids },
    midway,
    holdsUntilMidway: ids.filter((_, i) => (i * 7) % 30 <= 14),
    stands: () => ['Contact', 'Lead', 'Campaign', 'CampaignMember'].flatMap((object) => fake.records(object)),
    subjectId: (kind) =>
      ({
        score: contacts[4] ?? '',
        consent: contacts[5] ?? '',
        outcome: '11111111-1111-8111-8111-111111111111',
        touch: '22222222-2222-8222-8222-222222222222',
      })[kind],
    close: fake.close,
  };
}

commerceContract('Salesforce', () => subject());

describe('a broken Salesforce connector is found', () => {
  interface Break {
    change: (connector: Connector) => Connector;
    /** The check that must fail; another one goes on passing */
    fails: string;
    passes: string;
  }
  const broken: Record<string, Break> = {
    'that loses a page': {
      change: (connector) => ({
        ...connector,
        async *pull(request) {
          let place = 0;
          for await (const batch of connector.pull(request)) if (place++ !== 3) yield batch;
        },
      }),
      fails: 'gives every row once',
      passes: 'takes back what it says it takes, and a repeat changes nothing',
    },
    'that forgets where it was': {
      change: (connector) => ({ ...connector, pull: ({ until }) => connector.pull(until ? { until } : {}) }),
      fails: 'goes on at every cursor, without a gap and without a repeat',
      passes: 'gives every row once',
    },
    'that knows the future': {
      change: (connector) => ({ ...connector, pull: ({ cursor }) => connector.pull({ cursor }) }),
      fails: 'knows nothing of orders after `until`, and gives them later',
      passes: 'gives every row once',
    },
    'that keeps silent about a record the second time': {
      change: (connector) => {
        let pushed = 0;
        return { ...connector, push: (records) => connector.push(pushed++ < 2 ? records : records.slice(1)) };
      },
      fails: 'takes back what it says it takes, and a repeat changes nothing',
      passes: 'gives every row once',
    },
  };
  test.each(Object.entries(broken))('one %s', async (_, { change, fails, passes }) => {
    const wanted = commerceChecks.filter(({ name }) => name === fails || name === passes);
    expect(wanted).toHaveLength(2);
    expect(await failedChecks(wanted, () => subject(change))).toEqual([fails]);
  });
});
