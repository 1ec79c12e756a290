/**
 * Times as order logs write them. With an offset they say an instant; without one they mean the clock of a zone. A bare date
 * stands for its noon, so that it stays the same day wherever it is looked at from nearby.
 */

/** year-month-day, then hour:minute[:second[.fraction]] and an offset, each where it is written */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;
/** month/day/year hour:minute, as spreadsheets write it in the United States */
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;

export type ReadTime = (text: string) => Date | undefined;

/** Reads ISO 8601 and, where asked for, the American form. The same text twice in a row gives the same object. */
export function timeReader(timeZone: string, american = false): ReadTime {
  const offset = offsetsOf(timeZone);
  let lastText: string | undefined;
  let last: Date | undefined;
  return (text) => {
    if (text === lastText) return last;
    lastText = text;
    last = readUtc(text) ?? readIso(text, offset) ?? (american ? readAmerican(text, offset) : undefined);
    return last;
  };
}

/** yyyymmdd */
export function compactDateReader(timeZone: string): ReadTime {
  const offset = offsetsOf(timeZone);
  return (text) => {
    const parts = COMPACT.exec(text);
    return parts ? local([parts[1], parts[2], parts[3], 12, 0, 0], 0, offset) : undefined;
  };
}

/** The form that most logs have, 2026-01-02T03:04:05Z with or without three decimals: digit by digit, ten times as fast. */
function readUtc(text: string): Date | undefined {
  const { length } = text;
  if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== 90) return undefined;
  const marks = text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
  if (!marks || (length === 24 && text[19] !== '.')) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const thousandths = length === 24 ? digits(text, 20, 23) : 0;
  // What is not in the calendar's every month is left to the slow way, which looks closely. NaN is not in any.
  const plain =
    year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59 && second <= 59;
  return plain && thousandths >= 0
    ? new Date(Date.UTC(year, month - 1, day, hour, minute, second, thousandths))
    : undefined;
}

/** NaN where any of them is none. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function readIso(text: string, offset: (local: number) => number): Date | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = ISO.exec(text) ?? [];
  if (year === undefined) return undefined;
  const thousandths = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const parts = [year, month, day, hour ?? 12, minute ?? 0, second ?? 0];
  if (zone === undefined) return local(parts, thousandths, offset);
  const shift = zone === 'Z' || zone === 'UTC' ? 0 : minutesOf(zone) * 60_000;
  return local(parts, thousandths, () => shift);
}

function minutesOf(zone: string): number {
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
}

function readAmerican(text: string, offset: (local: number) => number): Date | undefined {
  const [, month, day, year, hour, minute] = AMERICAN.exec(text) ?? [];
  return year === undefined ? undefined : local([year, month, day, hour, minute, 0], 0, offset);
}

/** Undefined for a day or an hour that no calendar has: Date would roll it over. */
function local(
  parts: (string | number | undefined)[],
  thousandths: number,
  offset: (local: number) => number,
): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  const as = Date.UTC(year, month - 1, day, hour, minute, second, thousandths);
  const made = new Date(as);
  // Date.UTC takes years below 100 for 19xx; none of them is an order's.
  if (made.getUTCDate() !== day || made.getUTCFullYear() !== year) return undefined;
  return new Date(as - offset(as));
}

const HOUR = 3_600_000;
/** Hours of which the offset is remembered at once. */
const REMEMBERED = 200_000;

/**
 * The offset (ms east of UTC) of a zone at a local time. An hour that the clock skips is read with the offset before the
 * change, an hour that comes twice is its first. Remembered by the hour: zones change at whole hours or, rarely, at halves,
 * and then only the hour of the change itself is read wrong.
 */
function offsetsOf(timeZone: string): (local: number) => number {
  if (timeZone === 'UTC') return () => 0;
  const remembered = new Map<number, number>();
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  function at(instant: number): number {
    const parts: Record<string, number> = {};
    for (const part of format.formatToParts(instant)) parts[part.type] = Number(part.value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  }
  return (local) => {
    const hour = Math.floor(local / HOUR);
    let offset = remembered.get(hour);
    if (offset === undefined) {
      const before = at(hour * HOUR - 24 * HOUR);
      const guess = at(hour * HOUR - before);
      offset = guess === before || at(hour * HOUR - guess) !== guess ? before : guess;
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(hour, offset);
    }
    return offset;
  };
}
