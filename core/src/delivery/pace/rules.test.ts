import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { judgeHealth, slowedDay, type Health } from './health.ts';
import { mailboxOf } from './mailbox.ts';
import { paceAt, SLOWEST, stepBack, take, type Rate } from './rate.ts';
import { warmUpDay, warmUpPlan } from './warm-up.ts';

const START = new Date('2026-03-01T00:00:00Z');
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000);

test('a mailbox belongs to its provider, whatever its domain ends in', () => {
  const told = [
    'a@gmail.com',
    'a@Hotmail.es',
    'a@outlook.com',
    'a@yahoo.co.jp',
    'a@me.com',
    'a@web.de',
    'a@shop.example',
  ];
  expect(told.map(mailboxOf)).toEqual(['gmail', 'microsoft', 'microsoft', 'yahoo', 'apple', 'gmx', 'other']);
});

describe('warm-up', () => {
  test('begins with 300, grows by a fifth a day, and ends', () => {
    const plan = warmUpPlan(0, 100);
    expect(plan.slice(0, 4)).toEqual([
      { day: 1, allowed: 300 },
      { day: 2, allowed: 360 },
      { day: 3, allowed: 432 },
      { day: 4, allowed: 518 },
    ]);
    expect(plan.map(({ day }) => day)).toEqual(plan.map((_, i) => i + 1));
    expect(plan.length).toBeLessThan(50);
    expect(plan.at(-1)!.allowed).toBeLessThan(1_000_000);
    expect(warmUpDay(900_000)).toBeNull();
  });

  test('a day that was hardly used does not count as a step', () => {
    expect(warmUpDay(12)).toEqual({ day: 1, allowed: 300 });
    expect(warmUpDay(310)).toEqual({ day: 3, allowed: 372 });
  });
});

describe('complaints and bounces', () => {
  const normal: Health = { state: 'normal', reason: null };
  const judge = (sent: number, complaints: number, bounces = 0, before: Health = normal) =>
    judgeHealth({ sent, complaints, bounces }, before).state;

  test.each([
    [20, 1, 0, 'normal'],
    [20, 2, 4, 'normal'],
    [10_000, 9, 0, 'normal'],
    [10_000, 10, 0, 'slowed'],
    [10_000, 29, 0, 'slowed'],
    [10_000, 30, 0, 'stopped'],
    [300, 4, 0, 'slowed'],
    [300, 5, 0, 'stopped'],
    [400, 0, 9, 'normal'],
    [500, 0, 10, 'slowed'],
    [400, 0, 20, 'stopped'],
  ])('%i mails, %i complaints, %i bounces: %s', (sent, complaints, bounces, state) => {
    expect(judge(sent, complaints, bounces)).toBe(state);
  });

  test('a stop holds until a person ends it; a brake ends by itself', () => {
    const stopped = judgeHealth({ sent: 1000, complaints: 9, bounces: 0 }, normal);
    expect(stopped).toEqual({
      state: 'stopped',
      reason: { cause: 'complaints', count: 9, sent: 1000, bound: 0.003 },
    });
    expect(judge(100_000, 0, 0, stopped)).toBe('stopped');
    const slowed = judgeHealth({ sent: 3000, complaints: 4, bounces: 0 }, normal);
    expect(slowed.state).toBe('slowed');
    expect(judge(10_000, 4, 0, slowed)).toBe('normal');
    expect([slowedDay(0), slowedDay(4000)]).toEqual([100, 1000]);
  });

  test('more trouble never does less', () => {
    const grave = { normal: 0, slowed: 1, stopped: 2 };
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(500), fc.nat(5000), fc.nat(50), (sent, complaints, bounces, more) => {
        const one = judgeHealth({ sent, complaints, bounces }, normal).state;
        expect(
          grave[judgeHealth({ sent, complaints: complaints + more, bounces }, normal).state],
        ).toBeGreaterThanOrEqual(grave[one]);
        expect(grave[judgeHealth({ sent, complaints, bounces: bounces + more }, normal).state]).toBeGreaterThanOrEqual(
          grave[one],
        );
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('a pace', () => {
  test('is halved, grows again, and is forgotten at twice what was too much', () => {
    const rate = stepBack(null, START, { perSecond: 40, growth: 0.01 });
    expect(paceAt(rate, START)).toBe(20);
    expect(paceAt(rate, after(50))).toBeCloseTo(40);
    expect(paceAt(rate, after(149))).toBeLessThan(80);
    expect(paceAt(rate, after(150))).toBeNull();
    // Refusals that were under way at the step say nothing new; later ones do.
    expect(stepBack(rate, after(3), { perSecond: 40, growth: 0.01 }).perSecond).toBe(20);
    expect(stepBack(rate, after(10), { perSecond: 40, growth: 0.01 }).perSecond).toBeCloseTo(12);
    expect(
      stepBack({ ...rate, perSecond: SLOWEST, ceiling: SLOWEST }, after(6), { perSecond: 40, growth: 0.01 }).perSecond,
    ).toBe(SLOWEST);
  });

  test('never gives more than its seconds hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.record({ wait: fc.integer({ min: 0, max: 3000 }), wanted: fc.integer({ min: 1, max: 300 }) }), {
          maxLength: 40,
        }),
        (perSecond, asks) => {
          let rate: Rate = {
            perSecond,
            ceiling: perSecond * 100,
            steppedAt: START,
            tokens: 0,
            refilledAt: START,
            growth: 0.01,
          };
          let now = START.getTime();
          let most = 0;
          let sum = 0;
          for (const { wait, wanted } of asks) {
            const before = paceAt(rate, new Date(now)) ?? 0;
            now += wait;
            const pace = paceAt(rate, new Date(now));
            if (pace === null) return;
            most += (Math.max(before, pace) * wait) / 1000;
            const { granted, left, waitMs } = take(rate, new Date(now), wanted);
            expect(granted).toBeLessThanOrEqual(wanted);
            expect(waitMs > 0).toBe(granted === 0);
            sum += granted;
            rate = left;
          }
          expect(sum).toBeLessThanOrEqual(most + 1e-6);
        },
      ),
      { seed: 6, numRuns: 300 },
    );
  });
});
