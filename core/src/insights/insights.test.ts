import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { score } from '../scoring/index.ts';
import {
  buildEngine,
  buildHistory,
  buildStore,
  createTestDatabase,
  drawRepeats,
  type BuyingLaw,
  type PastPurchase,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import { control } from './find.ts';
import { compareMeans, compareRates, compareShares, FALSE_DISCOVERIES, falseDiscovery } from './tests.ts';
import { forecastWeeks, NEEDED_WEEKS } from './forecast.ts';
import { dismissInsight, findInsights, openInsights } from './index.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const DAY = 86_400_000;
const LAW: BuyingLaw = { leaves: 'after_repeats', r: 2, alpha: 10, a: 1, b: 3 };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

describe('the forecast', () => {
  /** Level with noise, a year's season and a trend. */
  function series(
    weeks: number,
    options: { season?: number; trend?: number; noise?: number; seed?: string },
  ): number[] {
    const random = seededRandom(options.seed ?? 'series');
    return Array.from({ length: weeks }, (_, week) => {
      const wave = 1 + (options.season ?? 0) * Math.sin((week / 52) * 2 * Math.PI);
      const level = (1000 + (options.trend ?? 0) * week) * wave;
      return level * (1 + (options.noise ?? 0.1) * (random.next() + random.next() + random.next() - 1.5));
    });
  }

  test('its interval holds what came about as often as it says, on futures it has not seen', () => {
    const inside = Array.from({ length: 60 }, (_, i) => {
      const all = series(117, {
        season: i % 2 === 0 ? 0.4 : 0,
        trend: i % 3 === 0 ? 4 : 0,
        seed: `future ${String(i)}`,
      });
      const told = forecastWeeks(all.slice(0, 104))!;
      const came = all.slice(104).reduce((sum, value) => sum + value, 0);
      const { low, high } = told.sums[1]!;
      return came >= low && came <= high ? 1 : 0;
    }).reduce<number>((sum, one) => sum + one, 0);
    // 80 % is meant; sixty futures of two and a half kinds.
    expect(inside / 60).toBeGreaterThan(0.7);
  });

  test.each([45, 70, 104])('holds on %i weeks of past: level that wanders, few orders, a fall', (length) => {
    const normal = (random: { next(): number }): number =>
      Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    const make: Record<string, (seed: string) => number[]> = {
      wanders: (seed) => {
        const random = seededRandom(seed);
        let level = 0;
        return Array.from({ length: length + 13 }, () => {
          level += 0.05 * normal(random);
          return 1000 * Math.exp(level + 0.1 * normal(random));
        });
      },
      few: (seed) => {
        const random = seededRandom(seed);
        // Binomial of forty, with a rate that is another one each week: more scatter than chance alone has.
        return Array.from({ length: length + 13 }, () => {
          const rate = 0.02 + 0.1 * random.next();
          return Array.from({ length: 40 }, () => random.next()).filter((u) => u < rate).length;
        });
      },
      falls: (seed) => {
        const random = seededRandom(seed);
        return Array.from({ length: length + 13 }, (_, week) => 2000 * Math.exp(-0.02 * week + 0.15 * normal(random)));
      },
    };
    for (const [kind, of] of Object.entries(make)) {
      const held = [0, 0];
      for (let i = 0; i < 60; i++) {
        const all = of(`${kind} ${String(i)}`);
        const told = forecastWeeks(all.slice(0, length))!;
        told.sums.forEach(({ weeks, low, high }, span) => {
          const came = all.slice(length, length + weeks).reduce((sum, value) => sum + value, 0);
          if (came >= low && came <= high) held[span]! += 1;
        });
      }
      // 80 % is meant: sixty futures let it seem 68 % once in a hundred.
      for (const count of held) expect(count / 60, kind).toBeGreaterThan(0.66);
    }
  });

  test('is wider before a year has gone round than after: the season is not known', () => {
    const width = (weeks: number): number => {
      const { low, high } = forecastWeeks(series(weeks, { noise: 0.05 }))!.sums[1]!;
      return high / low;
    };
    expect(width(60)).toBeGreaterThan(1.6);
    expect(width(110)).toBeLessThan(1.4);
  });

  test('takes last year where there is a season, and says how it did on the past', () => {
    const told = forecastWeeks(series(160, { season: 0.6, noise: 0.05 }))!;
    expect(told.method).toBe('last-year');
    expect(told.backtest.error['last-year']!).toBeLessThan(0.1);
    expect(told.backtest.error.mean!).toBeGreaterThan(told.backtest.error['last-year']!);
    expect(told.points).toHaveLength(13);
    for (const { weeks, estimate, low, high } of told.sums) {
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
      const sum = told.points.slice(0, weeks).reduce((total, point) => total + point.estimate, 0);
      expect(estimate).toBeCloseTo(sum, 6);
    }
  });

  test('gives none of a past that is too short', () => {
    expect(forecastWeeks(series(NEEDED_WEEKS - 1, {}))).toBeUndefined();
    expect(forecastWeeks(series(NEEDED_WEEKS, {}))).toBeDefined();
  });
});

describe('false-discovery control', () => {
  test('the example of Benjamini and Hochberg (1995), table 1: four of fifteen at .05', () => {
    const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]; // prettier-ignore
    expect(falseDiscovery(p).filter((q) => q <= 0.05)).toHaveLength(4);
    expect(falseDiscovery([...p].reverse()).filter((q) => q <= 0.05)).toHaveLength(4);
  });

  test('in noise hardly any look finds anything', () => {
    const random = seededRandom('noise');
    let looks = 0;
    for (let look = 0; look < 300; look++) {
      const looked = Array.from({ length: 100 }, () => ({ pValue: random.next(), finding: null }));
      if (falseDiscovery(looked.map((one) => one.pValue)).some((q) => q <= FALSE_DISCOVERIES)) looks++;
      expect(control(looked, []).compared).toBe(100);
    }
    // One look in ten may find something false.
    expect(looks / 300).toBeLessThan(0.16);
  });

  test('its tests are right where there is nothing', () => {
    const random = seededRandom('nothing');
    const draw = (n: number, p: number): number => Array.from({ length: n }, () => random.next()).filter((u) => u < p).length; // prettier-ignore
    const normal = (): number => random.next() + random.next() + random.next();
    const alarms = { shares: 0, rates: 0, means: 0 };
    for (let i = 0; i < 400; i++) {
      if (compareShares({ hits: draw(300, 0.1), of: 300 }, { hits: draw(100, 0.1), of: 100 }).pValue < 0.05) alarms.shares++; // prettier-ignore
      if (compareRates({ count: draw(900, 0.1), time: 3 }, { count: draw(300, 0.1), time: 1 }).pValue < 0.05) alarms.rates++; // prettier-ignore
      if (compareMeans(Array.from({ length: 12 }, normal), Array.from({ length: 4 }, normal)).pValue < 0.05) alarms.means++; // prettier-ignore
    }
    for (const count of Object.values(alarms)) expect(count / 400).toBeLessThan(0.09);
  });
});

describe('a shop', () => {
  let storeId: string;
  let engine: TestEngine;
  beforeAll(async () => {
    storeId = await buildStore(db.database, { name: 'Found' });
    engine = buildEngine(db.database, { now: NOW });
    const random = seededRandom('found');
    const purchases: PastPurchase[] = Array.from({ length: 900 }, (_, i) => {
      const first = NOW.getTime() - Math.floor(random.next() * 500) * DAY - DAY;
      return [0, ...drawRepeats(random, LAW, (NOW.getTime() - first) / DAY / 7)].map((at) => ({
        customer: `p${String(i)}`,
        at: new Date(first + at * 7 * DAY),
        // The last four weeks bring a third of what orders brought before.
        amount: Math.round(
          (2000 + random.next() * 2000) * (first + at * 7 * DAY > NOW.getTime() - 28 * DAY ? 0.33 : 1),
        ),
      }));
    }).flat();
    await buildHistory(db.database, storeId, purchases);
    await score(engine, storeId);
  });

  const open = () => db.database.inStore(storeId, (tx) => openInsights(tx));

  test('is told what was planted, with evidence, size, picture and one thing to do', async () => {
    const report = await findInsights(engine, storeId);
    expect(report['compared']).toBeGreaterThan(5);
    const found = await open();
    expect(found).toHaveLength(Number(report['findings']));
    const kinds = found.map((one) => one.kind);
    expect(kinds).toEqual(expect.arrayContaining(['order_value_down', 'worth_winning_back', 'few_carry_much', 'revenue_forecast', 'returning_forecast'])); // prettier-ignore
    expect(kinds).not.toContain('order_value_up');
    for (const one of found) {
      expect(one.title).toMatch(/\d.*[.]$|[.]$/);
      expect(one.because.length).toBeGreaterThan(10);
      expect(one.action.url).toMatch(/^\//);
      expect(one.picture.kind === 'bars' ? one.picture.bars.length : one.picture.points.length).toBeGreaterThan(0);
      expect(JSON.stringify(one)).not.toMatch(/NaN|undefined|Infinity|@/);
      if (one.pValue !== null) expect(one.qValue).toBeLessThanOrEqual(FALSE_DISCOVERIES);
    }
    const gains = found.filter(
      (one) => !['few_carry_much', 'revenue_forecast', 'returning_forecast'].includes(one.kind),
    );
    const sizes = gains.map((one) => (one.size ?? 0) * (1 - (one.qValue ?? 0)));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test('is told the same thing once: the next look has no news, and what is put away stays away', async () => {
    const before = await open();
    engine.clock.advance(60_000);
    const again = await findInsights(engine, storeId);
    expect(again).toMatchObject({ news: 0, findings: before.length });
    const [first] = before;
    await dismissInsight(engine, storeId, first!.id, 'user:1');
    engine.clock.advance(60_000);
    await findInsights(engine, storeId);
    const after = await open();
    expect(after.map((one) => one.id)).not.toContain(first!.id);
    expect(after).toHaveLength(before.length - 1);
    await expect(dismissInsight(engine, storeId, 'nothing', 'user:1')).rejects.toMatchObject({ code: 'not_found' });
  });
});
