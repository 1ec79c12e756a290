/**
 * Identifiers by the hundred thousand: the same as uuidOf() gives, at a fifth of its cost, and the numbers of order lines.
 */
import { hash } from 'node:crypto';

/** Bytes of an id. */
export const ID = 16;

/** Writes the id of an external id, 16 bytes, to a place. */
export type WriteId = (externalId: string, into: Uint8Array, at: number) => void;

/** Writes uuidOf(word, storeId, platform, externalId) for any external id. */
export function idsOf(word: string, storeId: string, platform: string): WriteId {
  const head = JSON.stringify([word, storeId, platform]).slice(0, -1);
  return (externalId, into, at) => {
    // Bytes as the characters of a text: a buffer for each would cost more than the hash.
    const bytes = hash('sha256', `${head},${JSON.stringify(externalId)}]`, 'binary');
    for (let i = 0; i < ID; i++) into[at + i] = bytes.charCodeAt(i);
    // Version 8, variant 10xx (RFC 9562, sections 4.1, 5.8).
    into[at + 6] = ((into[at + 6] ?? 0) & 0x0f) | 0x80;
    into[at + 8] = ((into[at + 8] ?? 0) & 0x3f) | 0x80;
  };
}

/**
 * Identifiers of orders: like idsOf, but the first 48 bits are the last number in the external id. Platforms count their
 * orders up, so orders that follow each other stand side by side in the indexes of orders and of their lines, which
 * makes writing a million of them half as dear as it is with ids that scatter. The hash behind keeps them apart.
 */
export function orderIdsOf(storeId: string, platform: string): WriteId {
  const write = idsOf('order', storeId, platform);
  return (externalId, into, at) => {
    write(externalId, into, at);
    const number = lastNumber(externalId);
    if (number === -1) return;
    const high = Math.floor(number / TWO_32);
    const low = number | 0;
    into[at] = high >> 8;
    into[at + 1] = high;
    into[at + 2] = low >> 24;
    into[at + 3] = low >> 16;
    into[at + 4] = low >> 8;
    into[at + 5] = low;
  };
}

/** Which of two ids comes first; less than 0: the first one. */
export function compareIds(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  for (let i = 0; i < ID; i++) {
    const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const TWO_32 = 4294967296;

/** The last run of digits as a number below 2^46, -1 without one. */
function lastNumber(text: string): number {
  let end = text.length;
  while (end > 0 && !isDigit(text.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > 0 && end - start < 13 && isDigit(text.charCodeAt(start - 1))) start--;
  return start === end ? -1 : Number(text.slice(start, end));
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Two lanes of 32 bits, from which a line's number is made. */
export interface Lanes {
  a: number;
  b: number;
}

/** cyrb53 (public domain): a multiplicative hash in two lanes, 53 bits of which a number holds. */
export function lanesOf(text: string): Lanes {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return { a, b };
}

/**
 * The number that names a line within its order: of its text alone (an id of its own), or of its product and what it says.
 * Two lines of an order of a thousand lines get the same number once in 10^10 orders.
 */
export function lineNumber(of: Lanes, quantity = 0, amount = 0): number {
  const high = Math.floor(amount / 4294967296);
  let a = Math.imul(of.a ^ quantity, 2654435761);
  let b = Math.imul(of.b ^ quantity, 1597334677);
  a = Math.imul(a ^ (a >>> 15) ^ amount, 2246822519);
  b = Math.imul(b ^ (b >>> 13) ^ amount, 3266489917);
  a = Math.imul(a ^ (a >>> 15) ^ high, 2654435761);
  b = Math.imul(b ^ (b >>> 13) ^ high, 1597334677);
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
