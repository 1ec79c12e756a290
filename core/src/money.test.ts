import { expect, test } from 'vitest';
import { formatMoney } from './money.ts';

test('money is written as people write it, whatever the currency', () => {
  const write = (...words: Parameters<typeof formatMoney>) => formatMoney(...words).replaceAll('\u00a0', ' ');
  expect(write(412_000, 'EUR', 'en')).toBe('€ 4,120');
  expect(write(-412_050, 'EUR', 'en')).toBe('-€ 4,120.50');
  expect(write(412_050, 'EUR', 'es')).toBe('4.120,50 €');
  expect(write(5000, 'JPY', 'en')).toBe('¥ 5,000');
  expect(write(5000, 'CHF', 'en')).toBe('CHF 50');
  expect(write(-0, 'EUR', 'en')).toBe('€ 0');
});
