/**
 * Shopify's leaky bucket: every query has a cost, the bucket holds so many points and refills so many a second. Asking for
 * more than is in it is answered THROTTLED; waiting beforehand costs the same time and no request.
 * https://shopify.dev/docs/api/usage/limits#the-leaky-bucket-algorithm
 */
import type { Clock } from '@rekindle/core';
import type { Cost } from './answer.ts';

export interface Bucket {
  /** How long to wait before this operation is asked, ms. */
  wait(operation: string): number;
  /** What an answer said of the bucket. */
  learn(operation: string, cost: Cost | undefined): void;
}

/** Taken for an operation that was never asked before. */
const FIRST_GUESS = 10;

export function costBucket(clock: Clock): Bucket {
  const costs = new Map<string, number>();
  let status: (Cost['throttleStatus'] & { at: number }) | undefined;
  return {
    wait(operation) {
      if (!status) return 0;
      const { currentlyAvailable, maximumAvailable, restoreRate, at } = status;
      const restored = ((clock.now().getTime() - at) / 1000) * restoreRate;
      const available = Math.min(maximumAvailable, currentlyAvailable + Math.max(0, restored));
      const missing = Math.min(costs.get(operation) ?? FIRST_GUESS, maximumAvailable) - available;
      return missing <= 0 || restoreRate <= 0 ? 0 : Math.ceil((missing / restoreRate) * 1000);
    },
    learn(operation, cost) {
      if (!cost) return;
      costs.set(operation, cost.requestedQueryCost);
      status = { ...cost.throttleStatus, at: clock.now().getTime() };
    },
  };
}
