/**
 * The address that a mail asks to be answered at: it names the mail, so that the answer finds it. Before the @ stands
 * `r1` and, in base32 (RFC 4648, small letters, for mail servers may change the case): the first 40 bits of the store's id,
 * the message's id, and 128 bits of HMAC-SHA256 over both whole. 62 characters of the 64 that RFC 5321 lets. Nothing of a person
 * stands in it, and it cannot be guessed or made.
 */
import { timingSafeEqual } from 'node:crypto';
import { fail } from '../errors.ts';
import type { Keys } from '../ports.ts';

const VERSION = 'r1';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const STORE_BYTES = 5;
const MESSAGE_BYTES = 16;
const MAC_BYTES = 16;
const LENGTH = 60;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface Answered {
  storeId: string;
  messageId: string;
}

/** What an address says before its store is known. */
export interface ReadAddress {
  messageId: string;
  /** The stores that it may be of lie between these ids, both included */
  from: string;
  until: string;
  /** Whether it is ours, and of this store */
  isOf(storeId: string): boolean;
}

/** What stands before the @. Throws `internal` where an id is no uuid. */
export function replyName(keys: Keys, answered: Answered): string {
  const bytes = Buffer.concat([
    bytesOf(answered.storeId).subarray(0, STORE_BYTES),
    bytesOf(answered.messageId),
    macOf(keys, answered),
  ]);
  return VERSION + encode(bytes);
}

/** Undefined: no address of ours, by its form. */
export function readReplyName(keys: Keys, name: string): ReadAddress | undefined {
  const text = name.toLowerCase();
  if (!text.startsWith(VERSION) || text.length !== VERSION.length + LENGTH) return undefined;
  const bytes = decode(text.slice(VERSION.length));
  if (bytes === undefined) return undefined;
  const store = bytes.subarray(0, STORE_BYTES).toString('hex');
  const messageId = uuidOfHex(bytes.subarray(STORE_BYTES, STORE_BYTES + MESSAGE_BYTES).toString('hex'));
  const mac = bytes.subarray(STORE_BYTES + MESSAGE_BYTES);
  const [from, until] = [uuidOfHex(store.padEnd(32, '0')), uuidOfHex(store.padEnd(32, 'f'))];
  return {
    messageId,
    from,
    until,
    isOf: (storeId) => from <= storeId && storeId <= until && timingSafeEqual(mac, macOf(keys, { storeId, messageId })),
  };
}

function macOf(keys: Keys, { storeId, messageId }: Answered): Buffer {
  return keys.mac(`reply ${VERSION}`, Buffer.concat([bytesOf(storeId), bytesOf(messageId)])).subarray(0, MAC_BYTES);
}

function encode(bytes: Buffer): string {
  let bits = BigInt(`0x${bytes.toString('hex')}`) << BigInt(LENGTH * 5 - bytes.length * 8);
  let text = '';
  for (let place = 0; place < LENGTH; place++) {
    text = (ALPHABET[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text;
}

function decode(text: string): Buffer | undefined {
  let bits = 0n;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  const length = STORE_BYTES + MESSAGE_BYTES + MAC_BYTES;
  const rest = BigInt(LENGTH * 5 - length * 8);
  // The last bits say nothing: there is one way only to write an address.
  if ((bits & ((1n << rest) - 1n)) !== 0n) return undefined;
  return Buffer.from((bits >> rest).toString(16).padStart(length * 2, '0'), 'hex');
}

function bytesOf(uuid: string): Buffer {
  if (!UUID_TEXT.test(uuid)) throw fail('internal', 'an address of ours needs uuids');
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOfHex(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
