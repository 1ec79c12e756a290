/** Keys derived from the application's one secret (HKDF-SHA256, RFC 5869), and what is done with them. */
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { fail } from './errors.ts';
import type { Keys } from './ports.ts';

/** First byte of a sealed value: the key it was sealed under. */
const KEY_ID = 1;

export function keysFrom(secret: string): Keys {
  const derived = new Map<string, Buffer>();
  const macs = new Map<string, Mac>();
  function key(purpose: string): Buffer {
    let bytes = derived.get(purpose);
    if (!bytes) derived.set(purpose, (bytes = Buffer.from(hkdfSync('sha256', secret, 'rekindle', purpose, 32))));
    return bytes;
  }
  return {
    mac(purpose, data) {
      let mac = macs.get(purpose);
      if (!mac) macs.set(purpose, (mac = hmac(key(`mac ${purpose}`))));
      return mac(data);
    },
    encrypt(context, plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key('seal'), iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.from([KEY_ID]), iv, cipher.getAuthTag(), body]);
    },
    decrypt(context, sealed) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== KEY_ID || bytes.length < 29) throw fail('internal', 'sealed value has an unknown form');
      const decipher = createDecipheriv('aes-256-gcm', key('seal'), bytes.subarray(1, 13)).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(13, 29));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]);
      } catch (cause) {
        throw fail('internal', 'sealed value does not open: another secret, or another place than it was sealed for', {
          cause,
        });
      }
    },
  };
}

type Mac = (data: string | Uint8Array) => Buffer;

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

/**
 * HMAC-SHA256 (RFC 2104, section 2) of one key, of two hashes in one go each. createHmac looks its key over at every call, which
 * takes ten times as long as the hashing: a mail has five of them.
 */
function hmac(key: Buffer): Mac {
  if (key.length > BLOCK) throw fail('internal', 'a derived key is longer than a block');
  const padded = Buffer.alloc(BLOCK);
  key.copy(padded);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = Buffer.alloc(BLOCK + 32);
  outer.set(padded.map((byte) => byte ^ 0x5c));
  return (data) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const message = Buffer.allocUnsafe(BLOCK + bytes.length);
    message.set(inner);
    message.set(bytes, BLOCK);
    outer.set(hash('sha256', message, 'buffer'), BLOCK);
    return hash('sha256', outer, 'buffer');
  };
}
