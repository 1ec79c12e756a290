/** What people asked for beside yes and no: topics, how often, a pause, the language of their mails. */
export {
  ASKED_REASONS,
  askedFor,
  FREQUENCIES,
  NO_PREFERENCE,
  PAUSES,
  samePreference,
  type AskedReason,
  type Preference,
} from './preference.ts';
export {
  addPreference,
  askedLanguages,
  askedSql,
  newestPreferenceSql,
  preferencesOf,
  rewordWaiting,
  type KeptPreference,
} from './preference.store.ts';
export { wishDay, wishSentences, type NamedTopic, type WishReader } from './words.ts';
