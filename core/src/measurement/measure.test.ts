import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, fakeClock, type FakeClock, type TestDatabase } from '../testing/index.ts';
import { campaignVariants, cumulativeEffect, effectSeries, latestEffect, measure } from './index.ts';

const DAY = 86_400_000;
const APPROVED = new Date('2026-03-01T10:00:00Z');
const day = (n: number) => new Date(APPROVED.getTime() + n * DAY);
const campaignId = uuidOf('campaign', 'spring');
const person = (n: number) => uuidOf('person', String(n));

let db: TestDatabase;
let storeId: string;
let clock: FakeClock;
let engine: Pick<Engine, 'database' | 'clock'>;
let stores = 0;

beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

beforeEach(async () => {
  storeId = await buildStore(db.database, { name: `Store ${String(stores++)}` });
  clock = fakeClock(day(0));
  engine = { database: db.database, clock };
});

const id = (...words: string[]) => uuidOf(storeId, ...words);
const campaign = () => id(campaignId);
const customer = (n: number) => id(person(n));

/** A campaign over `people`, every `holdEvery`-th held back, with 60 days to count. */
async function plan(people: number, holdEvery: number, holdoutShare = 1 / holdEvery): Promise<void> {
  await db.database.inStore(storeId, async (tx) => {
    await tx.db
      .insertInto('campaigns')
      .values({
        id: campaign(),
        store_id: storeId,
        key: 'spring',
        name: 'Spring',
        segment_id: id('segment'),
        state: 'running',
        plan: '{}',
        holdout_share: holdoutShare,
        score_version: 1,
        planned_at: day(-1),
        approved_at: APPROVED,
        measure_until: day(60),
        created_at: day(-1),
      })
      .execute();
    await tx.db
      .insertInto('holdouts')
      .values(
        Array.from({ length: people }, (_, n) => ({
          store_id: storeId,
          campaign_id: campaign(),
          customer_id: customer(n),
          arm: n % holdEvery === 0 ? 'holdout' : 'treated',
          draw: 0.5,
          pre_revenue: 1000 * (1 + (n % 7)),
          pre_orders: 1 + (n % 7),
          variant_key: n % holdEvery === 0 ? null : n % 2 === 0 ? 'a' : 'b',
          decided_at: day(-1),
        })),
      )
      .execute();
  });
}

interface Bought {
  n: number;
  at: number;
  amount: number;
  kind?: string;
  currency?: string;
}

/** What ingest does when it has committed something new. */
const tellNews = () =>
  db.database.inStore(storeId, ({ run }) => run('UPDATE stores SET data_version = data_version + 1'));

async function buy(orders: Bought[]): Promise<void> {
  await tellNews();
  await db.database.inStore(storeId, ({ db: kysely }) =>
    kysely
      .insertInto('orders')
      .values(
        orders.map((order) => ({
          id: id('order', JSON.stringify(order)),
          store_id: storeId,
          customer_id: customer(order.n),
          platform: 'csv',
          external_id: JSON.stringify(order),
          kind: order.kind ?? 'sale',
          ordered_at: day(order.at),
          amount: order.amount,
          currency: order.currency ?? 'EUR',
        })),
      )
      .execute(),
  );
}

const outcomes = () =>
  db.database.inStore(storeId, ({ db: kysely }) =>
    kysely.selectFrom('outcomes').selectAll().orderBy('revenue').orderBy('customer_id').execute(),
  );
const state = () =>
  db.database.inStore(storeId, async ({ db: kysely }) => {
    const row = await kysely.selectFrom('campaigns').select('state').executeTakeFirstOrThrow();
    return row.state;
  });

describe('outcomes', () => {
  test('count sales less returns after the approval and up to now, of the treated and of the holdout', async () => {
    await plan(10, 5);
    await buy([
      { n: 0, at: 1, amount: 500 },
      { n: 1, at: 0, amount: 999 }, // at the very instant of the approval: not after it
      { n: 1, at: 2, amount: 3000 },
      { n: 1, at: 3, amount: -1000, kind: 'return' },
      { n: 2, at: 3, amount: 700, currency: 'USD' }, // an order, but no euro
      { n: 3, at: 11, amount: 100 }, // not yet
      { n: 99, at: 1, amount: 100 }, // nobody drew this person
    ]);
    clock.set(day(10));
    expect(await measure(engine, storeId)).toMatchObject({ campaigns: 1, outcomes: 3, looks: 1, completed: 0 });
    expect(await outcomes()).toMatchObject([
      { customer_id: customer(2), arm: 'treated', orders: 1, revenue: 0 },
      { customer_id: customer(0), arm: 'holdout', orders: 1, revenue: 500 },
      { customer_id: customer(1), arm: 'treated', orders: 1, revenue: 2000, first_order_at: day(2) },
    ]);
  });

  test('running again without news touches nothing; an order taken back is no outcome', async () => {
    await plan(10, 5);
    await buy([{ n: 1, at: 1, amount: 500 }]);
    clock.set(day(2));
    await measure(engine, storeId);
    const before = await outcomes();
    clock.advance(3_600_000);
    expect(await measure(engine, storeId)).toMatchObject({ outcomes: 0, looks: 0 });
    expect(await outcomes()).toEqual(before);
    await db.database.inStore(storeId, ({ run }) => run('DELETE FROM orders'));
    await tellNews();
    expect(await measure(engine, storeId)).toMatchObject({ outcomes: 1, looks: 1 });
    expect(await outcomes()).toMatchObject([{ orders: 0, revenue: 0, first_order_at: null }]);
  });
});

describe('the effect', () => {
  test('is what the sums by hand give', async () => {
    await plan(400, 4);
    // Every 8th treated buys for 20.00, every 20th of the holdout: 300 treated, 100 held back.
    await buy(
      Array.from({ length: 400 }, (_, n) => n)
        .filter((n) => (n % 4 === 0 ? n % 80 === 0 : n % 8 === 1 || n % 8 === 3))
        .map((n) => ({ n, at: 1 + (n % 20), amount: 2000 })),
    );
    clock.set(day(60));
    await measure(engine, storeId);
    const effect = (await db.database.inStore(storeId, (tx) => latestEffect(tx, campaign())))!;
    expect(effect.revenue).toMatchObject({ treated: 300, holdout: 100, treatedMean: 2000 / 3, holdoutMean: 100 });
    expect(effect.return_rate).toMatchObject({ treatedMean: 1 / 3, holdoutMean: 0.05 });
    expect(effect.revenue.detail).toMatchObject({
      currency: 'EUR',
      progress: 1,
      daysLeft: 0,
      enough: true,
      buyers: { treated: 100, holdout: 5 },
      treatedRevenue: 200_000,
      cap: 7000,
      srm: { pValue: 1, ok: true },
    });
    // (666.67 - 100) · 300, moved a little by what each arm had spent before
    expect(effect.revenue.estimate).toBeGreaterThan(165_000);
    expect(effect.revenue.estimate).toBeLessThan(175_000);
    expect(effect.revenue.low).toBeGreaterThan(0);
    expect(effect.revenue.verdict).toBe('won');
    expect(effect.revenue.pValue).toBeLessThan(0.001);
    const all = await db.database.inStore(storeId, (tx) => cumulativeEffect(tx));
    expect(all).toMatchObject({ campaigns: 1, broken: 0, currency: 'EUR', estimate: effect.revenue.estimate });
    expect(all?.low).toBeCloseTo(effect.revenue.low, 6);
  });

  test('goes from not yet to nothing seen, and the campaign is completed with a last look', async () => {
    await plan(400, 4);
    await buy(Array.from({ length: 100 }, (_, n) => ({ n: n * 4 + (n % 4), at: 1 + (n % 50), amount: 2000 })));
    clock.set(day(20));
    await measure(engine, storeId);
    clock.set(day(40));
    await measure(engine, storeId);
    expect(await state()).toBe('running');
    clock.set(day(75));
    expect(await measure(engine, storeId)).toMatchObject({ looks: 1, completed: 1 });
    expect(await state()).toBe('completed');
    const series = await db.database.inStore(storeId, (tx) => effectSeries(tx, campaign()));
    expect(series.map((look) => look.verdict)).toEqual(['not_yet', 'not_yet', 'nothing_seen']);
    expect(series.map((look) => look.detail.daysLeft)).toEqual([40, 20, 0]);
    expect(await measure(engine, storeId)).toMatchObject({ campaigns: 0 });
  });

  test('is broken where the arms are not what was drawn', async () => {
    await plan(400, 4, 0.5);
    clock.set(day(5));
    await measure(engine, storeId);
    const effect = await db.database.inStore(storeId, (tx) => latestEffect(tx, campaign()));
    expect(effect?.revenue).toMatchObject({ verdict: 'broken', detail: { srm: { ok: false } } });
    const all = await db.database.inStore(storeId, (tx) => cumulativeEffect(tx));
    expect(all).toMatchObject({ campaigns: 0, broken: 1, estimate: 0 });
  });

  test('says nothing while too few have bought', async () => {
    await plan(40, 4);
    await buy([{ n: 1, at: 1, amount: 500 }]);
    clock.set(day(61));
    await measure(engine, storeId);
    const effect = await db.database.inStore(storeId, (tx) => latestEffect(tx, campaign()));
    expect(effect?.revenue).toMatchObject({ verdict: 'nothing_seen', detail: { enough: false } });
  });
});

test('attribution is last touch: seven days from the click, else from the hand-over', async () => {
  await plan(8, 4);
  const message = (n: number, from: string, accepted: number, clicked: number | null) => ({
    id: id('message', String(n), from),
    store_id: storeId,
    campaign_id: from,
    customer_id: customer(n),
    variant_id: id('variant'),
    state: 'accepted',
    accepted_at: day(accepted),
    clicked_at: clicked === null ? null : day(clicked),
    created_at: day(0),
  });
  await db.database.inStore(storeId, ({ db: kysely }) =>
    kysely
      .insertInto('messages')
      .values([
        message(1, campaign(), 1, null),
        message(2, campaign(), 1, 6),
        message(3, campaign(), 1, null),
        message(5, campaign(), 1, null),
        message(5, id('another campaign'), 3, null),
      ])
      .execute(),
  );
  await buy([
    { n: 1, at: 5, amount: 100 },
    { n: 2, at: 12, amount: 200 },
    { n: 3, at: 12, amount: 400 }, // too late
    { n: 5, at: 4, amount: 800 }, // the other campaign touched last
    { n: 6, at: 4, amount: 1600 }, // never mailed
  ]);
  clock.set(day(20));
  await measure(engine, storeId);
  const effect = await db.database.inStore(storeId, (tx) => latestEffect(tx, campaign()));
  expect(effect?.revenue.detail.attributed).toEqual({ orders: 2, revenue: 300, windowDays: 7 });
});

test('variants are compared over everyone who was given them', async () => {
  await plan(400, 4);
  await buy(Array.from({ length: 60 }, (_, n) => ({ n: n * 4 + 2, at: 1, amount: 2000 })));
  await db.database.inStore(storeId, ({ db: kysely }) =>
    kysely
      .insertInto('messages')
      .values(
        [1, 3].map((n) => ({
          id: id('message', String(n)),
          store_id: storeId,
          campaign_id: campaign(),
          customer_id: customer(n),
          variant_id: id('variant'),
          state: 'accepted',
          accepted_at: day(1),
          clicked_at: day(2),
          unsubscribed_at: n === 3 ? day(2) : null,
          created_at: day(0),
        })),
      )
      .execute(),
  );
  clock.set(day(20));
  await measure(engine, storeId);
  const found = await db.database.inStore(storeId, (tx) => campaignVariants(tx, campaign(), clock.now()));
  // 100 people with a (n = 2 mod 4), 200 with b (odd n): halves were meant.
  expect(found).toMatchObject({ srm: { ok: false }, winner: null, reason: 'broken' });
  expect(found.metrics.orders.standings).toMatchObject([
    { key: 'a', people: 100, mean: 0.6 },
    { key: 'b', people: 200, mean: 0 },
  ]);
  expect(found.metrics.clicks.standings).toMatchObject([{ mean: 0 }, { mean: 0.01 }]);
  expect(found.metrics.unsubscribes.standings[1]).toMatchObject({ mean: 0.005 });
  expect(found.metrics.revenue.duels[0]).toMatchObject({ variant: 'a', against: 'b' });
});
