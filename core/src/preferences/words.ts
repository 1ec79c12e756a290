/** What a person asked for, in words for a merchant or a salesperson. Pure. */
import type { Preference } from './preference.ts';

type Language = 'en' | 'es';

/** A topic of a store, with its name in every language of the mails. */
export interface NamedTopic {
  key: string;
  en: string;
  es: string;
}

export interface WishReader {
  language: Language;
  /** IANA zone in which days are told */
  timeZone: string;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', es: 'es-ES' };

const WORDS = {
  en: {
    paused: (day: string) => `Paused until ${day}.`,
    fewer: { 7: 'Asked for at most one mail a week.', 30: 'Asked for at most one mail a month.' } as Record<
      number,
      string
    >,
    fewerDays: (days: number) => `Asked for at most one mail in ${String(days)} days.`,
    topics: (names: string) => `Does not want: ${names}.`,
    language: (name: string) => `Wants mails in ${name}.`,
  },
  es: {
    paused: (day: string) => `En pausa hasta el ${day}.`,
    fewer: { 7: 'Pidió como mucho un correo a la semana.', 30: 'Pidió como mucho un correo al mes.' } as Record<
      number,
      string
    >,
    fewerDays: (days: number) => `Pidió como mucho un correo cada ${String(days)} días.`,
    topics: (names: string) => `No quiere: ${names}.`,
    language: (name: string) => `Quiere los correos en ${name}.`,
  },
};

/** A sentence for each thing that was asked for; none where nothing was. A pause that is over is none. */
export function wishSentences(
  { pausedUntil, daysBetween, topicsOff, language }: Preference,
  topics: readonly NamedTopic[],
  reader: WishReader,
  now: Date,
): string[] {
  const words = WORDS[reader.language];
  const names = topicsOff.map((key) => topics.find((topic) => topic.key === key)?.[reader.language] ?? key);
  return [
    ...(pausedUntil !== null && pausedUntil > now ? [words.paused(wishDay(pausedUntil, reader, now))] : []),
    ...(daysBetween === null ? [] : [words.fewer[daysBetween] ?? words.fewerDays(daysBetween)]),
    ...(names.length === 0 ? [] : [words.topics(names.join(', '))]),
    ...(language === null ? [] : [words.language(tongueOf(language, reader.language))]),
  ];
}

/** "3 March", with the year where it is not that of `now`. */
export function wishDay(at: Date, { language, timeZone }: WishReader, now: Date): string {
  const year = (date: Date) => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(date);
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    day: 'numeric',
    month: 'long',
    ...(year(at) === year(now) ? {} : { year: 'numeric' }),
  }).format(at);
}

function tongueOf(language: string, reader: Language): string {
  return new Intl.DisplayNames(LOCALES[reader], { type: 'language', fallback: 'code' }).of(language) ?? language;
}
