import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phoneNumber } from './phone.ts';

test.each([
  ['+34 612 345 678', undefined, '+34612345678'],
  ['0034 612-345-678', undefined, '+34612345678'],
  ['612 34 56 78', 'ES', '+34612345678'],
  ['030 901820', 'DE', '+4930901820'],
  ['+49 (0)30 901820', 'FR', '+4930901820'],
  ['(415) 555-0132', 'US', '+14155550132'],
  ['1 415 555 0132', 'us', '+14155550132'],
  ['06 6982', 'IT', '+39066982'],
  // Not to be read as a number of anybody's: kept as it was told.
  ['612 34 56 78', undefined, '612 34 56 78'],
  ['555-0132 ext. 12', 'US', '555-0132 ext. 12'],
  ['+12', undefined, '+12'],
  ['ask for Ann', 'ES', 'ask for Ann'],
  [undefined, 'ES', undefined],
])('%s of %s is %s', (told, country, number) => {
  expect(phoneNumber(told, country)).toBe(number);
});

test('a number that is read once is not read otherwise again, however it is written', () => {
  const digits = fc.stringMatching(/^[1-9]\d{7,13}$/);
  const blanks = fc.array(fc.constantFrom(' ', '-', '.', ''), { minLength: 15, maxLength: 15 });
  fc.assert(
    fc.property(digits, blanks, fc.constantFrom('+', '00'), (number, between, prefix) => {
      const told = prefix + [...number].map((digit, i) => digit + (between[i] ?? '')).join('');
      const read = phoneNumber(told, 'ES');
      expect(read).toBe(`+${number}`);
      expect(phoneNumber(read, 'US')).toBe(read);
    }),
  );
});
