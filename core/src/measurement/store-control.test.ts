/** What all campaigns bring against the store-wide control: on an effect that was planted, and on none. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadStore } from '../accounts/index.ts';
import { createTestDatabase, plantShop, type PlantedShop, type TestDatabase } from '../testing/index.ts';
import { storeControlEffect } from './index.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

/**
 * 1,000 people, each fifth in the control. Of the others so many of a hundred bought for 40 euros after the first campaign, of
 * the control 10. A second campaign, later, has them all again; orders before the first count for nobody.
 */
function shop(bought: number, control = (i: number) => i % 5 === 0): PlantedShop {
  const people = range(1000);
  const buys = (i: number): boolean => (Math.floor(i / 5) * 37) % 100 < (control(i) ? 10 : bought);
  const drawn = people.map((i) => ({
    who: `p${String(i)}`,
    arm: control(i) ? ('control' as const) : i % 5 === 1 ? ('holdout' as const) : ('treated' as const),
  }));
  return {
    controlShare: 0.2,
    campaigns: [
      { name: 'First', ago: 90, drawn },
      { name: 'Second', ago: 20, drawn },
    ],
    orders: people.flatMap((i) => [
      { by: `p${String(i)}`, ago: 95, amount: 9999 },
      ...(buys(i) ? [{ by: `p${String(i)}`, ago: 60, amount: 4000 }] : []),
    ]),
  };
}

const effectOf = async (name: string, planted: PlantedShop) => {
  const storeId = await plantShop(db.database, name, NOW, planted);
  return db.database.inStore(storeId, async (tx) => storeControlEffect(tx, await loadStore(tx), NOW));
};

test('finds the planted effect, in money, orders and people who came back', async () => {
  const effect = await effectOf('planted', shop(40));
  // 800 people of whom 320 bought, against 10 of a hundred: 240 orders more, 40 euros each. Who is held back in one
  // campaign is in the programme all the same.
  expect(effect?.revenue).toMatchObject({ treated: 800, holdout: 200, verdict: 'won' });
  expect(effect?.revenue.treatedMean).toBeCloseTo(1600, 6);
  expect(effect?.revenue.holdoutMean).toBeCloseTo(400, 6);
  expect(effect?.revenue.estimate).toBeCloseTo(960_000, 3);
  expect(effect?.revenue.low).toBeGreaterThan(0);
  expect(effect?.revenue.low).toBeLessThan(960_000);
  expect(effect?.orders.estimate).toBeCloseTo(240, 6);
  expect(effect?.return_rate.estimate).toBeCloseTo(240, 6);
});

test('finds none where there is none, and never judges arms that were not drawn so', async () => {
  const none = await effectOf('none', shop(10));
  expect(none?.revenue.estimate).toBeCloseTo(0, 3);
  expect(none?.revenue.verdict).toBe('not_yet');
  const broken = await effectOf(
    'broken',
    shop(40, (i) => i % 10 === 0),
  );
  expect(broken?.revenue).toMatchObject({ treated: 900, holdout: 100, verdict: 'broken' });
});

test('says how many people there are where one group has nobody yet, and no number that is none', async () => {
  const alone = await effectOf('alone', {
    controlShare: 0.2,
    campaigns: [{ name: 'Only', ago: 30, drawn: range(3).map((i) => ({ who: `p${String(i)}`, arm: 'treated' })) }],
    orders: [{ by: 'p0', ago: 10, amount: 4000 }],
  });
  expect(alone?.revenue).toMatchObject({ treated: 3, holdout: 0, verdict: 'not_yet' });
  for (const value of [
    alone?.revenue.estimate,
    alone?.revenue.low,
    alone?.revenue.high,
    alone?.revenue.holdoutMean,
    alone?.revenue.pValue,
  ])
    // prettier-ignore
    expect(Number.isNaN(value)).toBe(false);
});

test('says nothing without a control, or before the first campaign', async () => {
  expect(await effectOf('no control', { ...shop(40), controlShare: 0 })).toBeNull();
  expect(await effectOf('no campaign', { controlShare: 0.2 })).toBeNull();
});
