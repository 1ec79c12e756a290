/**
 * The key that stands in a shop's web pixel. Everybody who visits the shop can read it, so it opens nothing: it says whose shop
 * something was seen in, and that we were asked to look there.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Keys } from '../ports.ts';

const BYTES = 16;
const FORM = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{22})$/;

export function pixelKey(keys: Keys, storeId: string): string {
  return `${storeId}.${macOf(keys, storeId).toString('base64url')}`;
}

/** The store of a pixel's key; undefined: it is none of ours. */
export function storeOfPixelKey(keys: Keys, key: string): string | undefined {
  const [, storeId, mac = ''] = FORM.exec(key) ?? [];
  if (storeId === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  return given.length === BYTES && timingSafeEqual(given, macOf(keys, storeId)) ? storeId : undefined;
}

function macOf(keys: Keys, storeId: string): Buffer {
  return keys.mac('pixel', storeId).subarray(0, BYTES);
}
