/** The fake's limit of requests: fixed windows, told in the headers that SendGrid tells it in. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '@rekindle/core';

export interface Limit {
  requests: number;
  seconds: number;
}

/** Says the limit in an answer's headers; false: this request is one too many. */
export function limiter(limit: Limit | undefined, clock: Clock): (response: ServerResponse) => boolean {
  let window = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (response) => {
    if (!limit) return true;
    const now = clock.now().getTime() / 1000;
    const current = Math.floor(now / limit.seconds);
    if (current !== window) [window, used] = [current, 0];
    used++;
    const reset = (current + 1) * limit.seconds;
    response.setHeader('date', new Date(now * 1000).toUTCString());
    response.setHeader('x-ratelimit-limit', String(limit.requests));
    response.setHeader('x-ratelimit-remaining', String(Math.max(0, limit.requests - used)));
    response.setHeader('x-ratelimit-reset', String(reset));
    return used <= limit.requests;
  };
}
