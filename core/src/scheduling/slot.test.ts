import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { uuidOf } from '../random.ts';
import { drawsOf, pickMoment } from './moment.ts';
import { allowedSlots, endOfQuiet, hourIn, isQuiet } from './slot.ts';
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

test('a person’s zone is her own, else her country’s, else the store’s', () => {
  expect(zoneOf('Asia/Tokyo', 'ES', 'Europe/Paris')).toBe('Asia/Tokyo');
  expect(zoneOf('Mars/Base', 'gb', 'Europe/Paris')).toBe('Europe/London');
  expect(zoneOf(null, 'US', 'Europe/Paris')).toBe('America/Chicago');
  expect(zoneOf(null, null, 'Europe/Paris')).toBe('Europe/Paris');
  expect(zoneOf(null, 'XX', 'Europe/Paris')).toBe('Europe/Paris');
});
