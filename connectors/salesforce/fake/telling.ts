/** What the package posts when records change: ids, signed with the connection's key. */
import { uuidOf, type Clock } from '@rekindle/core';

export type Change = { what: 'changed' | 'erased'; id: string } | { what: 'merged'; id: string; into: string };

export interface Telling {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A telling has an id of its own; given one again it is a copy. */
export function tellingOf(options: {
  account: string;
  clock: Clock;
  sign: (body: Uint8Array) => string;
}): (changes: Change[], id?: string) => Telling {
  let told = 0;
  return (changes, id) => {
    const telling = {
      id: id ?? uuidOf('salesforce fake telling', options.account, String(++told)),
      organisation: options.account,
      sentAt: options.clock.now().toISOString(),
      changes,
    };
    const body = Buffer.from(JSON.stringify(telling));
    return { headers: { 'content-type': 'application/json', 'x-rekindle-signature': options.sign(body) }, body };
  };
}
