/** A request that was let in, and what it is answered. */
import type { Fault } from './faults.ts';
import type { Portal } from './portal.ts';

export interface Call {
  portal: Portal;
  query: URLSearchParams;
  body: unknown;
  fault: Fault | undefined;
}

export interface Answer {
  status: number;
  body: unknown;
}
