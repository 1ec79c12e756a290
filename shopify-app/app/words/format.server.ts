/**
 * Numbers, money and dates in words, in the store's language, currency and zone. Made on the server once: a browser may know
 * other spaces and other month names, and would write the page anew over the reader's eyes.
 */
import { formatMoney, languageOf, LOCALES, type Language, type StoreFacts } from '@rekindle/core';

const DAY = 86_400_000;

/** The language of the pages that are written in one only. */
export const LANGUAGE = 'en';

const OWN = {
  en: {
    people: (count: string, one: boolean) => `${count} ${one ? 'person' : 'people'}`,
    days: (count: string, one: boolean) => `${count} ${one ? 'day' : 'days'}`,
    under: (share: string) => `under ${share}`,
    over: (share: string) => `over ${share}`,
  },
  es: {
    people: (count: string, one: boolean) => `${count} ${one ? 'persona' : 'personas'}`,
    days: (count: string, one: boolean) => `${count} ${one ? 'día' : 'días'}`,
    under: (share: string) => `menos del ${share}`,
    over: (share: string) => `más del ${share}`,
  },
};

/** The format of a page that is written in every language: in the store's own. */
export const storeFormat = (store: StoreFacts): Format => formatFor(store, languageOf(store.language));

export type Format = ReturnType<typeof formatFor>;

export function formatFor(store: StoreFacts, language: Language = LANGUAGE) {
  const own = OWN[language];
  const locale = localeOf(store.language, language);
  const zone = store.timeZone;
  const digits = minorDigits(store.currency);
  const number = new Intl.NumberFormat(locale, { useGrouping: 'always' });
  const money = (minor: number, decimals?: number) => formatMoney(minor, store.currency, language, decimals);
  const short = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: store.currency,
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const day = date({ day: 'numeric', month: 'short', year: 'numeric' });
  const dayOfYear = date({ day: 'numeric', month: 'short' });
  const time = date({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const year = date({ year: 'numeric' });
  const count = (value: number) => number.format(value);
  const ofNow = (at: Date) => year.format(at) === year.format(store.now);
  return {
    language,
    count,
    /** With so many digits after the point */
    decimal: (value: number, digits: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    /** "1 person", "1,204 people" */
    people: (value: number) => own.people(count(value), value === 1),
    plural: (value: number, one: string, many: string) => `${count(value)} ${value === 1 ? one : many}`,
    /** Exact, from minor units */
    money: (minor: number) => money(minor),
    /** Without cents, from minor units */
    moneyWhole: (minor: number) => money(Math.round(minor / 10 ** digits) * 10 ** digits),
    /** € 1.2M: for axes and where there is no room */
    moneyShort: (minor: number) => short.format(minor / 10 ** digits),
    /** An estimate, with one digit more than its interval of this width can tell apart */
    moneyKnown: (minor: number, width: number) => money(rounded(minor, width / 10, 10 ** digits)),
    /** An end of an interval of this width: two digits of it */
    moneyBound: (minor: number, width: number) => money(rounded(minor, width, 10 ** digits)),
    /** 0..1 as a whole per cent; one digit below ten, and never 0 % or 100 % for what is neither */
    share: (value: number) => {
      const percent = new Intl.NumberFormat(locale, {
        style: 'percent',
        maximumFractionDigits: value > 0 && value < 0.1 ? 1 : 0,
      });
      if (value > 0 && value < 0.001) return own.under(percent.format(0.001));
      if (value < 1 && value > 0.995) return own.over(percent.format(0.99));
      return percent.format(value);
    },
    /** "3 Mar", with the year where it is another one */
    day: (at: Date) => (ofNow(at) ? dayOfYear : day).format(at),
    fullDay: (at: Date) => day.format(at),
    time: (at: Date) => time.format(at),
    ago: (at: Date) => ago(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }), at, store.now),
    days: (value: number) => own.days(count(Math.max(0, Math.round(value))), Math.round(value) === 1),
    hour: (hour: number) =>
      new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
        new Date(Date.UTC(2026, 0, 1, hour)),
      ),
  };
}

/** Whole days from one instant to another, never below zero. */
export function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / DAY));
}

function ago(words: Intl.RelativeTimeFormat, at: Date, now: Date): string {
  const minutes = Math.round((at.getTime() - now.getTime()) / 60_000);
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 48 * 60) return words.format(Math.round(minutes / 60), 'hour');
  const days = Math.round(minutes / 1440);
  if (Math.abs(days) < 60) return words.format(days, 'day');
  return Math.abs(days) < 730
    ? words.format(Math.round(days / 30.44), 'month')
    : words.format(Math.round(days / 365.25), 'year');
}

/** Two digits of `width`, never finer than whole units of the currency. */
function rounded(minor: number, width: number, unit: number): number {
  const step = Math.max(unit, 10 ** (Math.floor(Math.log10(Math.max(width, 1))) - 1));
  return Math.round(minor / step) * step;
}

function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The reader's own English (dates differ between London and New York), else the plain one: numbers go with the words around them. */
function localeOf(tag: string, language: Language): string {
  const own =
    language === 'en' && /^en-[A-Za-z]{2}$/.test(tag) ? Intl.NumberFormat.supportedLocalesOf(tag)[0] : undefined;
  return own ?? LOCALES[language];
}
