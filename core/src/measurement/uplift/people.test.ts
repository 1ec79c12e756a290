import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { learnPeopleUplift, peopleUplift, type PastCampaigns } from './index.ts';

/** People with two features, half of them mailed at random; `chance` of an order. */
function past(people: number, chance: (x: number, mailed: boolean) => number, seed: string): PastCampaigns {
  const random = seededRandom(seed);
  const features = Float64Array.from({ length: people * 2 }, () => random.next());
  const treated = Uint8Array.from({ length: people }, () => (random.next() < 0.5 ? 1 : 0));
  const ordered = Uint8Array.from(treated, (mailed, i) =>
    random.next() < chance(features[i * 2] ?? 0, mailed === 1) ? 1 : 0,
  );
  return { features, names: ['x', 'noise'], treated, ordered };
}

describe('uplift of a store’s own people', () => {
  test('where a mail moves some and puts off others, it says whom', () => {
    const learned = learnPeopleUplift(past(12_000, (x, mailed) => 0.15 + (mailed ? 0.3 * (x - 0.4) : 0), 'moved'));
    if ('missing' in learned) throw new Error(learned.missing);
    expect(learned.recommendation).toBe('target-by-uplift');
    expect(learned.qini?.low).toBeGreaterThan(0);
    const model = learned.model;
    if (!model) throw new Error('no model');
    const [keen, put, same] = peopleUplift(model, Float64Array.from([0.95, 0.5, 0.05, 0.5, 0.95, 0.1]));
    expect(keen).toBeGreaterThan(0.08);
    expect(put).toBeLessThan(0);
    expect(Math.abs((same ?? 0) - (keen ?? 0))).toBeLessThan(0.06);
  });

  test('where all are alike it targets nobody', () => {
    const alike = learnPeopleUplift(past(8000, (_, mailed) => (mailed ? 0.2 : 0.15), 'alike'));
    expect(alike).toMatchObject({ recommendation: 'mail-all', model: null, qini: null });
  });

  test('says how many people are missing', () => {
    expect(learnPeopleUplift(past(300, () => 0.2, 'few'))).toEqual({
      missing: expect.stringMatching(
        /^too_few_people: \d+ in the smaller group of past campaigns, 500 are needed$/,
      ) as string,
    });
  });
});
