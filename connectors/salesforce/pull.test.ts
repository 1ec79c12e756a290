import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Connector, PullBatch, PullRequest, SourceCustomer, SourceOrderLine } from '@rekindle/core';
import { fakeClock, type FakeClock } from '@rekindle/core/testing';
import { connectTo, memoryVault, seedPeople, startSalesforceFake, type SalesforceFake } from './fake/index.ts';

const MINUTE = 60_000;
let clock: FakeClock;
let fake: SalesforceFake;
beforeEach(async () => {
  clock = fakeClock('2026-03-01T10:00:00Z');
  fake = await startSalesforceFake({ clock, queryRows: 2000 });
});
afterEach(() => fake.close());

interface Pulled {
  customers: SourceCustomer[];
  orderLines: SourceOrderLine[];
  rejected: string[];
  merged: { from: string; into: string }[];
  cursor: unknown;
}

async function pull(connector: Connector, request: PullRequest = {}): Promise<Pulled> {
  const pulled: Pulled = { customers: [], orderLines: [], rejected: [], merged: [], cursor: request.cursor };
  for await (const batch of connector.pull(request)) take(pulled, batch);
  return pulled;
}

function take(pulled: Pulled, batch: PullBatch): void {
  pulled.customers.push(...(batch.customers ?? []));
  pulled.orderLines.push(...(batch.orderLines ?? []));
  pulled.rejected.push(...(batch.rejected ?? []).map(({ reason }) => reason));
  pulled.merged.push(...(batch.merged ?? []));
  if (batch.cursor !== undefined) pulled.cursor = JSON.parse(JSON.stringify(batch.cursor)) as unknown;
}

describe('who and what', () => {
  test('a contact with all that is known of her', async () => {
    const contact = fake.addContact({
      firstName: 'Ana',
      lastName: 'O’Neill, "Ana"',
      email: 'ana@example.com',
      phone: '+34 600 000 000',
      country: 'España',
      optedOut: true,
    });
    const { customers } = await pull(connectTo(fake, { clock }));
    expect(customers).toEqual([
      {
        externalId: contact,
        email: 'ana@example.com',
        emailVerified: true,
        phone: '+34 600 000 000',
        firstName: 'Ana',
        lastName: 'O’Neill, "Ana"',
        country: 'ES',
        consent: { state: 'unsubscribed', basis: 'none', at: clock.now() },
        createdAt: clock.now(),
      },
    ]);
  });

  test('not opted out is silence; a lead’s address and one that bounced are not proven', async () => {
    fake.addContact({ lastName: 'A', email: 'a@example.com', bouncedAt: '2026-01-01T00:00:00Z', country: 'Nowhere' });
    fake.addLead({ lastName: 'B', email: 'b@example.com', country: 'uk' });
    const { customers } = await pull(connectTo(fake, { clock }));
    expect(customers.map(({ emailVerified, consent, country }) => ({ emailVerified, consent, country }))).toEqual([
      { emailVerified: false, consent: undefined, country: undefined },
      { emailVerified: false, consent: undefined, country: 'GB' },
    ]);
  });

  test('won opportunities are orders; large, negative, nobody’s and empty ones are read for what they are', async () => {
    const ana = fake.addContact({ lastName: 'Ana' });
    const ben = fake.addContact({ lastName: 'Ben' });
    const sale = fake.addOpportunity({ contact: ana, others: [ben], amount: 12_500_000.25, closeDate: '2026-02-01' });
    const refund = fake.addOpportunity({ others: [ben, ana], amount: -20.5, closeDate: '2026-02-02' });
    fake.addOpportunity({ amount: 5, closeDate: '2026-02-03' });
    fake.addOpportunity({ contact: ana, amount: null, closeDate: '2026-02-03' });
    fake.addOpportunity({ contact: ana, amount: 7, closeDate: '2026-02-03', stage: 'Closed Lost' });
    const { orderLines, rejected } = await pull(connectTo(fake, { clock }));
    expect(orderLines).toMatchObject([
      { orderId: sale, customerId: ana, kind: 'sale', amount: 1_250_000_025, currency: 'EUR' },
      { orderId: refund, customerId: ben, kind: 'return', amount: -2050 },
    ]);
    expect(orderLines[0]?.orderedAt).toEqual(new Date('2026-02-01T12:00:00Z'));
    expect(rejected).toEqual(['no_customer', 'bad_amount']);
  });

  test('where there are several currencies each order says its own', async () => {
    const rich = await startSalesforceFake({ clock, currencies: true });
    const ana = rich.addContact({ lastName: 'Ana' });
    rich.addOpportunity({ contact: ana, amount: 1500, closeDate: '2026-02-01', currency: 'JPY' });
    const { orderLines } = await pull(connectTo(rich, { clock }));
    expect(orderLines).toMatchObject([{ amount: 1500, currency: 'JPY' }]);
    await rich.close();
  });
});

describe('what has changed', () => {
  test('only what is new or other since, each once, and nothing when nothing is', async () => {
    const connector = connectTo(fake, { clock });
    const [ana, ben] = [fake.addContact({ lastName: 'Ana' }), fake.addContact({ lastName: 'Ben' })];
    const order = fake.addOpportunity({ contact: ana, amount: 10, closeDate: '2026-02-01' });
    clock.advance(10_000);
    let { cursor } = await pull(connector);
    const carla = fake.addContact({ lastName: 'Carla' });
    clock.advance(10_000);
    const first = await pull(connector, { cursor });
    expect(first.customers.map((one) => one.externalId)).toEqual([carla]);
    clock.advance(30 * MINUTE);
    fake.change(ben, { HasOptedOutOfEmail: true });
    fake.change(order, { Amount: 12 });
    const at = clock.now();
    clock.advance(10_000);
    const second = await pull(connector, { cursor: first.cursor });
    expect(second.customers).toMatchObject([{ externalId: ben, consent: { state: 'unsubscribed', at } }]);
    expect(second.orderLines).toMatchObject([{ orderId: order, lineId: order, amount: 1200 }]);
    ({ cursor } = second);
    for (const later of [0, MINUTE, 10 * MINUTE]) {
      clock.advance(later);
      const nothing = await pull(connector, { cursor });
      expect([nothing.customers, nothing.orderLines]).toEqual([[], []]);
      ({ cursor } = nothing);
    }
  });

  test('what was changed shortly before the first pull is not told again by the second, whatever page it stood on', async () => {
    const connector = connectTo(fake, { clock, pageRows: 5 });
    const { contacts } = seedPeople(fake, { seed: 1, contacts: 12, leads: 0, until: clock.now() });
    clock.advance(MINUTE);
    const first = await pull(connector);
    expect(first.customers).toHaveLength(contacts.length);
    const second = await pull(connector, { cursor: first.cursor });
    expect([second.customers, second.orderLines]).toEqual([[], []]);
  });

  test('changed twice in the second of a pull: stamps know no finer, so it is told twice rather than not at all', async () => {
    const connector = connectTo(fake, { clock });
    const ana = fake.addContact({ lastName: 'Ana', email: 'old@example.com' });
    const { cursor } = await pull(connector);
    fake.change(ana, { Email: 'new@example.com' });
    const changed = await pull(connector, { cursor });
    fake.change(ana, { Email: 'newest@example.com' });
    const again = await pull(connector, { cursor: changed.cursor });
    expect([...changed.customers, ...again.customers].map((one) => one.email)).toEqual([
      'new@example.com',
      'newest@example.com',
    ]);
  });

  test('an order’s day comes, and it is told although nobody touched it', async () => {
    const connector = connectTo(fake, { clock });
    const ana = fake.addContact({ lastName: 'Ana' });
    const order = fake.addOpportunity({ contact: ana, amount: 10, closeDate: '2026-03-10' });
    clock.advance(60 * MINUTE);
    let { cursor, orderLines } = await pull(connector, { until: clock.now() });
    expect(orderLines).toEqual([]);
    clock.set('2026-03-10T11:59:00Z');
    ({ cursor, orderLines } = await pull(connector, { cursor, until: clock.now() }));
    expect(orderLines).toEqual([]);
    clock.set('2026-03-10T12:00:00Z');
    ({ cursor, orderLines } = await pull(connector, { cursor, until: clock.now() }));
    expect(orderLines.map((line) => line.orderId)).toEqual([order]);
    ({ orderLines } = await pull(connector, { cursor, until: clock.now() }));
    expect(orderLines).toEqual([]);
  });

  test('a deleted order is worth nothing, a deleted contact is left alone', async () => {
    const connector = connectTo(fake, { clock });
    const ana = fake.addContact({ lastName: 'Ana' });
    const order = fake.addOpportunity({ contact: ana, amount: 10, closeDate: '2026-02-01' });
    const { cursor } = await pull(connector);
    clock.advance(10 * MINUTE);
    fake.remove(order);
    fake.remove(ana);
    const { customers, orderLines } = await pull(connector, { cursor });
    expect(customers).toEqual([]);
    expect(orderLines).toMatchObject([{ orderId: order, lineId: order, kind: 'return', amount: 0 }]);
  });

  test('a lead that became a contact, and a contact that became part of another, are told as such', async () => {
    const connector = connectTo(fake, { clock });
    const lead = fake.addLead({ lastName: 'Ana', email: 'ana@example.com' });
    const ben = fake.addContact({ lastName: 'Ben' });
    const twin = fake.addContact({ lastName: 'Ben' });
    fake.addOpportunity({ contact: twin, amount: 10, closeDate: '2026-02-01' });
    clock.advance(10_000);
    const { cursor } = await pull(connector);
    clock.advance(10 * MINUTE);
    const contact = fake.convertLead(lead);
    fake.mergeContacts(ben, twin);
    const { customers, merged, orderLines } = await pull(connector, { cursor });
    expect(customers).toMatchObject([{ externalId: contact, email: 'ana@example.com', emailVerified: true }]);
    expect(merged).toEqual([
      { from: twin, into: ben },
      { from: lead, into: contact },
    ]);
    // Whose it was is the same person now: nothing of the order has changed.
    expect(orderLines).toEqual([]);
    const afresh = await pull(connectTo(fake, { clock }));
    expect(afresh.customers.map((one) => one.externalId)).toEqual([ben, contact]);
  });

  test('more than fits into one answer comes page by page, and goes on behind the last row', async () => {
    const connector = connectTo(fake, { clock });
    const before = await pull(connector);
    clock.advance(10 * MINUTE);
    const ids = Array.from({ length: 4500 }, (_, i) => fake.addContact({ lastName: `N${String(i)}` }));
    const stopped: Pulled = { customers: [], orderLines: [], rejected: [], merged: [], cursor: before.cursor };
    for await (const batch of connector.pull({ cursor: before.cursor })) {
      take(stopped, batch);
      break;
    }
    expect(stopped.customers).toHaveLength(2000);
    const rest = await pull(connectTo(fake, { clock }), { cursor: stopped.cursor });
    expect([...stopped.customers, ...rest.customers].map((one) => one.externalId).toSorted()).toEqual(ids.toSorted());
  });
});

test('an answer that is not all of it is read to its end', async () => {
  const small = await startSalesforceFake({ clock, queryRows: 50 });
  const connector = connectTo(small, { clock });
  const { cursor } = await pull(connector);
  clock.advance(10 * MINUTE);
  const ids = Array.from({ length: 120 }, (_, i) => small.addContact({ lastName: `N${String(i)}` }));
  ids.forEach((contact, i) => small.addOpportunity({ others: [contact], amount: i, closeDate: '2026-02-01' }));
  const { customers, orderLines } = await pull(connector, { cursor });
  expect(customers.map((one) => one.externalId)).toEqual(ids);
  expect(orderLines.map((line) => line.customerId)).toEqual(ids);
  await small.close();
});

test('killed anywhere, under any fault, and carried on by another process: every row is told', async () => {
  const { contacts, leads, opportunities } = seedPeople(fake, { seed: 1, contacts: 12, leads: 5, until: clock.now() });
  clock.advance(10 * MINUTE);
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(fc.nat(5), { maxLength: 8 }), async (seed, kills) => {
      const credentials = memoryVault();
      const got = { people: new Set<string>(), orders: new Set<string>() };
      let cursor: unknown;
      const faults = {
        reset_before: 0.04,
        reset_after: 0.04,
        unavailable: 0.04,
        too_many: 0.04,
        truncated: 0.04,
        expired: 0.04,
      };
      fake.setFaults(seed % 2 === 0 ? faults : {});
      for (let life = 0; ; life++) {
        expect(life).toBeLessThan(60);
        const connector = connectTo(fake, { clock, credentials, pageRows: 5 });
        let left = kills[life] ?? Number.POSITIVE_INFINITY;
        let killed = false;
        try {
          for await (const batch of connector.pull({ cursor })) {
            // A kill before the commit loses the batch and its cursor with it.
            if (left-- <= 0) {
              killed = true;
              break;
            }
            for (const one of batch.customers ?? []) got.people.add(one.externalId);
            for (const line of batch.orderLines ?? []) got.orders.add(line.orderId);
            if (batch.cursor !== undefined) cursor = JSON.parse(JSON.stringify(batch.cursor));
          }
          if (!killed) break;
        } catch (error) {
          expect(error).toMatchObject({ code: 'connector_unavailable' });
        }
      }
      expect([...got.people].toSorted()).toEqual([...contacts, ...leads].toSorted());
      expect([...got.orders].toSorted()).toEqual(opportunities.toSorted());
    }),
    { numRuns: 12 },
  );
});

describe('jobs', () => {
  test('are found again, not made again, by whoever goes on', async () => {
    seedPeople(fake, { seed: 1, contacts: 12, leads: 5, until: clock.now() });
    let cursor: unknown;
    for await (const batch of connectTo(fake, { clock }).pull({})) {
      ({ cursor } = batch);
      break;
    }
    expect(fake.jobs.opened).toBe(3);
    await pull(connectTo(fake, { clock }), { cursor });
    expect(fake.jobs.opened).toBe(3);
  });

  test('that fail or whose results are gone are made once more', async () => {
    const { contacts } = seedPeople(fake, { seed: 1, contacts: 12, leads: 5, until: clock.now() });
    fake.jobs.failNext();
    const all = await pull(connectTo(fake, { clock }));
    expect(all.customers.map((one) => one.externalId)).toEqual(expect.arrayContaining(contacts));
    expect(fake.jobs.opened).toBe(4);
    let cursor: unknown;
    for await (const batch of connectTo(fake, { clock, pageRows: 5 }).pull({})) {
      ({ cursor } = batch);
      if (batch.customers) break;
    }
    fake.jobs.expire();
    const rest = await pull(connectTo(fake, { clock }), { cursor });
    expect(rest.customers.map((one) => one.externalId)).toEqual(expect.arrayContaining(contacts));
  });
});
