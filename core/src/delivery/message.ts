/** What delivery moves about: a message on its way, and what became of it. */
import type { MailBatch } from '../ports.ts';
import type { AskedReason } from '../preferences/index.ts';

/** A claimed message: only whoever holds its next token may say what became of it. */
export interface Claimed {
  id: string;
  token: number;
}

/** Claimed messages that share one request and its fate: all that the attempt names. The recipients of `mail` are they, in order. */
export interface Batch {
  /** Also the batch id that the provider gets */
  attemptId: string;
  campaignId: string;
  leaseUntil: Date;
  messages: Claimed[];
  mail: MailBatch;
}

/** Why a message is never sent. The word stands in messages.state_reason. */
export type DropReason =
  | 'erased'
  | 'no_email'
  | 'bad_address'
  | 'same_address'
  | 'suppressed'
  | 'unsubscribed'
  | 'consent_pending'
  | 'no_consent'
  | 'consent_expired'
  | 'replied'
  | AskedReason
  | 'ordered_since'
  | 'left_journey'
  | 'capped'
  | 'window_passed'
  | 'cancelled'
  | 'in_doubt_expired';

/** What one run did, for the report. */
export interface Counts {
  accepted: number;
  refused: number;
  inDoubt: number;
  dropped: number;
  /** Put off to the end of the recipient's quiet hours */
  postponed: number;
  /** Refused for now: goes again later */
  retried: number;
  /** Handed back unsent: the holder came too late */
  released: number;
  batches: number;
}

/** Adds what an awaited step did. `counts.x += await …` would forget what another batch added meanwhile. */
export function add(counts: Counts, name: keyof Counts, more: number): void {
  counts[name] += more;
}

export function noCounts(): Counts {
  return { accepted: 0, refused: 0, inDoubt: 0, dropped: 0, postponed: 0, retried: 0, released: 0, batches: 0 };
}
