/**
 * Seeded chance. sfc32 (Chris Doty-Humphrey, PractRand: passes to 2^45 bytes), seeded by SHA-256 of seed and label, so
 * that streams of different labels have nothing in common.
 */
import { createHash, hash, randomBytes } from 'node:crypto';
import type { Random } from './ports.ts';

export function seededRandom(seed: string | number): Random {
  const digest = createHash('sha256').update(String(seed)).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let d = digest.readInt32LE(12);
  function next32(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }
  for (let i = 0; i < 12; i++) next32();
  return {
    // 53 bits: two words, as Math.random gives.
    next: () => ((next32() >>> 5) * 67108864 + (next32() >>> 6)) / 9007199254740992,
    fork: (label) => seededRandom(`${String(seed)}/${label}`),
    uuid: () => uuidFrom(Buffer.from(Uint32Array.from([next32(), next32(), next32(), next32()]).buffer)),
  };
}

/** Chance from the operating system, for production. */
export function systemRandom(): Random {
  return seededRandom(randomBytes(32).toString('hex'));
}

/** Whether a text from outside can be the id of a row: PostgreSQL takes any other for an error, not for an id that nobody has. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** 16 bytes as a version 4 identifier (RFC 9562, section 5.4). */
export function uuidFrom(bytes: Buffer): string {
  const copy = Buffer.from(bytes.subarray(0, 16));
  copy[6] = ((copy[6] ?? 0) & 0x0f) | 0x40;
  copy[8] = ((copy[8] ?? 0) & 0x3f) | 0x80;
  const hex = copy.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** RFC 9562, section 4.1: the two bits 10 and two free ones. */
const VARIANTS = '89ab';

/** The identifier that belongs to these words, the same for ever: SHA-256, version 8 (RFC 9562, section 5.8). */
export function uuidOf(...words: string[]): string {
  const hex = hash('sha256', JSON.stringify(words), 'hex');
  const variant = VARIANTS.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
