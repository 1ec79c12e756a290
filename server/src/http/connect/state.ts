/**
 * What goes to a platform's own page and comes back with the administrator. Sealed, so that nobody can make or change one; it
 * names the store for which it was made, and lives for minutes.
 */
import { randomUUID } from 'node:crypto';
import type { Keys } from '@rekindle/core';
import { z } from 'zod';

const LIFETIME_MS = 15 * 60_000;

const state = z.object({
  /** Of this one way, so that it is walked once */
  name: z.uuid(),
  storeId: z.uuid(),
  actor: z.string(),
  /** Where it began, and where it ends */
  origin: z.url(),
  until: z.number(),
});
export type State = z.output<typeof state>;

export function sealState(
  keys: Keys,
  platform: string,
  about: Pick<State, 'storeId' | 'actor' | 'origin'>,
  now: Date,
): string {
  const { storeId, actor, origin } = about;
  const made: State = { name: randomUUID(), storeId, actor, origin, until: now.getTime() + LIFETIME_MS };
  return keys.encrypt(contextOf(platform), Buffer.from(JSON.stringify(made))).toString('base64url');
}

/** Undefined: it is none of ours, not for this platform, or too old. */
export function openState(keys: Keys, platform: string, sealed: string, now: Date): State | undefined {
  try {
    const text = keys.decrypt(contextOf(platform), Buffer.from(sealed, 'base64url')).toString();
    const opened = state.parse(JSON.parse(text));
    return opened.until > now.getTime() ? opened : undefined;
  } catch {
    // Whoever made it up is told no more than whoever came too late.
    return undefined;
  }
}

function contextOf(platform: string): string {
  return `connect/${platform}`;
}
