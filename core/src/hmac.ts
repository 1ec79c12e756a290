/**
 * HMAC-SHA256 (RFC 2104, section 2) of one key for many messages, as two hashes in one go each. createHmac looks its key over at
 * every call, which takes ten times as long as the hashing, and a hash handed out as a Buffer three times as long as one handed
 * out as text: a mail has five of them, and there are a million mails.
 */
import { hash } from 'node:crypto';

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

export type Mac = (data: string | Uint8Array) => Buffer;

/** The function that signs under this key. */
export function hmacSha256(key: Buffer): Mac {
  const padded = Buffer.alloc(BLOCK);
  (key.length > BLOCK ? hash('sha256', key, 'buffer') : key).copy(padded);
  const outer = Buffer.alloc(BLOCK + 32);
  outer.set(padded.map((byte) => byte ^ 0x5c));
  let inner = Buffer.alloc(512);
  inner.set(padded.map((byte) => byte ^ 0x36));
  return (data) => {
    const most = typeof data === 'string' ? data.length * 3 : data.length;
    if (BLOCK + most > inner.length) inner = Buffer.concat([inner.subarray(0, BLOCK)], BLOCK + 2 * most);
    const length = typeof data === 'string' ? inner.write(data, BLOCK) : data.length;
    if (typeof data !== 'string') inner.set(data, BLOCK);
    outer.write(hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'latin1');
    return Buffer.from(hash('sha256', outer, 'binary'), 'latin1');
  };
}
