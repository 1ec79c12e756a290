/** In which language a person's mail is written: the one she reads if we write it, else the store's, else English. */

export const MAIL_LANGUAGES = ['en', 'es'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

/** `customer` and `store` are BCP 47 tags; only the primary subtag counts ("es-MX" is "es"). */
export function mailLanguage(customer: string | null, store: string): MailLanguage {
  return written(customer) ?? written(store) ?? 'en';
}

/**
 * The same rule as SQL text, for set-based work: `column` is an expression of the caller's query (never from outside),
 * `store` the store's language.
 */
export function mailLanguageSql(column: string, store: string): string {
  const known = MAIL_LANGUAGES.map((language) => `'${language}'`).join(', ');
  return `CASE WHEN lower(split_part(${column}, '-', 1)) IN (${known}) THEN lower(split_part(${column}, '-', 1)) ELSE '${mailLanguage(null, store)}' END`;
}

function written(tag: string | null): MailLanguage | undefined {
  const primary = tag?.split('-')[0]?.toLowerCase();
  return MAIL_LANGUAGES.find((language) => language === primary);
}
