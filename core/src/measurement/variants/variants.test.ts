import { describe, expect, test } from 'vitest';
import type { ArmSums } from '../estimate.ts';
import { seededRandom } from '../../random.ts';
import { allocate, compareVariants, dealVariant, replays, type VariantArm } from './index.ts';
import { normalBelief, shareBelief, standings } from './best.ts';

/** n people of whom k did it. */
const yesNo = (n: number, k: number): ArmSums => ({ n, y: k, yy: k, x: 0, xx: 0, xy: 0 });
const arm = (key: string, n: number, did: { orders: number; clicks?: number; unsubscribes?: number }): VariantArm => ({
  key,
  weight: 1,
  sums: {
    orders: yesNo(n, did.orders),
    revenue: yesNo(n, did.orders),
    clicks: yesNo(n, did.clicks ?? 0),
    unsubscribes: yesNo(n, did.unsubscribes ?? 0),
  },
});
const compare = (arms: VariantArm[], progress = 1) => compareVariants(arms, { deciding: 'orders', progress });

describe('standings', () => {
  test('two normals: chance and loss by the closed form', () => {
    const [one, other] = standings([{ belief: normalBelief(1, 3) }, { belief: normalBelief(3, 4) }]);
    // Difference 2 with deviation 5: P = Φ(.4) = .655422, loss of the better E[max(0, -D)] = 5·φ(.4) - 2·Φ(-.4)
    expect(other!.chanceToWin).toBeCloseTo(0.6554217, 6);
    expect(one!.chanceToWin).toBeCloseTo(0.3445783, 6);
    expect(other!.expectedLoss).toBeCloseTo(5 * 0.3682701 - 2 * 0.3445783, 5);
    expect(one!.expectedLoss - other!.expectedLoss).toBeCloseTo(2, 6);
  });

  test('two shares: P(Beta(2, 1) > Beta(1, 2)) = 5/6; three alike: a third each', () => {
    expect(standings([{ belief: shareBelief(1, 1) }, { belief: shareBelief(0, 1) }])[0]!.chanceToWin).toBeCloseTo(
      5 / 6,
      4,
    );
    for (const { chanceToWin } of standings([1, 2, 3].map(() => ({ belief: normalBelief(0, 1) }))))
      expect(chanceToWin).toBeCloseTo(1 / 3, 8);
  });
});

describe('a winner', () => {
  test('is above every other, whatever the order they come in', () => {
    const arms = [arm('b', 5000, { orders: 600 }), arm('a', 5000, { orders: 300 }), arm('c', 5000, { orders: 310 })];
    expect(compare(arms)).toMatchObject({ winner: 'b', reason: 'won', srm: { ok: true } });
    expect(compare([...arms].reverse())).toEqual(compare(arms));
  });

  test('is none while one other may be as good, though it leads', () => {
    const found = compare([
      arm('a', 5000, { orders: 600 }),
      arm('b', 5000, { orders: 300 }),
      arm('c', 5000, { orders: 580 }),
    ]);
    expect(found).toMatchObject({ winner: null, reason: 'not_yet' });
    expect(found.metrics.orders.standings[0]!.chanceToWin).toBeGreaterThan(0.6);
  });

  test('is none that drives people away, and none of a broken draw', () => {
    expect(
      compare([arm('a', 5000, { orders: 600, unsubscribes: 400 }), arm('b', 5000, { orders: 300, unsubscribes: 50 })]),
    ).toMatchObject({ winner: null, reason: 'unsubscribes' });
    expect(compare([arm('a', 5000, { orders: 600 }), arm('b', 4000, { orders: 240 })])).toMatchObject({
      winner: null,
      reason: 'broken',
    });
    expect(compare([arm('a', 50, { orders: 6 })])).toMatchObject({ winner: null, reason: 'one_variant' });
  });
});

describe('batched Thompson sampling', () => {
  test('gives more to the better one, keeps a rest for the others, and replays from its log', () => {
    const first = allocate(1, [
      { key: 'b', trials: 0, successes: 0 },
      { key: 'a', trials: 0, successes: 0 },
    ]);
    expect(first.shares.map(({ key, share }) => [key, Math.round(share * 1000) / 1000])).toEqual([['a', 0.5], ['b', 0.5]]); // prettier-ignore
    const later = allocate(2, [
      { key: 'a', trials: 1000, successes: 50 },
      { key: 'b', trials: 1000, successes: 90 },
    ]);
    expect(later.shares[0]!.share).toBeCloseTo(0.05, 3);
    expect(replays(JSON.parse(JSON.stringify(later)) as typeof later)).toBe(true);
    const forged = { ...later, shares: [{ key: 'a', share: 0.5 }, { key: 'b', share: 0.5 }] }; // prettier-ignore
    expect(replays(forged)).toBe(false);
  });

  test('people get their variant by the keyed draw, in the shares of the batch', () => {
    const allocation = allocate(3, [
      { key: 'a', trials: 200, successes: 20 },
      { key: 'b', trials: 200, successes: 24 },
      { key: 'c', trials: 200, successes: 10 },
    ]);
    const dealt = { a: 0, b: 0, c: 0 } as Record<string, number>;
    for (let i = 0; i < 5000; i++) dealt[dealVariant(allocation, 'key', 'autumn', `csv:${String(i)}`)]! += 1;
    for (const { key, share } of allocation.shares) {
      expect(Math.abs(dealt[key]! / 5000 - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 5000));
    }
    expect(dealVariant(allocation, 'key', 'autumn', 'csv:7')).toBe(dealVariant(allocation, 'key', 'autumn', 'csv:7'));
  });

  test('finds the better variant: most of the last batch goes to it', () => {
    const random = seededRandom('bandit');
    const rates: Record<string, number> = { a: 0.05, b: 0.09, c: 0.05 };
    const records = Object.keys(rates).map((key) => ({ key, trials: 0, successes: 0 }));
    let last = allocate(0, records);
    for (let batch = 0; batch < 10; batch++) {
      last = allocate(batch, records);
      for (let i = 0; i < 500; i++) {
        const key = dealVariant(last, 'key', 'bandit', `${String(batch)}:${String(i)}`);
        const record = records.find((one) => one.key === key)!;
        record.trials += 1;
        record.successes += random.next() < rates[key]! ? 1 : 0;
      }
    }
    expect(last.shares.find(({ key }) => key === 'b')!.share).toBeGreaterThan(0.8);
  });
});
