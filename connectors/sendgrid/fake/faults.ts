/** How the fake misbehaves. */
import type { FaultShares } from '@rekindle/core/testing';

/**
 * too_many: 429 with Retry-After. error_before / error_after: 500 without having taken, having taken the mails. reset_before
 * / reset_after: the connection breaks. hang: taken, never answered. truncated: taken, half an answer. slow: taken, late.
 */
export type Fault =
  'too_many' | 'error_before' | 'error_after' | 'reset_before' | 'reset_after' | 'hang' | 'truncated' | 'slow';

export type Faults = FaultShares<Fault>;

/** Whether the mails are taken all the same. */
export const TAKEN: Record<Fault, boolean> = {
  too_many: false,
  error_before: false,
  error_after: true,
  reset_before: false,
  reset_after: true,
  hang: true,
  truncated: true,
  slow: true,
};
