/**
 * What a person asked for on the preference page, and what follows for one mail. Pure; preference.store.ts says the same to
 * the database for a set of people, and a test holds the two together. It only ever holds mail back: whether the law lets
 * a mail go is core/consent's.
 */

export interface Preference {
  /** Keys of topics that the person does not want to hear of */
  topicsOff: string[];
  /** At most one mail in so many days; null: as often as the store writes */
  daysBetween: number | null;
  /** No mail before this instant */
  pausedUntil: Date | null;
  /** Language of the mails; null: the one that the platforms know */
  language: string | null;
}

/** Nothing was asked for. */
export const NO_PREFERENCE: Preference = { topicsOff: [], daysBetween: null, pausedUntil: null, language: null };

/** Days between two mails that can be asked for. */
export const FREQUENCIES = [7, 30, 90] as const;
/** Days of a pause that can be asked for. */
export const PAUSES = [30, 60, 90] as const;

/** Why a mail stays away because the person asked for it, in the order in which it is looked at. */
export const ASKED_REASONS = ['asked_pause', 'asked_topic', 'asked_fewer'] as const;
export type AskedReason = (typeof ASKED_REASONS)[number];

const DAY = 86_400_000;

/** Whether a mail on `topic` at `now` is one that the person asked not to get; null: it is not. */
export function askedFor(
  { pausedUntil, topicsOff, daysBetween }: Preference,
  mail: { topic: string; now: Date; lastMailAt: Date | null },
): AskedReason | null {
  if (pausedUntil !== null && pausedUntil > mail.now) return 'asked_pause';
  if (topicsOff.includes(mail.topic)) return 'asked_topic';
  const since = mail.now.getTime() - (daysBetween ?? 0) * DAY;
  if (daysBetween !== null && mail.lastMailAt !== null && mail.lastMailAt.getTime() > since) return 'asked_fewer';
  return null;
}

/** Whether the two say the same. */
export function samePreference(one: Preference, other: Preference): boolean {
  return (
    one.daysBetween === other.daysBetween &&
    one.language === other.language &&
    one.pausedUntil?.getTime() === other.pausedUntil?.getTime() &&
    [...one.topicsOff].toSorted().join() === [...other.topicsOff].toSorted().join()
  );
}
