/** What is due → handed over to the provider, exactly once; and the signed links that stand in mails. */
export { deliver, nextDelivery } from './deliver.ts';
export {
  lastCheck,
  type Facts as CheckFacts,
  type Limits as CheckLimits,
  type Verdict as CheckVerdict,
} from './check.ts';
export type { DropReason } from './message.ts';
export { DOUBT_WINDOW_MS } from './reconcile.ts';
export { doubtAfterRestore } from './restore.ts';
export { linkAddress, LINK_PATHS, readLink, signLink, type Link, type LinkKind } from './tokens.ts';
export {
  goOnSending,
  healthFrom,
  MAILBOX_PROVIDERS,
  mailboxOf,
  mailboxPaces,
  paceAt,
  readProviderPace,
  sendingState,
  troublesSince,
  warmUpOf,
  type HealthReason,
  type HeldReason,
  type MailboxProvider,
  type WarmUpDay,
} from './pace/index.ts';
