/** The languages that a store's people are spoken to in, and how numbers and dates are written in each. */

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** As Intl knows them. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', es: 'es-ES' };

/** The language of a BCP 47 tag where it is one of ours ("es-MX" is "es"), else English. */
export function languageOf(tag: string): Language {
  return LANGUAGES.find((language) => language === tag.split('-')[0]?.toLowerCase()) ?? 'en';
}
