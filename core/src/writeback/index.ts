/** Scores, outcomes and consents → back to the platforms, through an outbox. */
export { GIVE_UP_AFTER, retryDelay } from './retry.ts';
export { writeBack } from './write-back.ts';
export {
  consentPayload,
  outcomePayload,
  scorePayload,
  touchPayload,
  type ConsentPayload,
  type OutcomePayload,
  type ScorePayload,
  type TouchPayload,
} from './payload.ts';
export { plainSubject, readerOf, touchWords, type Reader } from './words.ts';
