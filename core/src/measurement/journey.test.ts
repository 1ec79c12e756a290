import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { peek } from '../testing/index.ts';
import { daysToTell, MOST_DAYS } from './days-to-tell.ts';

/** A journey that runs for half a year: people come in all the time, and each is watched for 60 of its 180 days. */
const JOURNEY = {
  people: 1200,
  holdoutShare: 0.2,
  looks: 60,
  baseOrders: 0.25,
  rateShape: 0.5,
  amountSpread: 0.8,
  lift: 0,
  ownWindow: 1 / 3,
};

describe('a journey that is looked at every three days while people come in', () => {
  test('is called won or lost in fewer than one of twenty where the mails do nothing, a plain interval far more often', () => {
    const runs = Array.from({ length: 400 }, (_, run) => peek(JOURNEY, seededRandom(`journey a/a ${String(run)}`)));
    const share = (is: (seen: (typeof runs)[number]) => boolean): number => runs.filter(is).length / runs.length;
    expect(share(({ won, lost }) => won || lost)).toBeLessThan(0.05);
    expect(share(({ plainAlarm }) => plainAlarm)).toBeGreaterThan(0.2);
  });

  test('keeps a true effect within its interval, and finds it', () => {
    const options = { ...JOURNEY, people: 4000, lift: 1 };
    const runs = Array.from({ length: 120 }, (_, run) => peek(options, seededRandom(`journey a/b ${String(run)}`)));
    const share = (is: (seen: (typeof runs)[number]) => boolean): number => runs.filter(is).length / runs.length;
    expect(share(({ missed }) => missed)).toBeLessThan(0.05);
    expect(share(({ wonAtEnd }) => wonAtEnd)).toBeGreaterThan(0.5);
    expect(runs.some(({ lost }) => lost)).toBe(false);
  });
});

describe('days until it can be told', () => {
  const pace = { watched: 100, perDay: 2, tunedTo: 400, alpha: 0.05 };

  test('fewer the clearer the effect, and never more than a year', () => {
    const days = [0, 1, 2, 2.5, 3].map((z) => daysToTell({ ...pace, z }));
    expect(days).toEqual(days.toSorted((a, b) => b - a));
    expect(days[0]).toBe(MOST_DAYS);
    expect(days.at(-1)).toBeLessThan(30);
    expect(daysToTell({ ...pace, z: 3, perDay: 0 })).toBe(MOST_DAYS);
    expect(daysToTell({ ...pace, z: -3 })).toBe(days.at(-1));
  });
});
