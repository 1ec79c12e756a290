import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  buildEngine,
  buildHistory,
  buildStore,
  createTestDatabase,
  drawRepeats,
  type BuyingLaw,
  type PastPurchase,
  type TestDatabase,
} from '../testing/index.ts';
import { seededRandom } from '../random.ts';
import { reasons, score } from './index.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-03-01T10:00:00Z');

let test1: TestDatabase;
beforeAll(async () => {
  test1 = await createTestDatabase(inject('testServer'));
});
afterAll(() => test1.drop());

/** Customers who came in over `days` days and bought by this law up to NOW. */
function simulate(seed: string, law: BuyingLaw, people: number, days: number): PastPurchase[] {
  const random = seededRandom(seed);
  return Array.from({ length: people }, (_, i) => {
    const first = NOW.getTime() - Math.floor(random.next() * days) * DAY - DAY;
    const weeks = (NOW.getTime() - first) / DAY / 7;
    return [0, ...drawRepeats(random, law, weeks)].map((at) => ({
      customer: `person${String(i)}`,
      at: new Date(first + at * 7 * DAY),
      amount: 2000 + Math.floor(random.next() * 4000),
    }));
  }).flat();
}

const LAW: BuyingLaw = { leaves: 'after_purchases', r: 0.8, alpha: 5, a: 0.8, b: 2.5 };

async function scoresOf(storeId: string) {
  return test1.database.inStore(storeId, ({ db }) =>
    db.selectFrom('scores').selectAll().orderBy('version').orderBy('customer_id').execute(),
  );
}

describe('a store with history', () => {
  let storeId: string;
  const engine = () => buildEngine(test1.database, { now: NOW });
  beforeAll(async () => {
    storeId = await buildStore(test1.database, { name: 'Grown' });
    await buildHistory(test1.database, storeId, simulate('grown', LAW, 1500, 500));
  });

  test('is scored by a model that its own history chose', async () => {
    const report = await score(engine(), storeId);
    expect(report).toMatchObject({ version: 1, customers: 1500, notEnoughData: 0, fresh: false });
    expect(['mbg-nbd', 'pareto-nbd']).toContain(report['method']);
    const scores = await scoresOf(storeId);
    expect(scores).toHaveLength(1500);
    for (const row of scores) {
      expect(row.state).toBe('scored');
      expect(row.p_alive).toBeGreaterThanOrEqual(0);
      expect(row.p_alive).toBeLessThanOrEqual(1);
      expect(row.expected_orders_365).toBeGreaterThanOrEqual(row.expected_orders_90 ?? 0);
      expect(row.value_at_risk).toBeGreaterThanOrEqual(0);
      expect(reasons.parse(row.reasons).length).toBeGreaterThan(0);
      const asleep = row.life_stage === 'lapsed' || row.life_stage === 'lost';
      expect(row.next_order_at === null).toBe(asleep);
    }
    const stages = new Set(scores.map((row) => row.life_stage));
    expect(stages).toEqual(new Set(['new', 'active', 'slipping', 'lapsed', 'lost']));
    const models = await test1.database.inStore(storeId, ({ db }) =>
      db.selectFrom('models').select(['name', 'converged', 'holdout']).orderBy('name').execute(),
    );
    expect(models.map(({ name }) => name)).toEqual(['bg-nbd', 'control-chart', 'gamma-gamma', 'mbg-nbd', 'pareto-nbd']);
    const stores = await test1.database.inStore(storeId, ({ db }) =>
      db.selectFrom('stores').select('score_version').execute(),
    );
    expect(stores).toEqual([{ score_version: 1 }]);
  });

  test('is not scored again on the same day and data', async () => {
    expect(await score(engine(), storeId)).toEqual({ version: 1, customers: 0, fresh: true });
  });

  test('keeps three versions and those of open campaigns', async () => {
    await test1.database.inStore(storeId, ({ db }) =>
      db
        .insertInto('campaigns')
        .values({
          id: '00000000-0000-4000-8000-0000000000c1',
          store_id: storeId,
          key: 'open',
          name: 'open',
          segment_id: '00000000-0000-4000-8000-0000000000c2',
          state: 'running',
          plan: '{}',
          holdout_share: 0.2,
          score_version: 2,
          planned_at: NOW,
          created_at: NOW,
        })
        .execute(),
    );
    for (let day = 1; day <= 5; day++) {
      const later = buildEngine(test1.database, { now: new Date(NOW.getTime() + day * DAY) });
      expect(await score(later, storeId)).toMatchObject({ version: day + 1, fresh: false });
    }
    const versions = new Set((await scoresOf(storeId)).map((row) => row.version));
    expect([...versions]).toEqual([2, 4, 5, 6]);
  });
});

test('the same orders give the same scores, row by row', async () => {
  const purchases = simulate('twice', LAW, 600, 400);
  const results = [];
  for (const name of ['First', 'Second']) {
    const storeId = await buildStore(test1.database, { name });
    const { customerId } = await buildHistory(test1.database, storeId, purchases);
    await score(buildEngine(test1.database, { now: NOW }), storeId);
    const byId = new Map((await scoresOf(storeId)).map((row) => [row.customer_id, row]));
    results.push(
      Array.from({ length: 600 }, (_, i) => {
        const { store_id: _store, customer_id: _customer, ...rest } = byId.get(customerId(`person${String(i)}`)) ?? {};
        return rest;
      }),
    );
  }
  // Ids differ, so the sample's order does: sums may differ in the last bits, never in what is written.
  expect(results[0]).toEqual(results[1]);
});

test('a large store is scored on a thread of its own', async () => {
  const storeId = await buildStore(test1.database, { name: 'Large' });
  await buildHistory(test1.database, storeId, simulate('large', LAW, 6000, 500));
  const steps: number[] = [];
  const engine = {
    ...buildEngine(test1.database, { now: NOW }),
    progress: ({ done }: { done: number }) => steps.push(done),
  };
  expect(await score(engine, storeId)).toMatchObject({ customers: 6000, method: 'mbg-nbd' });
  expect(steps.at(-1)).toBe(6000);
});

test('a young store gets the plain rule and the reason', async () => {
  const storeId = await buildStore(test1.database, { name: 'Young' });
  await buildHistory(test1.database, storeId, simulate('young', { ...LAW, r: 3, alpha: 2 }, 400, 60));
  const report = await score(buildEngine(test1.database, { now: NOW }), storeId);
  expect(report).toMatchObject({ method: 'rhythm', notEnoughData: 0 });
  expect(report['reason']).toMatch(/^store_too_young: \d+ days of orders, 120 are needed/);
  const scores = await scoresOf(storeId);
  expect(scores.every((row) => row.p_alive === null && row.expected_orders_90 === null)).toBe(true);
});

test('too few repeat buyers is a state that says what is missing, never a number', async () => {
  const storeId = await buildStore(test1.database, { name: 'Tiny' });
  const at = new Date(NOW.getTime() - 200 * DAY);
  await buildHistory(test1.database, storeId, [
    { customer: 'a', at, amount: 1000 },
    { customer: 'a', at: new Date(at.getTime() + 30 * DAY), amount: 1000 },
    { customer: 'b', at, amount: 3000 },
  ]);
  expect(await score(buildEngine(test1.database, { now: NOW }), storeId)).toMatchObject({
    customers: 2,
    notEnoughData: 2,
  });
  for (const row of await scoresOf(storeId)) {
    expect(row).toMatchObject({ state: 'not_enough_data', p_alive: null, value_at_risk: null, next_order_at: null });
    expect(row.reasons).toEqual([{ code: 'needs_repeat_buyers', have: 1, need: 20 }]);
  }
});

test('a store without orders has nothing to score', async () => {
  const storeId = await buildStore(test1.database, { name: 'Empty' });
  expect(await score(buildEngine(test1.database, { now: NOW }), storeId)).toEqual({
    version: 0,
    customers: 0,
    fresh: true,
  });
});
