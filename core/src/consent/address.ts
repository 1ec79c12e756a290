/**
 * The keyed hash under which a suppressed address is kept, so that the wish outlives the erasure of the person and a copy
 * of the table tells nobody an address. HMAC-SHA256 (RFC 2104) under a key of the store's own.
 *
 * The database can make the same hash for a set of addresses (suppression.store.ts) from the two padded keys, because
 * PostgreSQL has sha256 built in and HMAC is two of them.
 */
import { hmacSha256 } from '../hmac.ts';
import type { Keys } from '../ports.ts';

/** Block size of SHA-256 in bytes. */
const BLOCK = 64;

function storeKey(keys: Keys, storeId: string): Buffer {
  return keys.mac('suppression', storeId);
}

/** Hex of the address's hash in this store. Case and blanks around do not count. */
export function addressHash(keys: Keys, storeId: string, email: string): string {
  return hmacSha256(storeKey(keys, storeId))(email.trim().toLowerCase()).toString('hex');
}

/** The key xor'ed with the two pads of HMAC: what the database needs to hash addresses itself. */
export function addressHashPads(keys: Keys, storeId: string): { inner: Buffer; outer: Buffer } {
  const padded = Buffer.concat([storeKey(keys, storeId)], BLOCK);
  return { inner: padded.map((byte) => byte ^ 0x36) as Buffer, outer: padded.map((byte) => byte ^ 0x5c) as Buffer };
}
