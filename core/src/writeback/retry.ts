/** When a write-back that a platform did not take is tried again. Pure. */

/** Tries until a person has to look. With the delays below: about two hours. */
export const GIVE_UP_AFTER = 8;
const FIRST_MS = 30_000;
const LONGEST_MS = 6 * 3_600_000;

/** Milliseconds to wait after so many tries in vain: doubles from half a minute to six hours. */
export function retryDelay(attempts: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_MS);
}
