import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countryOf } from './countries.ts';
import { parseDecimal, placesOf, shiftDown } from './money.ts';
import { timeReader } from './times.ts';

test('decimal text becomes the integer that its digits say', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), fc.constantFrom(0, 2, 3), (units, places) => {
      const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
      const whole = digits.slice(0, digits.length - places);
      const text = `${units < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
      expect(parseDecimal(text, places)).toBe(Number(units));
    }),
  );
});

test('the smallest unit is the currency’s; what is finer is rounded half away from zero', () => {
  expect(['EUR', 'JPY', 'KWD'].map(placesOf)).toEqual([2, 0, 3]);
  const read = (text: string, places = 2): unknown => parseDecimal(text, places);
  expect([read('1.005'), read('-1.005'), read('1.0049'), read('0.1'), read('.5'), read('5.'), read(' 7 ')]).toEqual([
    101, -101, 100, 10, 50, 500, 700,
  ]);
  expect([read('1234', 0), read('1234.5', 0), read('1.2345', 3)]).toEqual([1234, 1235, 1235]);
  expect(['', '-', '.', '1,5', '1 000', '€5', '1e3', '0x1', '1.2.3', '9'.repeat(20)].map((text) => read(text))).toEqual(
    Array.from({ length: 10 }, () => undefined),
  );
  expect(parseDecimal('12,5', 2, 44)).toBe(1250);
  expect([shiftDown(1500, 3), shiftDown(1499, 3), shiftDown(-1500, 3), shiftDown(-1499, 3)]).toEqual([2, 1, -2, -1]);
});

test('a time without a zone is a time of the shop’s clock, all through the year', () => {
  const london = timeReader('Europe/London', true);
  expect(london('2011-07-01 12:00')).toEqual(new Date('2011-07-01T11:00:00Z'));
  expect(london('2011-12-01 12:00')).toEqual(new Date('2011-12-01T12:00:00Z'));
  expect(london('12/1/2010 8:26')).toEqual(new Date('2010-12-01T08:26:00Z'));
  // The hour that comes twice is its first.
  expect(london('2011-10-30 01:30')).toEqual(new Date('2011-10-30T00:30:00Z'));
  // The hour that does not come is read with the offset before.
  expect(london('2011-03-27 01:30')).toEqual(new Date('2011-03-27T01:30:00Z'));
  expect(timeReader('America/New_York')('1997-01-01')).toEqual(new Date('1997-01-01T17:00:00Z'));
  const utc = timeReader('UTC');
  expect(utc('2026-01-02T03:04:05.678+05:30')).toEqual(new Date('2026-01-01T21:34:05.678Z'));
  expect(['2026-13-01', '2026-02-29', '2026-01-01T24:00', '01/02/2026 10:00', 'x'].map((text) => utc(text))).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test('a local time and its instant agree in every zone, but in the hours of a change', () => {
  const zones = ['Europe/Madrid', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ min: new Date('1995-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      (timeZone, date) => {
        const instant = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
        const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
        fc.pre(!changes(timeZone, instant));
        expect(timeReader(timeZone)(format.format(instant))).toEqual(instant);
      },
    ),
    { numRuns: 300 },
  );
});

/** Whether the zone's offset changes within three hours. */
function changes(timeZone: string, instant: Date): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = (ms: number): string | undefined =>
    format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value;
  return name(instant.getTime() - 3 * 3_600_000) !== name(instant.getTime() + 3 * 3_600_000);
}

test('countries are known by code and by the names that shops use', () => {
  expect(
    ['ES', 'gb', 'Spain', 'Deutschland', 'EIRE', 'RSA', 'USA', 'Channel Islands', 'Czech Republic'].map(countryOf),
  ).toEqual(['ES', 'GB', 'ES', 'DE', 'IE', 'ZA', 'US', 'JE', 'CZ']);
  expect(['', 'Unspecified', 'European Community', 'Atlantis'].map(countryOf)).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
});
