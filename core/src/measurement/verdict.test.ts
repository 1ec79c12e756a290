import { expect, test } from 'vitest';
import { verdictSentence, type Judged } from './verdict.ts';

const look: Judged = {
  metric: 'revenue',
  estimate: 412_344,
  low: 88_100,
  high: 731_200,
  verdict: 'won',
  detail: { daysLeft: 9, enough: true },
};
const say = (change: Partial<Judged>, language: 'en' | 'es' = 'en') =>
  verdictSentence({ ...look, ...change }, { language, currency: 'EUR' }).replaceAll('\u00a0', ' ');

test('the verdict is one sentence with no more digits than are known', () => {
  expect(say({})).toBe('€ 4,120 more than without, between € 900 and € 7,300');
  expect(say({}, 'es')).toBe('4.120 € más que sin correo, entre 900 € y 7.300 €');
  expect(say({ verdict: 'lost', estimate: -412_344, low: -731_200, high: -88_100 })).toBe(
    '€ 4,120 less than without, between € 900 and € 7,300',
  );
  expect(say({ estimate: 344, low: 12, high: 431 })).toBe('€ 3.44 more than without, between € 0.10 and € 4.30');
});

test('an open window says how long, a closed one what is still possible', () => {
  expect(say({ verdict: 'not_yet', low: -1 })).toBe('not yet: about 9 more days');
  expect(say({ verdict: 'not_yet', detail: { daysLeft: 1, enough: true } })).toBe('not yet: about 1 more day');
  expect(say({ verdict: 'not_yet' }, 'es')).toBe('todavía no: unos 9 días más');
  expect(say({ verdict: 'nothing_seen', low: -88_100 })).toBe(
    'no difference seen: between € 900 less and € 7,300 more',
  );
  expect(say({ verdict: 'nothing_seen', low: -3000 })).toBe('no difference seen: between nothing and € 7,300 more');
  expect(say({ verdict: 'nothing_seen', detail: { daysLeft: 0, enough: false } })).toBe('too few orders to tell');
  expect(say({ verdict: 'broken' })).toMatch(/cannot be trusted/);
});

test('counts have their own words', () => {
  const orders: Partial<Judged> = { metric: 'orders', estimate: 38.2, low: 11.7, high: 60.1 };
  expect(say(orders)).toBe('38 orders more than without, between 12 and 60');
  expect(say({ metric: 'return_rate', verdict: 'nothing_seen', estimate: 0.4, low: -2.2, high: 1.4 })).toBe(
    'no difference seen: between 2 fewer and 1 more returning customer',
  );
  expect(say(orders, 'es')).toBe('38 pedidos más que sin correo, entre 12 y 60');
});
