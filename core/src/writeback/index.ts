/** Scores, outcomes and consents → back to the platforms, through an outbox. */
export { GIVE_UP_AFTER, retryDelay } from './retry.ts';
export { writeBack } from './write-back.ts';
