/** The weeks and months of a store's own calendar. Pure. */
import { DateTime } from 'luxon';
import { LOCALES, type Language } from '../language.ts';

export const SPANS = ['week', 'month'] as const;
export type SpanName = (typeof SPANS)[number];

export interface Span {
  name: SpanName;
  from: Date;
  /** Exclusive */
  until: Date;
}

/** The last whole span before `now`: Monday to Sunday, or a calendar month. */
export function lastSpan(name: SpanName, now: Date, zone: string): Span {
  const until = DateTime.fromJSDate(now, { zone }).startOf(name);
  return {
    name,
    from: until.minus(name === 'week' ? { weeks: 1 } : { months: 1 }).toJSDate(),
    until: until.toJSDate(),
  };
}

/** The span before a span. */
export function spanBefore(span: Span, zone: string): Span {
  const until = DateTime.fromJSDate(span.from, { zone });
  return {
    name: span.name,
    from: until.minus(span.name === 'week' ? { weeks: 1 } : { months: 1 }).toJSDate(),
    until: span.from,
  };
}

/** A day without its year, a day with it, a month; as luxon writes them. */
const FORMATS: Record<Language, [string, string, string]> = {
  en: ['d LLLL', 'd LLLL yyyy', 'LLLL yyyy'],
  es: ["d 'de' LLLL", "d 'de' LLLL 'de' yyyy", "LLLL 'de' yyyy"],
};

/** "16 – 22 November 2026", "octubre de 2026" */
export function spanTitle(span: Span, zone: string, language: Language): string {
  const from = DateTime.fromJSDate(span.from, { zone }).setLocale(LOCALES[language]);
  const [dayOfMonth, whole, month] = FORMATS[language];
  if (span.name === 'month') return from.toFormat(month);
  const last = DateTime.fromJSDate(span.until, { zone }).minus({ days: 1 }).setLocale(LOCALES[language]);
  return `${from.toFormat(from.month === last.month ? 'd' : dayOfMonth)} – ${last.toFormat(whole)}`;
}
