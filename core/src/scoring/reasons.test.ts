import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lifeStage, LIFE_STAGES } from './life-stage.ts';
import { lifeStageName, reason, reasonSentence, type Reason } from './reasons.ts';

const EVERY: Reason[] = [
  { code: 'on_time', days: 0, usual: 21 },
  { code: 'late', days: 63, usual: 21 },
  { code: 'past_boundary', days: 120, boundary: 58 },
  { code: 'one_time', days: 1, usual: 41 },
  { code: 'bought_often', times: 12, every: 25 },
  { code: 'worth', yearly: 43_000 },
  { code: 'likely_gone', percent: 87 },
  { code: 'likely_still_there', percent: 64 },
  { code: 'others_came_back', percent: 31 },
  { code: 'needs_repeat_buyers', have: 1, need: 20 },
  { code: 'needs_history', have: 40, need: 120 },
];

describe('the words of a reason', () => {
  test('every code has a sentence in both languages, with its numbers', () => {
    expect(EVERY.map(({ code }) => code).toSorted()).toEqual(
      reason.options.map((option) => option.shape.code.value).toSorted(),
    );
    for (const one of EVERY)
      for (const language of ['en', 'es'] as const) {
        const sentence = reasonSentence(reason.parse(one), language, 'EUR');
        expect(sentence).toMatch(/^[\p{Lu}\d].*\.$/u);
        expect(sentence).not.toMatch(/undefined|NaN|\{/);
        expect(sentence.split(' ').length).toBeLessThan(22);
      }
  });

  test('as a salesperson says it', () => {
    const say = (one: Reason, language: 'en' | 'es' = 'en', currency = 'EUR'): string =>
      reasonSentence(one, language, currency);
    expect(say({ code: 'late', days: 63, usual: 21 })).toBe('Late: bought 63 days ago, usually every 21 days.');
    expect(say({ code: 'one_time', days: 1, usual: 41 })).toBe(
      'Bought once, 1 day ago; half of those who come back do so within 41 days.',
    );
    expect(say({ code: 'worth', yearly: 43_000 })).toBe('Worth about €\u00a0430 a year while a customer.');
    expect(say({ code: 'worth', yearly: 43_000 }, 'en', 'JPY')).toBe(
      'Worth about ¥\u00a043,000 a year while a customer.',
    );
    expect(say({ code: 'on_time', days: 0, usual: 21 }, 'es')).toBe('Compró hoy; suele comprar cada 21 días.');
    expect(lifeStageName('slipping', 'es')).toBe('En riesgo');
  });
});

describe('life stages', () => {
  const at = (days: number, repeats: number, alive: number | undefined) =>
    lifeStage({ days, repeats, slip: 40, lapse: 90, alive });
  test('by the personal boundaries, and by the chance of being there', () => {
    expect(at(10, 0, undefined)).toBe('new');
    expect(at(10, 3, 0.9)).toBe('active');
    expect(at(41, 0, 0.6)).toBe('slipping');
    expect(at(41, 3, 0.2)).toBe('lapsed');
    expect(at(91, 3, 0.6)).toBe('lapsed');
    expect(at(91, 3, 0.09)).toBe('lost');
    expect(at(91, 3, undefined)).toBe('lapsed');
    expect(at(181, 3, undefined)).toBe('lost');
  });
  test('a longer silence never brings anybody nearer', () => {
    fc.assert(
      fc.property(
        fc.nat(400),
        fc.nat(400),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        (days, more, alive) => {
          const place = (silent: number): number => LIFE_STAGES.indexOf(at(silent, 2, alive));
          expect(place(days + more)).toBeGreaterThanOrEqual(place(days));
        },
      ),
    );
  });
});
