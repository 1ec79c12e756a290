import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { uuidOf } from '../random.ts';
import { drawsOf, pickMoment } from './moment.ts';
import { storeSettings } from '../accounts/index.ts';
import { holidaysOf } from './holidays.ts';
import { allowedSlots, endOfQuiet, hourIn, isQuiet, sendSlots } from './slot.ts';
import { zoneOf } from './zone.ts';

const HOUR = 3_600_000;
const ZONES = Intl.supportedValuesOf('timeZone');
const quietHours = fc.record({ from: fc.integer({ min: 0, max: 23 }), to: fc.integer({ min: 0, max: 23 }) });

/** Instants in 2026 at which a zone's clock jumps. */
function jumps(zone: string): number[] {
  const found: number[] = [];
  const offset = (at: number): number => DateTime.fromMillis(at, { zone }).offset;
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2027, 0, 1); day += 24 * HOUR) {
    if (offset(day) === offset(day + 24 * HOUR)) continue;
    let [low, high] = [day, day + 24 * HOUR];
    while (high - low > 60_000) {
      const middle = (low + high) / 2;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}

function checkWindow(zone: string, from: number, until: number, quiet: { from: number; to: number }): void {
  const slots = allowedSlots(zone, { from: new Date(from), until: new Date(until) }, quiet);
  // The same, minute by minute, by luxon.
  const allowed = new Map<string, number>();
  for (let at = Math.ceil(from / 60_000) * 60_000; at + 60_000 <= until; at += 60_000) {
    const local = DateTime.fromMillis(at, { zone });
    if (!isQuiet(local.hour, quiet)) allowed.set(local.toFormat('yyyy-MM-dd HH'), at);
  }
  const said = slots.map((slot) => DateTime.fromMillis(slot.start, { zone }).toFormat('yyyy-MM-dd HH'));
  expect(said).toEqual([...allowed.keys()]);
  for (const slot of slots) {
    for (const minute of [0, Math.floor(slot.minutes / 2), slot.minutes - 1]) {
      const at = slot.start + minute * 60_000;
      const local = DateTime.fromMillis(at, { zone });
      expect([local.hour, (local.weekday - 1) * 24 + local.hour]).toEqual([slot.hour, slot.weekHour]);
      expect(at >= from && at < until).toBe(true);
    }
  }
}

describe('the hours of a window', () => {
  test('are right over every jump of every zone’s clock', () => {
    let edges = 0;
    for (const zone of ZONES) {
      for (const jump of jumps(zone)) {
        edges++;
        checkWindow(zone, jump - 5 * HOUR, jump + 5 * HOUR, { from: 3, to: 2 });
        checkWindow(zone, jump - 3 * HOUR, jump + 4 * HOUR, { from: 0, to: 0 });
      }
    }
    expect(edges).toBeGreaterThan(200);
  });

  test('are right in any zone, window and quiet time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2030, 0, 1) }),
        fc.integer({ min: 0, max: 30 * HOUR }),
        quietHours,
        (zone, from, length, quiet) => checkWindow(zone, from, from + length, quiet),
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  test('skip an hour in Madrid’s spring, and stretch one in its autumn', () => {
    const day = (date: string) => {
      const from = DateTime.fromISO(date, { zone: 'Europe/Madrid' });
      return allowedSlots(
        'Europe/Madrid',
        { from: from.toJSDate(), until: from.plus({ hours: 4 }).toJSDate() },
        { from: 0, to: 0 },
      ).map((slot) => [slot.hour, slot.minutes]);
    };
    expect(day('2026-03-29')).toEqual([[0, 60], [1, 60], [3, 60], [4, 60]]); // prettier-ignore
    expect(day('2026-10-25')).toEqual([
      [0, 60],
      [1, 60],
      [2, 120],
    ]);
  });

  test('quiet hours end at their hour', () => {
    const quiet = { from: 21, to: 8 };
    const night = new Date('2026-10-24T20:30:00Z');
    expect(hourIn('Europe/Madrid', night)).toBe(22);
    expect(endOfQuiet('Europe/Madrid', night, quiet)).toEqual(new Date('2026-10-25T07:00:00Z'));
    expect(endOfQuiet('America/Lima', night, quiet)).toEqual(night);
  });
});

describe('a person’s moment', () => {
  const sendWeek = { from: new Date('2026-03-25T00:00:00Z'), until: new Date('2026-04-01T00:00:00Z') };
  const quiet = { from: 21, to: 8 };

  test('never in quiet hours, always in the window, and the same again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.option(fc.integer({ min: 0, max: 167 })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string(),
        (zone, bestHour, share, key) => {
          const slots = allowedSlots(zone, sendWeek, quiet);
          const pick = () => pickMoment(slots, bestHour, share, drawsOf('key', 'spring', key));
          const moment = pick();
          expect(pick()).toEqual(moment);
          const local = DateTime.fromJSDate(moment.at, { zone });
          expect(local.hour).toBe(moment.hour);
          expect(isQuiet(local.hour, quiet)).toBe(false);
          expect(moment.at >= sendWeek.from && moment.at < sendWeek.until).toBe(true);
          if (moment.source === 'preference' && bestHour !== null && !isQuiet(bestHour % 24, quiet))
            expect(moment.hour).toBe(bestHour % 24);
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });

  test('a preference is kept to the weekday, and a quiet one goes to the hour nearest', () => {
    const slots = allowedSlots('Europe/Madrid', sendWeek, quiet);
    const at = (bestHour: number) => {
      const moment = pickMoment(slots, bestHour, 0, drawsOf('key', 'spring', 'someone'));
      return DateTime.fromJSDate(moment.at, { zone: 'Europe/Madrid' }).toFormat('EEE HH');
    };
    expect(at(4 * 24 + 19)).toBe('Fri 19');
    expect(at(4 * 24 + 23)).toMatch(/20$/);
    expect(at(4 * 24 + 3)).toMatch(/08$/);
  });

  test('the shares and hours come out as asked', () => {
    const slots = allowedSlots('Europe/Madrid', sendWeek, quiet);
    const moments = Array.from({ length: 20_000 }, (_, i) =>
      pickMoment(slots, i % 2 === 0 ? 100 : null, 0.1, drawsOf('key', 'spring', uuidOf(String(i)))),
    );
    const share = (source: string) => moments.filter((moment) => moment.source === source).length / moments.length;
    expect(share('random')).toBeCloseTo(0.1, 1);
    expect(share('preference')).toBeCloseTo(0.45, 1);
    const usual = new Set(moments.filter((moment) => moment.source === 'default').map((moment) => moment.hour));
    expect([...usual].toSorted((a, b) => a - b)).toEqual([10, 11, 12, 18, 19, 20]);
    // No minute takes more than a sliver of the campaign.
    const minutes = new Map<number, number>();
    for (const moment of moments.filter((one) => one.source === 'default'))
      minutes.set(moment.at.getTime(), (minutes.get(moment.at.getTime()) ?? 0) + 1);
    expect(Math.max(...minutes.values())).toBeLessThan(30);
  });
});

describe('a person’s zone', () => {
  const find = (timeZone: string | null, timeZoneSource: string | null, country: string | null, bought: Date[] = []) =>
    Object.values(zoneOf({ timeZone, timeZoneSource, country, bought }, 'Europe/Paris'));

  test('is her own, else that of her address, her country, her hours, else the store’s; and it is said from what', () => {
    expect(find('Asia/Tokyo', 'profile', 'ES')).toEqual(['Asia/Tokyo', 'profile']);
    expect(find('America/Denver', 'address', 'US')).toEqual(['America/Denver', 'address']);
    expect(find('Europe/Madrid', 'country', 'ES')).toEqual(['Europe/Madrid', 'country']);
    expect(find('Mars/Base', 'profile', 'gb')).toEqual(['Europe/London', 'country']);
    expect(find(null, null, 'US')).toEqual(['America/New_York', 'country']);
    expect(find(null, null, null)).toEqual(['Europe/Paris', 'store']);
    expect(find(null, null, 'XX')).toEqual(['Europe/Paris', 'store']);
  });

  test('is guessed from her orders only where the store’s clock would have her buy at night', () => {
    const evenings = (zone: string, orders: number, hours: number[]) =>
      Array.from({ length: orders }, (_, i) =>
        DateTime.fromObject(
          { year: 2026, month: 1, day: 1 + i, hour: hours[i % hours.length]!, minute: 20 },
          { zone },
        ).toJSDate(),
      );
    const [zone, source] = find(null, null, null, evenings('America/Los_Angeles', 30, [9, 12, 16, 19, 20, 21]));
    expect(source).toBe('behaviour');
    const offset = DateTime.fromISO('2026-01-15', { zone: zone as string }).offset / 60;
    expect(Math.abs(offset + 8)).toBeLessThanOrEqual(3);
    expect(find(null, null, null, evenings('Europe/Madrid', 30, [9, 12, 16, 19, 20, 21]))[1]).toBe('store');
    expect(find(null, null, null, evenings('America/Los_Angeles', 11, [20]))[1]).toBe('store');
    // Dates without a time say nothing.
    expect(
      find(
        null,
        null,
        null,
        Array.from({ length: 40 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i))),
      )[1],
    ).toBe('store');
  });
});

describe('holidays', () => {
  const store = (holidays: { publicOnes?: boolean; own?: string[] }) => ({
    country: 'ES',
    settings: storeSettings.parse({ holidays }),
  });

  test('the public ones where a person lives, and the store’s own for everybody; none unless asked for', async () => {
    const none = await holidaysOf(store({}));
    expect([none.any, none.in('ES')('2027-01-06')]).toEqual([false, false]);
    const both = await holidaysOf(store({ publicOnes: true, own: ['2027-02-01'] }));
    // Epiphany is one in Spain, not in Britain; nobody works at Christmas.
    expect(['2027-01-06', '2027-12-25', '2027-02-01', '2027-02-02'].map(both.in('es'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(['2027-01-06', '2027-12-27', '2027-02-01'].map(both.in('GB'))).toEqual([false, true, true]);
    expect(both.in(null)('2027-01-06')).toBe(true);
    expect(both.in('XX')('2027-12-25')).toBe(false);
    const own = await holidaysOf(store({ own: ['2027-02-01'] }));
    expect([own.in('ES')('2027-02-01'), own.in('ES')('2027-12-25')]).toEqual([true, false]);
  });

  test('have no hours, and what waits goes after them', () => {
    const quiet = { from: 21, to: 8 };
    const isHoliday = (day: string) => day >= '2026-12-24' && day <= '2026-12-26';
    const eve = { from: new Date('2026-12-23T23:00:00Z'), until: new Date('2026-12-28T00:00:00Z') };
    const days = sendSlots('Europe/Madrid', eve, quiet, isHoliday).map(({ start }) =>
      new Date(start).toISOString().slice(0, 10),
    );
    expect([...new Set(days)]).toEqual(['2026-12-27']);
    // A window of holidays alone is stretched past them.
    const inside = { from: eve.from, until: new Date('2026-12-25T00:00:00Z') };
    expect(sendSlots('Europe/Madrid', inside, quiet, isHoliday)[0]?.start).toBe(Date.UTC(2026, 11, 27, 7));
    expect(endOfQuiet('Europe/Madrid', new Date('2026-12-24T11:00:00Z'), quiet, isHoliday)).toEqual(
      new Date('2026-12-27T07:00:00Z'),
    );
    expect(endOfQuiet('Europe/Madrid', new Date('2026-12-27T11:00:00Z'), quiet, isHoliday)).toEqual(
      new Date('2026-12-27T11:00:00Z'),
    );
    // Whoever says that every day is one is not believed.
    expect(sendSlots('Europe/Madrid', inside, quiet, () => true).length).toBeGreaterThan(0);
  });
});

/**
 * R6: whoever has an hour gets one mail in it, whatever her clock does. A day's sending is lived through minute by minute over both
 * jumps of every zone's clock, an hour of skew either way, and a clock that is put back.
 */
test('over every jump of every zone’s clock a mail fires exactly once, never in quiet hours', () => {
  const quiet = { from: 22, to: 7 };
  let lived = 0;
  for (const zone of ZONES)
    for (const jump of jumps(zone)) {
      const window = { from: new Date(jump - 18 * HOUR), until: new Date(jump + 30 * HOUR) };
      const slots = sendSlots(zone, window, quiet);
      for (const [person, bestHour] of [null, 2, 3, 7, 21, 26].entries()) {
        const moment = pickMoment(slots, bestHour, 0.2, drawsOf('key', zone, String(person)));
        let [fired, skew] = [0, 0];
        let sent = false;
        for (let now = window.from.getTime(); now < window.until.getTime() + 12 * HOUR; now += 10 * 60_000) {
          // The worker's clock: an hour ahead for a while, then an hour behind.
          skew = now < jump ? HOUR : -HOUR;
          const at = new Date(now + skew);
          if (sent || at < moment.at) continue;
          if (endOfQuiet(zone, at, quiet) > at) continue;
          sent = true;
          fired++;
          expect(isQuiet(DateTime.fromJSDate(at, { zone }).hour, quiet)).toBe(false);
        }
        expect([zone, fired]).toEqual([zone, 1]);
        lived++;
      }
    }
  expect(lived).toBeGreaterThan(1200);
}, 120_000);
