/** How the fake misbehaves. */
import type { FaultShares } from '@rekindle/core/testing';

/**
 * closing: 421 instead of taking a mail. busy: 450 to the recipient. refused: 550 to the recipient. sender_refused: 553 to
 * the sender. busy_after_data / refused_after_data: 451 / 554 to the whole mail. drop_before: the connection breaks within the
 * mail. drop_after: it breaks after the mail was taken, without an answer. hang: taken, never answered. slow: taken, late.
 */
export type Fault =
  | 'closing'
  | 'busy'
  | 'refused'
  | 'sender_refused'
  | 'busy_after_data'
  | 'refused_after_data'
  | 'drop_before'
  | 'drop_after'
  | 'hang'
  | 'slow';

export type Faults = FaultShares<Fault>;
