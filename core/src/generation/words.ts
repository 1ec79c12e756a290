/** Text from outside, made fit to stand in a mail or in a brief; and the few words that numbers and dates need. Pure. */
import { formatMoney } from '../money.ts';
import type { Brief } from '../ports.ts';
import type { MailLanguage } from './language.ts';

/** Control and format characters (zero width, direction marks): invisible, and good only for hiding something. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** One visible line of at most `limit` characters as people count them. */
export function oneVisibleLine(text: string, limit: number): string {
  const line = text.normalize('NFC').replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
  const points = Array.from(new Intl.Segmenter('en').segment(line), ({ segment }) => segment);
  return points.length <= limit
    ? line
    : `${points
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`;
}

/** Text that is no Liquid wherever it is put. */
export function withoutLiquid(text: string): string {
  return text.replace(/\{(?=[{%])/g, '{ ').replace(/([%}])(?=\})/g, '$1 ');
}

/** The offer as it is worded: `value` is a percentage, or minor units of `currency`. */
export function offerLabel(
  offer: { kind: 'percent' | 'amount' | 'free_shipping'; value: number },
  language: MailLanguage,
  currency: string,
): string {
  if (offer.kind === 'free_shipping') return { en: 'free shipping', es: 'envío gratis' }[language];
  const words = { en: 'off', es: 'de descuento' }[language];
  if (offer.kind === 'percent')
    return `${new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(offer.value / 100)} ${words}`;
  return `${formatMoney(offer.value, currency, language)} ${words}`;
}

/** The last day of an offer, in words. Its instant stands for the calendar day it has in UTC. */
export function dayLabel(day: Date, language: MailLanguage): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'es', { dateStyle: 'long', timeZone: 'UTC' }).format(
    day,
  );
}

/** Every way in which a writer may put that day. */
export function dayLabels(day: Date): string[] {
  const labels = ['en-GB', 'en-US', 'es'].flatMap((locale) => [
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(day),
    new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone: 'UTC' }).format(day),
  ]);
  return labels.toSorted((a, b) => b.length - a.length);
}

/** What the offer of a brief is called in it, and its code and day: the only numbers a mail may hold. */
export function offerWords(brief: Brief): string[] {
  return brief.offer ? [brief.offer.label, brief.offer.code, ...dayLabels(brief.offer.until)] : [];
}
