/** How the fake misbehaves, request by request, in the order that was asked for. */
import { refuse, type Refusal } from './refusal.ts';

/**
 * too_many, secondly, daily: 429 of the three kinds. error_before / error_after: 502 without having done, having done it.
 * reset_before / reset_after: the connection breaks. hang: never answered. slow: answered late. expired: every token has ended.
 * partial: of a batch that writes, the first row is not written (207).
 */
export type Fault =
  | 'too_many'
  | 'secondly'
  | 'daily'
  | 'error_before'
  | 'error_after'
  | 'reset_before'
  | 'reset_after'
  | 'hang'
  | 'slow'
  | 'expired'
  | 'partial';

export const SLOW_MS = 300;

/** What a fault answers instead, before anything is done. */
export function refusalBefore(fault: Fault | undefined): Refusal | undefined {
  switch (fault) {
    case 'too_many':
      return refuse(429, 'RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.', {
        errorType: 'RATE_LIMIT',
        policyName: 'TEN_SECONDLY_ROLLING',
      });
    case 'secondly':
      return refuse(429, 'RATE_LIMITS', 'You have reached your secondly limit.', { errorType: 'RATE_LIMIT' });
    case 'daily':
      return refuse(429, 'RATE_LIMITS', 'You have reached your daily limit.', {
        errorType: 'RATE_LIMIT',
        policyName: 'DAILY',
      });
    case 'error_before':
      return refuse(502, 'INTERNAL_ERROR', 'Bad gateway');
    case undefined:
    case 'error_after':
    case 'reset_before':
    case 'reset_after':
    case 'hang':
    case 'slow':
    case 'expired':
    case 'partial':
      return undefined;
  }
}
