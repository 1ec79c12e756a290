import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { keysFrom } from '../keys.ts';
import { uuidOf } from '../random.ts';
import { linkAddress, readLink, signLink, type Link, type LinkKind } from './tokens.ts';

const keys = keysFrom('a secret of the tests');
const storeId = uuidOf('store');
const messageId = uuidOf('message');
const customerId = uuidOf('customer');
const links: Link[] = [
  { kind: 'click', storeId, messageId, url: 'https://shop.example/tea?size=ä&utm=1#top' },
  { kind: 'open', storeId, messageId },
  { kind: 'unsubscribe', storeId, messageId, customerId },
  { kind: 'preferences', storeId, messageId, customerId },
];

describe('tokens in the addresses of a mail', () => {
  test.each(links)('$kind comes back as it was', (link) => {
    expect(readLink(keys, link.kind, signLink(keys, link))).toEqual(link);
  });

  test('the version 1 of today is readable for ever', () => {
    const old = '1.YkuHjKSlg7-C8_aE9oaAV27YlvJs84Khuk9GxfrD4MlAFvjG7zGLH7wa-09KvPNZ.Kj9AAfTm8QxTx7Wu4B39Wg';
    expect(readLink(keys, 'unsubscribe', old)).toEqual(links[2]);
    const preferences = old.replace('Kj9AAfTm8QxTx7Wu4B39Wg', 'IIuKZj6Ea7LBqd2kEv2PcQ');
    expect(readLink(keys, 'preferences', preferences)).toEqual(links[3]);
  });

  test('one kind is not another, one secret not another', () => {
    for (const link of links) {
      const token = signLink(keys, link);
      for (const kind of ['click', 'open', 'unsubscribe', 'preferences'] satisfies LinkKind[])
        if (kind !== link.kind) expect(readLink(keys, kind, token)).toBeUndefined();
      expect(readLink(keysFrom('another secret'), link.kind, token)).toBeUndefined();
    }
  });

  test('a changed token is nobody’s', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(fc.constantFrom(...links), fc.nat(), fc.constantFrom(...alphabet), (link, place, letter) => {
        const token = signLink(keys, link);
        const at = place % token.length;
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        const read = readLink(keys, link.kind, changed);
        // The last letter of base64 holds bits that say nothing: what it says must then be the same.
        if (read !== undefined) expect(read).toEqual(link);
        if (letter !== token[at] && at < token.length - 1) expect(read).toBeUndefined();
      }),
      { seed: 8, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string(), (text) => readLink(keys, 'click', text) === undefined),
      { seed: 8 },
    );
  });

  test('only web addresses are signed', () => {
    expect(() => signLink(keys, { kind: 'click', storeId, messageId, url: 'javascript:alert(1)' })).toThrow(
      /web address/,
    );
    expect(linkAddress(keys, 'https://mail.example', links[1] as Link)).toMatch(/^https:\/\/mail\.example\/o\/1\./);
  });
});
