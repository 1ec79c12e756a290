/**
 * What goes to a platform's sign-in page and comes back unchanged: for which store somebody set out, who it was and until when,
 * under a key of ours. Whoever comes back must be the same person in the same store, in time and for the first time; a state
 * that was made elsewhere, or sent to somebody else, connects nothing.
 */
import { randomUUID } from 'node:crypto';
import { fail, type Clock, type Keys } from '@rekindle/core';
import { z } from 'zod';

const CONTEXT = 'connect state';
/** Milliseconds for reading a page of scopes and saying yes. */
const LIFE_MS = 10 * 60_000;

const leaving = z.object({
  platform: z.string(),
  storeId: z.uuid(),
  actor: z.string(),
  /** In whose admin the app is shown; absent on this machine */
  shop: z.string().optional(),
  /** ms since 1970 */
  until: z.number(),
  nonce: z.string(),
});
export type Leaving = z.infer<typeof leaving>;

/** A state for somebody who sets out: sealed, as it travels in an address. */
export function stateFor(
  around: { keys: Keys; clock: Clock },
  who: Pick<Leaving, 'platform' | 'storeId' | 'actor' | 'shop'>,
): string {
  const until = around.clock.now().getTime() + LIFE_MS;
  const made: Leaving = { ...who, until, nonce: randomUUID() };
  return around.keys.encrypt(CONTEXT, Buffer.from(JSON.stringify(made))).toString('base64url');
}

/** Who set out with this state. Throws `forbidden` where it is none of ours, or too old. */
export function readState(around: { keys: Keys; clock: Clock }, state: string): Leaving {
  const left = opened(around.keys, state);
  if (left === undefined) throw fail('forbidden', 'This way back was not begun in Rekindle.');
  if (left.until <= around.clock.now().getTime()) throw fail('forbidden', 'This took longer than ten minutes.');
  return left;
}

function opened(keys: Keys, state: string): Leaving | undefined {
  try {
    return leaving.parse(JSON.parse(keys.decrypt(CONTEXT, Buffer.from(state, 'base64url')).toString()));
  } catch {
    return undefined;
  }
}
