/** One person on three platforms is one customer, whatever is told first, later or twice; and what was merged can be parted. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SourceCustomer } from '../ports.ts';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { listMerges, mergeCustomers, mergeOnPlatform, takeRows, undoMerge } from './index.ts';
import { line } from './testing/told-shop.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

const EVERYTHING =
  `customers identities orders order_lines consents messages events holdouts outcomes segment_members scores mail_scores
  customer_totals`.split(/\s+/);

let stores = 0;
const START = Date.UTC(2026, 0, 1);

/** A store that is told things, a minute apart unless it is said when. */
async function listener() {
  const engine = buildEngine(base.database);
  const storeId = await buildStore(base.database, { name: `Who ${String(stores++)}` });
  let minute = 0;
  const rows = <Row extends object>(sql: string) => base.database.inStore(storeId, (tx) => tx.rows<Row>(sql));
  return {
    engine,
    storeId,
    rows,
    tell: (platform: string, customer: SourceCustomer, at = ++minute) =>
      base.database.inStore(storeId, (tx) =>
        takeRows(tx, engine.keys, {
          platform,
          batch: { rowsRead: 1, customers: [customer] },
          at: new Date(START + at * 60_000),
        }),
      ),
    order: (platform: string, customerId: string, orderId: string, day: string, amount: number) =>
      base.database.inStore(storeId, (tx) =>
        takeRows(tx, engine.keys, {
          platform,
          batch: { rowsRead: 1, orderLines: [line(customerId, orderId, day, amount)] },
          at: new Date(START + ++minute * 60_000),
        }),
      ),
    /** Who is who: the platforms' ids, person by person. */
    async people(): Promise<string[]> {
      const found = await rows<{ ids: string }>(
        `SELECT string_agg(platform || ':' || external_id, ' ' ORDER BY platform, external_id) AS ids FROM identities GROUP BY customer_id ORDER BY 1`,
      );
      return found.map((row) => row.ids);
    },
    /** Everything that is kept of anybody, but when rows were written. */
    all: () =>
      base.database.inStore(storeId, async (tx) => {
        const kept: Record<string, unknown> = {};
        for (const table of EVERYTHING)
          kept[table] = await tx.rows(
            `SELECT to_jsonb(t) - '{updated_at,told_at}'::text[] AS row FROM ${table} t ORDER BY to_jsonb(t)::text`,
          );
        return kept;
      }),
  };
}

const ann = (externalId: string, more: Partial<SourceCustomer> = {}): SourceCustomer => ({
  externalId,
  email: 'ann@mail.example',
  lastName: 'Ames',
  firstName: 'Ann',
  ...more,
});

describe('a proven address', () => {
  test('that changes on one platform makes no second person, and the others do not take it back', async () => {
    const shop = await listener();
    await shop.tell('shopify', ann('1'));
    await shop.tell('hubspot', ann('51'));
    await shop.tell('shopify', ann('1', { email: 'new@mail.example' }));
    // Has not heard of it, and says again what it said before.
    await shop.tell('hubspot', ann('51', { phone: '+34612345678' }));
    expect(await shop.people()).toEqual(['hubspot:51 shopify:1']);
    expect(await shop.rows('SELECT email, phone FROM customers')).toEqual([
      { email: 'new@mail.example', phone: '+34612345678' },
    ]);
    // A third platform that knows the old one.
    await shop.tell('salesforce', ann('003'));
    expect(await shop.people()).toEqual(['hubspot:51 salesforce:003 shopify:1']);
  });

  test('that is told later makes two customers one, with one account of what was bought', async () => {
    const shop = await listener();
    await shop.tell('shopify', ann('1'));
    await shop.order('shopify', '1', 'a', '2026-01-01', 1000);
    await shop.tell('hubspot', { externalId: '51', lastName: 'Ames' });
    await shop.order('hubspot', '51', 'deal', '2026-02-01', 500);
    expect(await shop.people()).toEqual(['hubspot:51', 'shopify:1']);
    await shop.tell('hubspot', ann('51'));
    expect(await shop.people()).toEqual(['hubspot:51 shopify:1']);
    expect(await shop.rows('SELECT orders, revenue FROM customer_totals')).toEqual([{ orders: 2, revenue: 1500 }]);
    expect(await base.database.inStore(shop.storeId, listMerges)).toMatchObject([
      { reason: 'email', actor: 'stage:ingest', undoneAt: null },
    ]);
  });

  test('that nobody has proven joins nobody', async () => {
    const shop = await listener();
    await shop.tell('shopify', ann('1'));
    await shop.tell('hubspot', ann('51', { emailVerified: false }));
    expect(await shop.people()).toEqual(['hubspot:51', 'shopify:1']);
  });

  test('of two ids of one platform joins neither to the other, whoever else knows it', async () => {
    const shop = await listener();
    await shop.tell('shopify', ann('1'));
    await shop.tell('shopify', ann('2', { email: 'other@mail.example' }));
    await shop.tell('hubspot', ann('51', { email: 'other@mail.example' }));
    await shop.tell('shopify', ann('1', { email: 'other@mail.example' }));
    expect(await shop.people()).toEqual(['hubspot:51 shopify:2', 'shopify:1']);
  });
});

describe('a phone', () => {
  const byPhone = (externalId: string, more: Partial<SourceCustomer> = {}): SourceCustomer => ({
    externalId,
    phone: '+34612345678',
    lastName: 'Núñez',
    ...more,
  });

  test.each([
    ['of the same last name', byPhone('51', { lastName: 'NUNEZ', phone: '0034 612 345 678' }), true],
    ['of the same last name and first name', byPhone('51', { firstName: 'Eva' }), true],
    ['of another last name', byPhone('51', { lastName: 'Ames' }), false],
    ['of another first name: a family', byPhone('51', { firstName: 'Luis' }), false],
    ['of no name', byPhone('51', { lastName: undefined }), false],
    ['without its country', byPhone('51', { phone: '612345678' }), false],
  ])('%s joins: %j', async (_, told, joins) => {
    const shop = await listener();
    await shop.tell('shopify', byPhone('1', { firstName: 'Eva', email: 'eva@mail.example' }));
    await shop.tell('hubspot', { ...told, email: 'eva@work.example' });
    expect(await shop.people()).toEqual(joins ? ['hubspot:51 shopify:1'] : ['hubspot:51', 'shopify:1']);
  });

  test('that two people have joins nobody', async () => {
    const shop = await listener();
    await shop.tell('shopify', byPhone('1'));
    await shop.tell('shopify', byPhone('2'));
    await shop.tell('hubspot', byPhone('51'));
    expect(await shop.people()).toEqual(['hubspot:51', 'shopify:1', 'shopify:2']);
  });
});

test('words that come late change nothing that was said after them', async () => {
  const shop = await listener();
  await shop.tell('shopify', ann('1', { firstName: 'Anna', email: 'new@mail.example' }), 10);
  await shop.tell('shopify', ann('1', { firstName: 'Old', email: 'old@mail.example', country: 'US' }), 5);
  expect(await shop.rows('SELECT email, first_name, country FROM customers')).toEqual([
    { email: 'new@mail.example', first_name: 'Anna', country: null },
  ]);
});

test('an order that is told late does not take back what was told of it since', async () => {
  const shop = await listener();
  const tell = (minute: number, amount: number) =>
    base.database.inStore(shop.storeId, (tx) =>
      takeRows(tx, shop.engine.keys, {
        platform: 'shopify',
        batch: { rowsRead: 1, orderLines: [{ ...line('1', 'o', '2026-01-01', amount), lineId: 'l1' }] },
        at: new Date(START + minute * 60_000),
      }),
    );
  await tell(10, 900);
  await tell(5, 1000);
  await tell(10, 900);
  expect(await shop.rows('SELECT amount::int FROM orders')).toEqual([{ amount: 900 }]);
  await tell(11, 800);
  expect(await shop.rows('SELECT amount::int FROM orders')).toEqual([{ amount: 800 }]);
});

test('of three platforms’ tellings in any order, in any number, one person is one customer and two are two', async () => {
  const facts = [
    ['shopify', ann('1', { phone: '+34612345678' })],
    ['hubspot', ann('51')],
    ['salesforce', { externalId: '003', lastName: 'Ames', firstName: 'Ann', phone: '+34612345678' }],
    ['salesforce', ann('003', { phone: '+34612345678' })],
    ['shopify', ann('2', { email: 'bob@mail.example', firstName: 'Bob' })],
    ['hubspot', ann('52', { email: 'bob@mail.example', firstName: 'Bob' })],
  ] as const;
  const order = fc.shuffledSubarray([...facts], { minLength: facts.length });
  await fc.assert(
    fc.asyncProperty(order, fc.array(fc.constantFrom(...facts), { maxLength: 4 }), async (told, again) => {
      const shop = await listener();
      // What is said last of everybody is the whole truth; before it anything may come, twice and in any order.
      for (const [platform, customer] of [...again, ...told]) await shop.tell(platform, customer);
      await shop.tell('salesforce', ann('003', { phone: '+34612345678' }));
      expect(await shop.people()).toEqual(['hubspot:51 salesforce:003 shopify:1', 'hubspot:52 shopify:2']);
    }),
    { numRuns: 25 },
  );
});

describe('a merge', () => {
  /** Two people with a past: both in one campaign, each with mail, orders, consent and scores. */
  async function twoPeople() {
    const shop = await listener();
    await shop.tell('shopify', ann('1', { consent: { state: 'subscribed', basis: 'express', at: new Date(START) } }));
    await shop.order('shopify', '1', 'a', '2026-01-01', 1000);
    await shop.tell('hubspot', {
      externalId: '51',
      lastName: 'Ames',
      country: 'ES',
      consent: { state: 'subscribed', basis: 'soft_opt_in', at: new Date(START + 5) },
    });
    await shop.order('hubspot', '51', 'deal', '2026-02-01', 500);
    const [kept, gone] = await shop.rows<{ id: string }>('SELECT id FROM customers ORDER BY key DESC');
    await base.database.inStore(shop.storeId, async (tx) => {
      for (const [place, id] of [kept?.id, gone?.id].entries()) {
        const values = [shop.storeId, id, place];
        await tx.run(
          `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, created_at)
           VALUES (gen_random_uuid(), $1, $1, $2, $1, CASE $3::int WHEN 0 THEN 'accepted' ELSE 'scheduled' END, '2026-01-01')`,
          values,
        );
        await tx.run(
          `INSERT INTO events (store_id, source, vendor_event_id, kind, at, customer_id) VALUES ($1, 'x', $3::int, 'open', '2026-01-02', $2)`,
          values,
        );
        await tx.run(
          `INSERT INTO holdouts (store_id, campaign_id, customer_id, arm, draw, decided_at) VALUES ($1, $1, $2, 'treated', 0.1 * $3::int, '2026-01-01')`,
          values,
        );
        await tx.run(
          `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, reasons) VALUES ($1, $3::int, $2, 'scored', 9, 'active', '[]')`,
          values,
        );
      }
    });
    return { ...shop, kept: kept?.id ?? '', gone: gone?.id ?? '' };
  }

  test('moves everything, leaves one mail to be sent, and can be undone: everything returns', async () => {
    const shop = await twoPeople();
    const before = await shop.all();
    await mergeCustomers(shop.engine, shop.storeId, { kept: shop.kept, gone: shop.gone }, 'user:7');
    expect(await shop.people()).toEqual(['hubspot:51 shopify:1']);
    expect(await shop.rows('SELECT orders, revenue FROM customer_totals')).toEqual([{ orders: 2, revenue: 1500 }]);
    expect(await shop.rows('SELECT state, state_reason, occurrence FROM messages ORDER BY occurrence')).toEqual([
      { state: 'accepted', state_reason: null, occurrence: 1 },
      { state: 'dropped', state_reason: 'same_person', occurrence: 2 },
    ]);
    expect(await shop.rows('SELECT email, country FROM customers')).toEqual([
      { email: 'ann@mail.example', country: 'ES' },
    ]);
    const [merge] = await base.database.inStore(shop.storeId, listMerges);
    await undoMerge(shop.engine, shop.storeId, merge?.id ?? 0, 'user:7');
    expect(await shop.all()).toEqual(before);
    // Saying it again is a mistake, not a second undoing.
    await expect(undoMerge(shop.engine, shop.storeId, merge?.id ?? 0, 'user:7')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('that was undone is not made again by the same facts, and what came meanwhile goes where it belongs', async () => {
    const shop = await twoPeople();
    await shop.tell('hubspot', ann('51'));
    expect(await shop.people()).toEqual(['hubspot:51 shopify:1']);
    await shop.order('hubspot', '51', 'deal2', '2026-02-03', 700);
    await base.database.inStore(shop.storeId, (tx) =>
      tx.run(
        `INSERT INTO consents (store_id, customer_id, state, basis, at, source) VALUES ($1, $2, 'unsubscribed', 'none', '2027-01-01', 'public')`,
        [shop.storeId, shop.kept],
      ),
    );
    const [merge] = await base.database.inStore(shop.storeId, listMerges);
    await undoMerge(shop.engine, shop.storeId, merge?.id ?? 0, 'user:7');
    await shop.tell('hubspot', ann('51', { email: 'other@mail.example' }));
    await shop.tell('hubspot', ann('51'));
    expect(await shop.people()).toEqual(['hubspot:51', 'shopify:1']);
    expect(
      await shop.rows('SELECT key, revenue FROM customer_totals JOIN customers ON id = customer_id ORDER BY key'),
    ).toEqual([
      { key: 'hubspot:51', revenue: 1200 },
      { key: 'shopify:1', revenue: 1000 },
    ]);
    // Nobody who said no while they were one is mailed now that they are two.
    expect(
      await shop.rows(`SELECT count(DISTINCT customer_id)::int AS people FROM consents WHERE state = 'unsubscribed'`),
    ).toEqual([{ people: 2 }]);
  });

  test('of a platform’s own making leaves the id that the platform has left', async () => {
    const shop = await listener();
    await shop.tell('shopify', ann('1'));
    await shop.tell('shopify', ann('2', { email: 'b@mail.example' }));
    await shop.order('shopify', '2', 'b', '2026-02-01', 500);
    await base.database.inStore(shop.storeId, (tx) =>
      mergeOnPlatform(tx, shop.engine.keys, { platform: 'shopify', from: '2', into: '1' }, new Date(START)),
    );
    expect(await shop.people()).toEqual(['shopify:1']);
    expect(await shop.rows('SELECT orders FROM customer_totals')).toEqual([{ orders: 1 }]);
  });

  test('keeps its record sealed', async () => {
    const shop = await twoPeople();
    await mergeCustomers(shop.engine, shop.storeId, { kept: shop.kept, gone: shop.gone }, 'user:7');
    const [row] = await shop.rows<{ moved: Buffer }>('SELECT moved FROM merges');
    expect(row?.moved.includes('Ames')).toBe(false);
  });
});
