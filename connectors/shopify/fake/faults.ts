/** How the fake misbehaves. Only the Admin API does; signing in has a fault of its own. */
import type { FaultShares } from '@rekindle/core/testing';

/**
 * too_many: 429 with Retry-After. throttled: 200 with THROTTLED. error_before / error_after: 500 without having done, having
 * done it. reset_before / reset_after: the connection breaks. token_expired: 401 once, though the token is good. slow: late.
 */
export type Fault =
  'too_many' | 'throttled' | 'error_before' | 'error_after' | 'reset_before' | 'reset_after' | 'token_expired' | 'slow';

export type Faults = FaultShares<Fault>;
