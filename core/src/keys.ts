/** Keys derived from the application's one secret (HKDF-SHA256, RFC 5869), and what is done with them. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { fail } from './errors.ts';
import { hmacSha256, type Mac } from './hmac.ts';
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
      if (!mac) macs.set(purpose, (mac = hmacSha256(key(`mac ${purpose}`))));
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
