/** From Salesforce to the tables and back: a real database, the stages themselves. */
import { STAGES, uuidOf, type StageReport } from '@rekindle/core';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase } from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectTo, memoryVault, seedPeople, startSalesforceFake } from './fake/index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

test('what an organisation holds is imported once, although the pull breaks off and the calls of the day run out', async () => {
  const storeId = await buildStore(base.database, { name: 'Salesforce', currency: 'EUR', timeZone: 'Europe/Madrid' });
  await base.database.inStore(storeId, ({ db }) =>
    db
      .insertInto('connections')
      .values({
        id: uuidOf('connection', storeId),
        store_id: storeId,
        platform: 'salesforce',
        account: '00D000000000001AAA',
        created_at: new Date(0),
      })
      .execute(),
  );
  const rows = <Row extends object>(sql: string): Promise<Row[]> =>
    base.database.inStore(storeId, (tx) => tx.rows<Row>(sql));
  const credentials = memoryVault();
  const engine = buildEngine(base.database);
  const fake = await startSalesforceFake({ clock: engine.clock });
  const seeded = seedPeople(fake, { seed: 7, contacts: 40, leads: 10, until: new Date('2026-02-20T00:00:00Z') });
  engine.clock.advance(3_600_000);
  const run = (): Promise<StageReport> => {
    const connector = connectTo(fake, { clock: engine.clock, credentials, pageRows: 15 });
    return STAGES.ingest({ ...engine, connector: () => Promise.resolve(connector) }, storeId);
  };

  fake.usage.limit = 100;
  fake.usage.used = 80;
  expect(await run()).toMatchObject({ unreachable: 1 });
  const [connection] = await rows<{ state: string; last_error: string }>('SELECT state, last_error FROM connections');
  expect(connection).toMatchObject({ state: 'failed', last_error: expect.stringMatching(/calls a day/) });
  fake.usage.limit = 100_000;
  engine.clock.advance(3_600_000);
  expect(await run()).toMatchObject({ unreachable: 0 });
  expect(fake.jobs.opened).toBe(3);
  const count = async (table: string): Promise<number> =>
    (await rows<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`))[0]?.count ?? 0;
  expect(await count('identities')).toBe(seeded.contacts.length + seeded.leads.length);
  expect(await count('orders')).toBe(seeded.opportunities.length);
  expect(await rows('SELECT sum(amount)::bigint AS amount FROM orders')).toEqual([
    {
      amount: fake
        .records('Opportunity')
        .reduce((sum, opportunity) => sum + Math.round(Number(opportunity['Amount']) * 100), 0),
    },
  ]);
  const optedOut = fake.records('Contact').filter((contact) => contact['HasOptedOutOfEmail'] === true).length;
  expect(optedOut).toBeGreaterThan(0);
  expect(
    await rows(`SELECT count(*)::int AS people FROM consents JOIN identities USING (customer_id)
      WHERE state = 'unsubscribed' AND external_id LIKE '003%'`),
  ).toEqual([{ people: optedOut }]);

  engine.clock.advance(3_600_000);
  expect(await run()).toMatchObject({ customers: 0, orders: 0, lines: 0, changed: 0, rowsRead: 0 });
  const order = seeded.opportunities[0] ?? '';
  fake.change(order, { Amount: 1 });
  expect(await run()).toMatchObject({ changed: 1 });
  expect(await rows(`SELECT amount FROM orders WHERE external_id = '${order}'`)).toEqual([{ amount: 100 }]);
  fake.remove(order);
  await run();
  expect(await rows(`SELECT amount FROM orders WHERE external_id = '${order}'`)).toEqual([{ amount: 0 }]);

  // A lead becomes a contact: one person, under the contact's id from then on.
  const lead = seeded.leads[0] ?? '';
  const people = await count('customers');
  engine.clock.advance(3_600_000);
  const contact = fake.convertLead(lead);
  await run();
  expect(await count('customers')).toBe(people);
  expect(await rows(`SELECT external_id FROM identities WHERE external_id IN ('${lead}', '${contact}')`)).toEqual([
    { external_id: contact },
  ]);
  expect(await rows('SELECT reason, actor FROM merges')).toEqual([{ reason: 'platform', actor: 'stage:ingest' }]);
  await fake.close();
});
