import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { fitOfferResponse, needsOffer, offerUplift, type OfferTrial } from './index.ts';

/** People with one feature in [0, 1); `chance` of an order by it and by whether the mail had the offer. */
function trial(people: number, chance: (feature: number, offered: boolean) => number, cost = 0.1): OfferTrial {
  const random = seededRandom(`offer ${String(people)} ${String(cost)} ${chance.toString()}`);
  const features = Float64Array.from({ length: people }, () => random.next());
  const offered = Uint8Array.from({ length: people }, () => (random.next() < 0.5 ? 1 : 0));
  const ordered = Uint8Array.from(features, (feature, i) =>
    random.next() < chance(feature, offered[i] === 1) ? 1 : 0,
  );
  return { features, names: ['x'], offered, ordered, cost };
}

describe('who needs the offer', () => {
  test('is told by person where people differ', () => {
    const model = fitOfferResponse(trial(20_000, (x, offered) => 0.1 + (offered ? 0.25 * x : 0)));
    expect(model.advice).toBe('by_person');
    expect(needsOffer(model, [0.95])).toBe(true);
    expect(needsOffer(model, [0.02])).toBe(false);
    expect(offerUplift(model, [0.9])).toBeGreaterThan(offerUplift(model, [0.1]) + 0.1);
    expect(model.warnings).toEqual([]);
  });

  test('everybody where it pays for all alike', () => {
    const model = fitOfferResponse(trial(20_000, (_, offered) => (offered ? 0.2 : 0.1)));
    expect(model.advice).toBe('to_all');
    expect(model.effect.low).toBeLessThan(0.1);
    expect(model.effect.high).toBeGreaterThan(0.1);
    expect(needsOffer(model, [0.5])).toBe(true);
  });

  test('nobody where it only gives money away', () => {
    // More orders, and still less than what the discount costs on those that come anyway.
    const model = fitOfferResponse(trial(40_000, (_, offered) => (offered ? 0.21 : 0.2), 0.2));
    expect(model.net.high).toBeLessThan(0);
    expect(model.advice).toBe('to_nobody');
    expect(needsOffer(model, [0.5])).toBe(false);
  });

  test('sees no difference between people in noise, at most once in twenty', () => {
    const seen = Array.from({ length: 40 }, (_, i) =>
      fitOfferResponse(trial(2000 + i, (_, offered) => (offered ? 0.2 : 0.1))),
    ).filter((model) => model.advice === 'by_person').length;
    expect(seen).toBeLessThanOrEqual(2);
  });

  test('says how much is missing', () => {
    const model = fitOfferResponse(trial(200, () => 0.05));
    expect(model.warnings[0]).toMatch(/^too_few_orders: \d+ in the smaller group, 50 are needed$/);
  });
});
