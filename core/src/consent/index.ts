/** What the law of the recipient's country lets, and who gets nothing whatever the law says. */
export { addressHash, addressHashPads } from './address.ts';
export { recordConsent, type ConsentRecord } from './consent.store.ts';
export { mailableSql, permissionSql } from './permission.store.ts';
export {
  consentClock,
  mayMail,
  type ConsentClock,
  type Permission,
  type PermissionQuestion,
  type RefusalReason,
} from './permission.ts';
export { RULES, ruleOf, UNKNOWN, type Basis, type CountryRule } from './rules.ts';
export {
  addressHashSql,
  liftUnsubscription,
  suppress,
  suppressedHashes,
  type Suppression,
  type SuppressionReason,
} from './suppression.store.ts';
export { enterStart, holdStarts, UNDER_WAY } from './starts.store.ts';
export { recordTracking, untracked } from './tracking.store.ts';
export { resubscribe, unsubscribe, type Wish } from './unsubscribe.ts';
