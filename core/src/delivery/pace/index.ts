/**
 * How fast and how much: the provider's pace, the pace of each provider of mailboxes, the store's own limit, the warm-up of its
 * domain, and the brake that complaints and bounces pull. Delivery asks in three places: before a request (mayAsk), at the claim
 * (isUnlimited, roomNow, withinMailboxes) and after the answer (heardProvider, countBatch).
 */
export { warmUpOf, dailyAllowance, type Allowance, type WarmUp } from './allowance.ts';
export { countBatch } from './count.ts';
export { goOnSending } from './go-on.ts';
export { HEALTH_DAYS, type Health, type HealthReason, type Troubles } from './health.ts';
export { healthFrom, lookAtSending } from './look.ts';
export { MAILBOX_PROVIDERS, mailboxOf, type MailboxProvider } from './mailbox.ts';
export { withinMailboxes } from './mailboxes.ts';
export { mailboxPaces } from './mailboxes.store.ts';
export { sendingState, troublesSince, type HeldReason } from './pace.store.ts';
export { heardProvider, isUnlimited, mayAsk, newSense, type ProviderSense } from './provider.ts';
export { readProviderPace } from './provider.store.ts';
export { paceAt } from './rate.ts';
export { roomNow } from './room.ts';
export type { WarmUpDay } from './warm-up.ts';
