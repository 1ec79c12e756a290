import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysFrom } from './keys.ts';

test('a MAC is HMAC-SHA256 under the purpose’s own key', () => {
  const keys = keysFrom('a secret of the tests');
  const own = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', 'a secret of the tests', 'rekindle', `mac ${purpose}`, 32));
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.uint8Array({ maxLength: 300 })),
      (purpose, data) => {
        const expected = createHmac('sha256', own(purpose)).update(data).digest('hex');
        expect(keys.mac(purpose, data).toString('hex')).toBe(expected);
        // A second one overwrites nothing of the first.
        const first = keys.mac(purpose, data);
        keys.mac(purpose, 'another');
        expect(first.toString('hex')).toBe(expected);
      },
    ),
  );
});
