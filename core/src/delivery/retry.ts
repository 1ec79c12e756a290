/** When a message that was refused for now goes again. Pure. */

/** Half a minute, then twice as long each time, an hour at most. */
const FIRST_MS = 30_000;
const LONGEST_MS = 3_600_000;
/** With the waits above: some eight hours of a provider that says "later". */
const ATTEMPTS = 14;

/** The instant before which it must not go, or undefined where it has been tried often enough. `attempts` counts from 1. */
export function retryAt(now: Date, attempts: number, retryAfterSeconds: number | undefined): Date | undefined {
  if (attempts >= ATTEMPTS) return undefined;
  const wait = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return new Date(now.getTime() + Math.max(wait, (retryAfterSeconds ?? 0) * 1000));
}
