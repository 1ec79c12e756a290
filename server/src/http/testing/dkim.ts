/**
 * Whether a mail is signed, as a receiver finds out: the key from the DNS, the body's hash, and the headers that the signature
 * covers, by RFC 6376 (relaxed/relaxed, rsa-sha256). Written apart from what signs.
 */
import { createHash, createPublicKey, createVerify } from 'node:crypto';
import type { Dns } from '@rekindle/core';

export type DkimVerdict = { pass: true; domain: string; covered: string[] } | { pass: false; why: string };

/** `raw`: the mail, one character a byte. */
export async function verifyDkim(raw: string, dns: Dns): Promise<DkimVerdict> {
  const split = raw.indexOf('\r\n\r\n');
  const fields = raw.slice(0, split).split(/\r\n(?![ \t])/);
  const signature = fields.find((field) => /^dkim-signature:/i.test(field));
  if (signature === undefined) return { pass: false, why: 'not signed' };
  const tags = tagsOf(signature.slice(signature.indexOf(':') + 1));
  const tag = (name: string): string => (tags.get(name) ?? '').replace(/\s+/g, '');
  if (tag('c') !== 'relaxed/relaxed' || tag('a') !== 'rsa-sha256') return { pass: false, why: 'another form' };
  const hash = createHash('sha256')
    .update(relaxedBody(raw.slice(split + 4)), 'latin1')
    .digest('base64');
  if (hash !== tag('bh')) return { pass: false, why: 'the body was changed' };
  const covered = tag('h').toLowerCase().split(':');
  // Of several headers of one name the last ones count first.
  const left = [...fields];
  const signed = covered.map((name) => {
    const place = left.findLastIndex((field) => field.toLowerCase().startsWith(`${name}:`));
    const [field = ''] = place < 0 ? [] : left.splice(place, 1);
    return field === '' ? '' : `${relaxedField(field)}\r\n`;
  });
  const own = relaxedField(signature.replace(/([;:]\s*b=)[^;]*/, '$1'));
  const keys = await dns.txt(`${tag('s')}._domainkey.${tag('d')}`);
  const key = Array.isArray(keys) ? tagsOf(keys[0] ?? '').get('p') : undefined;
  if (!key) return { pass: false, why: 'no key' };
  const verify = createVerify('RSA-SHA256').update(signed.join('') + own, 'latin1');
  const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
  return verify.verify(publicKey, tag('b'), 'base64')
    ? { pass: true, domain: tag('d'), covered }
    : { pass: false, why: 'a header was changed' };
}

function tagsOf(text: string): Map<string, string> {
  return new Map(
    text
      .split(';')
      .filter((part) => part.includes('='))
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]),
  );
}

function relaxedField(field: string): string {
  const colon = field.indexOf(':');
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${field.slice(0, colon).toLowerCase().trim()}:${value}`;
}

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  const text = lines.join('\r\n').replace(/(\r\n)+$/, '');
  return text === '' ? '' : `${text}\r\n`;
}
