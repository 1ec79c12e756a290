/**
 * The hours of a zone's own clock in which mail may go, within a window. Pure. Clocks that jump are right by construction:
 * the window is walked in real time, a quarter of an hour at a step, and each step is filed under what the clock on the
 * wall says then. An hour that is skipped in spring has no step; one that comes twice in autumn is one long hour.
 */
import { IANAZone } from 'luxon';
import { NEVER, type IsHoliday } from './holidays.ts';

export interface Slot {
  /** Epoch milliseconds */
  start: number;
  /** How many minutes from `start` are still this hour */
  minutes: number;
  /** 0..23, the wall clock */
  hour: number;
  /** 0..167, 0 = Monday 00:00 */
  weekHour: number;
}

export interface Window {
  from: Date;
  until: Date;
}

/** Hours without mail: from 21 to 8 means 21:00–07:59; from = to means none. */
export interface QuietHours {
  from: number;
  to: number;
}

const MINUTE = 60_000;
/** All zones' clocks differ from UTC, and jump, by whole quarters since 1972. */
const STEP = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BLOCK = 6 * HOUR;
/** Nobody keeps more holidays in a row; who says so is not believed. */
const LONGEST_HOLIDAYS = 14;

export function isQuiet(hour: number, quiet: QuietHours): boolean {
  if (quiet.from === quiet.to) return false;
  if (quiet.from < quiet.to) return hour >= quiet.from && hour < quiet.to;
  return hour >= quiet.from || hour < quiet.to;
}

/**
 * The hours to pick from; a window in which none is allowed is stretched to a day from its beginning, and over holidays as far as it
 * takes: late, not never.
 */
export function sendSlots(timeZone: string, window: Window, quiet: QuietHours, isHoliday: IsHoliday = NEVER): Slot[] {
  const slots = allowedSlots(timeZone, window, quiet, isHoliday);
  if (slots.length > 0 || window.from >= window.until) return slots;
  for (let days = 1; days <= LONGEST_HOLIDAYS; days++) {
    const until = new Date(window.from.getTime() + days * DAY);
    const stretched = allowedSlots(timeZone, { from: window.from, until }, quiet, isHoliday);
    if (stretched.length > 0) return stretched;
  }
  return allowedSlots(timeZone, { from: window.from, until: new Date(window.from.getTime() + DAY) }, quiet);
}

/**
 * All hours of the window that are neither quiet nor of a holiday in this zone, in order. Cut where the window cuts them, to whole
 * minutes.
 */
export function allowedSlots(
  timeZone: string,
  window: Window,
  quiet: QuietHours,
  isHoliday: IsHoliday = NEVER,
): Slot[] {
  const offsetAt = offsetsOf(timeZone);
  const from = Math.ceil(window.from.getTime() / MINUTE) * MINUTE;
  const until = Math.floor(window.until.getTime() / MINUTE) * MINUTE;
  const slots: Slot[] = [];
  const seen = new Set<number>();
  let open: { key: number; slot: Slot } | undefined;
  for (let step = Math.floor(from / STEP) * STEP; step < until; step += STEP) {
    const start = Math.max(step, from);
    const minutes = (Math.min(step + STEP, until) - start) / MINUTE;
    const key = Math.floor((step + offsetAt(step)) / HOUR);
    if (open?.key === key) {
      open.slot.minutes += minutes;
      continue;
    }
    open = undefined;
    const hour = ((key % 24) + 24) % 24;
    if (minutes <= 0 || isQuiet(hour, quiet) || seen.has(key) || isHoliday(dayOf(Math.floor(key / 24)))) continue;
    seen.add(key);
    // 1 January 1970 was a Thursday: the fourth day of a week that starts on Monday.
    const weekHour = ((((Math.floor(key / 24) + 3) % 7) + 7) % 7) * 24 + hour;
    open = { key, slot: { start, minutes, hour, weekHour } };
    slots.push(open.slot);
  }
  return slots;
}

/**
 * Milliseconds to add to UTC, by instant. Asking the zone is slow (it formats a date), so it is asked at the ends of
 * six-hour blocks, and in between only where the two ends differ: no zone's clock jumps there and back in six hours.
 */
function offsetsOf(timeZone: string): (instant: number) => number {
  const zone = IANAZone.create(timeZone);
  const ends = new Map<number, number>();
  const ask = (instant: number): number => zone.offset(instant) * MINUTE;
  const end = (block: number): number => {
    let offset = ends.get(block);
    if (offset === undefined) ends.set(block, (offset = ask(block * BLOCK)));
    return offset;
  };
  return (instant) => {
    const block = Math.floor(instant / BLOCK);
    return end(block) === end(block + 1) ? end(block) : ask(instant);
  };
}

/** The wall clock's hour in a zone. */
export function hourIn(timeZone: string, at: Date): number {
  const local = at.getTime() + IANAZone.create(timeZone).offset(at.getTime()) * MINUTE;
  return ((((local % DAY) + DAY) % DAY) / HOUR) | 0;
}

/** endOfQuiet for many people at one instant: each zone with its holidays is asked once. */
export function quietEnds(at: Date, quiet: QuietHours): (timeZone: string, isHoliday: IsHoliday) => Date {
  const known = new Map<IsHoliday, Map<string, Date>>();
  return (timeZone, isHoliday) => {
    let ends = known.get(isHoliday);
    if (!ends) known.set(isHoliday, (ends = new Map<string, Date>()));
    let end = ends.get(timeZone);
    if (!end) ends.set(timeZone, (end = endOfQuiet(timeZone, at, quiet, isHoliday)));
    return end;
  };
}

/** When the quiet hours and holidays that `at` lies in are over; `at` itself where it lies in none. */
export function endOfQuiet(timeZone: string, at: Date, quiet: QuietHours, isHoliday: IsHoliday = NEVER): Date {
  const local = at.getTime() + IANAZone.create(timeZone).offset(at.getTime()) * MINUTE;
  if (!isQuiet(hourIn(timeZone, at), quiet) && !isHoliday(dayOf(Math.floor(local / DAY)))) return at;
  // Quiet hours are shorter than a day, and a clock jumps by less than another: two days hold an end.
  const two = { from: at, until: new Date(at.getTime() + 2 * DAY) };
  const [first] = allowedSlots(timeZone, two, quiet, isHoliday);
  if (first) return new Date(first.start);
  const [later] = sendSlots(timeZone, two, quiet, isHoliday);
  return later ? new Date(later.start) : at;
}

/** A day of the calendar by its number since 1970-01-01. */
function dayOf(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}
