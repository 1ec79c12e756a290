import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proposeHoldout } from './holdout.ts';

test('a larger audience needs a smaller share', () => {
  const outcome = { baselineRate: 0.1 };
  const shares = [10_000, 20_000, 40_000, 1_000_000].map((audience) =>
    proposeHoldout({ audience, outcome, effect: 0.02 }),
  );
  expect(shares.map((one) => Math.round(one.share * 1000) / 1000)).toEqual([0.5, 0.228, 0.095, 0.05]);
  expect(shares.map((one) => one.enough)).toEqual([false, true, true, true]);
});

test('power by hand: 10,000 people, half held back, sd 20, effect 1.6', () => {
  // se = 20 · sqrt(4 / 10,000) = .4; width 3.0352 standard errors; power = P(Z < 4 - 3.0352) = .8327
  const proposal = proposeHoldout({ audience: 10_000, outcome: { mean: 5, variance: 400 }, effect: 1.6 });
  expect(proposal.enough).toBe(true);
  expect(proposal.power).toBeCloseTo(0.8, 6);
  expect(proposal.share).toBeLessThan(0.5);
  const half = proposeHoldout({ audience: 10_000, outcome: { mean: 5, variance: 400 }, effect: 1.5 });
  expect(half).toMatchObject({ share: 0.5, enough: false });
  expect(half.detectableEffect).toBeCloseTo(0.4 * (3.0352 + 0.8416), 3);
});

test('the share is the smallest that has the power, whatever is asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1_000_000 }),
      fc.double({ min: 0.001, max: 0.6, noNaN: true }),
      fc.double({ min: 0.0005, max: 0.3, noNaN: true }),
      (audience, baselineRate, effect) => {
        const proposal = proposeHoldout({ audience, outcome: { baselineRate }, effect });
        expect(proposal.share).toBeGreaterThanOrEqual(0.05);
        expect(proposal.share).toBeLessThanOrEqual(0.5);
        if (proposal.share > 0.05 && proposal.share < 0.5) expect(proposal.power).toBeCloseTo(0.8, 6);
        if (proposal.share === 0.5) expect(proposal.power).toBeLessThan(0.8 + 1e-6);
      },
    ),
  );
});
