/** What outsiders say, made fit to be kept. Pure. */

/** Longest text of an outsider that is kept. */
const LONGEST = 300;

/**
 * An outsider's text as it may be kept: PostgreSQL holds no null character, jsonb no half of a surrogate pair, which cutting can
 * also make.
 */
export function keepable(text: string): string {
  return text.replaceAll('\0', '').slice(0, LONGEST).toWellFormed();
}

/** Which link it was, without what a query may say of a person. */
export function withoutQuery(url: string): string {
  return keepable(url.split(/[?#]/, 1)[0] ?? '');
}
