/** How long a journey must go on until its effect can be told, if it goes on as it has so far. Pure; a guess, and said as one. */
import { sequenceWidth, tuneRho } from './statistics/sequence.ts';

/** Nobody waits longer for an answer. */
export const MOST_DAYS = 365;

export interface Pace {
  /** Estimate over its standard error */
  z: number;
  /** Whole windows watched so far, and how many a day come on top */
  watched: number;
  perDay: number;
  /** Windows at which the sequence is tightest */
  tunedTo: number;
  alpha: number;
}

/** Days until the interval would leave out zero: the effect grows with what is watched, its error with the root of it. */
export function daysToTell({ z, watched, perDay, tunedTo, alpha }: Pace): number {
  if (!(watched > 0) || !(perDay > 0)) return MOST_DAYS;
  const rho = tuneRho(alpha, tunedTo);
  for (let days = 1; days < MOST_DAYS; days++) {
    const then = watched + perDay * days;
    if (Math.abs(z) * Math.sqrt(then / watched) > sequenceWidth(then, rho, alpha)) return days;
  }
  return MOST_DAYS;
}
