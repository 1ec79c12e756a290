/** How the fake misbehaves. */
import type { FaultShares } from '@rekindle/core/testing';

/**
 * too_many: 429 with Retry-After. unavailable: 503. error_before, error_after: 500 without having done it, having done it.
 * reset_before, reset_after: the connection breaks. truncated: done, half an answer. expired: the session ends. concurrent: too
 * many long calls at once. limit: the day's calls are used up. locked: one record of several is locked.
 */
export type Fault =
  | 'too_many'
  | 'unavailable'
  | 'error_before'
  | 'error_after'
  | 'reset_before'
  | 'reset_after'
  | 'truncated'
  | 'slow'
  | 'expired'
  | 'concurrent'
  | 'limit'
  | 'locked';

export type Faults = FaultShares<Fault>;
