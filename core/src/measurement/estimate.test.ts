import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { peek, type Peeked, type PeekingOptions } from '../testing/index.ts';
import { estimateEffect, type ArmSums } from './estimate.ts';
import { betaCdf } from './statistics/gamma.ts';

function sums(people: [y: number, x: number][]): ArmSums {
  const sum = (of: (y: number, x: number) => number) => people.reduce((total, [y, x]) => total + of(y, x), 0);
  return {
    n: people.length,
    y: sum((y) => y),
    yy: sum((y) => y * y),
    x: sum((_, x) => x),
    xx: sum((_, x) => x * x),
    xy: sum((y, x) => y * x),
  };
}

describe('one look', () => {
  const treated = sums([[3, 1], [5, 2], [7, 3], [1, 2]]); // prettier-ignore
  const holdout = sums([[2, 1], [4, 3]]); // prettier-ignore

  test('by hand: slope, difference, standard error and width', () => {
    // Within the arms: Sxx = 2 + 2, Sxy = 4 + 2, Syy = 20 + 2: theta 1.5. Means 4 and 3, covariate 2 and 2.
    const one = estimateEffect({ treated, holdout, progress: 1, alpha: 0.05 });
    expect(one.theta).toBeCloseTo(1.5, 12);
    expect(one.difference).toBeCloseTo(1, 12);
    expect(one.varianceReduction).toBeCloseTo((1.5 * 6) / 22, 12);
    // Residual squares: treated 20 - 2·1.5·4 + 2.25·2 = 12.5; holdout 2 - 2·1.5·2 + 2.25·2 = .5
    const welch = 12.5 / 3 / 4 + 0.5 / 1 / 2;
    const pooled = (13 / 4) * (1 / 4 + 1 / 2);
    expect(one.standardError).toBeCloseTo(Math.sqrt(Math.max(welch, pooled)), 12);
    expect((one.high - one.low) / 2).toBeCloseTo(3.0352 * one.standardError, 3);
  });

  test('an earlier look is wider in standard errors, and nobody is surprised by an empty arm', () => {
    const early = estimateEffect({ treated, holdout, progress: 0.1, alpha: 0.05 });
    const late = estimateEffect({ treated, holdout, progress: 1, alpha: 0.05 });
    expect(early.high - early.low).toBeGreaterThan(1.2 * (late.high - late.low));
    const nobody = sums([]);
    expect(estimateEffect({ treated, holdout: nobody, progress: 1, alpha: 0.05 })).toMatchObject({
      treatedMean: 4,
      holdoutMean: 0,
      low: 0,
      high: 0,
      pValue: 1,
    });
  });
});

describe('looked at every day of 60, on skewed spend', () => {
  const RUNS = 300;

  function play(options: Partial<PeekingOptions>): Record<keyof Peeked, number> {
    const all: PeekingOptions = {
      people: 1500,
      holdoutShare: 0.2,
      looks: 60,
      baseOrders: 0.2,
      rateShape: 0.5,
      amountSpread: 0.9,
      lift: 0,
      ...options,
    };
    const counts = { won: 0, lost: 0, wonAtEnd: 0, missed: 0, plainAlarm: 0 };
    for (let seed = 0; seed < RUNS; seed++) {
      const seen = peek(all, seededRandom(`peeking ${String(seed)}`));
      for (const key of Object.keys(counts) as (keyof Peeked)[]) counts[key] += Number(seen[key]);
    }
    return counts;
  }

  /** Chance of so many alarms or more where the true rate is 5 %: P(Binomial(RUNS, .05) ≥ alarms). */
  const chanceOf = (alarms: number) => (alarms === 0 ? 1 : betaCdf(0.05, alarms, RUNS - alarms + 1));

  test.each([
    ['a fifth held back', {}],
    ['a small holdout and a long tail', { holdoutShare: 0.05, amountSpread: 1.5 }],
    ['halves, and people who are all alike', { holdoutShare: 0.5, rateShape: 20, baseOrders: 0.5 }],
    ['a season at the end', { holdoutShare: 0.5, rateShape: 20, baseOrders: 0.5, lateShare: 0.6 }],
  ])('no mail, no more than 5 % alarms: %s', (_, options) => {
    const alarms = play(options);
    expect(chanceOf(alarms.won + alarms.lost)).toBeGreaterThan(0.01);
    // What it replaces: the same look at a plain 95 % interval cries wolf. So the simulation can tell.
    expect(alarms.plainAlarm).toBeGreaterThan(0.15 * RUNS);
  });

  test('a true effect is found, and the interval holds it', () => {
    const found = play({ people: 4000, holdoutShare: 0.3, baseOrders: 0.3, lift: 0.6 });
    expect(found.won).toBeGreaterThan(0.8 * RUNS);
    expect(found.lost).toBe(0);
    expect(chanceOf(found.missed)).toBeGreaterThan(0.01);
  });
});
