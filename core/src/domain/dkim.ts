/** A DKIM key record (RFC 6376, 3.6.1): is it there, is it the one, is it strong enough? */
import { createPublicKey } from 'node:crypto';
import type { Problem } from './report.ts';

/** Bits under which Gmail takes an RSA key for none. */
const LEAST_BITS = 1024;

/** `tag=value; …` as DKIM and DMARC write it; undefined where it is something else. */
export function tagsOf(text: string): Map<string, string> | undefined {
  const parts = text.split(';').map((part) => part.trim());
  const tags = new Map<string, string>();
  for (const part of parts.filter((one) => one !== '')) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*)$/s.exec(part) ?? [];
    if (name === undefined || value === undefined || tags.has(name.toLowerCase())) return undefined;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}

/** What is wrong with the records at a selector. `needed`: the record that must stand there, '' where any sound key will do. */
export function dkimProblem(found: string[], needed: string): Problem | null {
  const keys = found.map(tagsOf).filter((tags) => tags?.has('p') === true && (tags.get('v') ?? 'DKIM1') === 'DKIM1');
  const [key, second] = keys;
  if (found.length === 0) return 'missing';
  if (key === undefined) return 'bad_record';
  if (second !== undefined) return 'two_records';
  const p = keyOf(key);
  if (p === '') return 'revoked_key';
  const wanted = needed === '' ? undefined : tagsOf(needed);
  if (wanted && keyOf(wanted) !== p) return 'other_value';
  return strength(p, key.get('k') ?? 'rsa');
}

function keyOf(tags: Map<string, string>): string {
  return (tags.get('p') ?? '').replace(/\s+/g, '');
}

function strength(base64: string, kind: string): Problem | null {
  const bytes = Buffer.from(base64, 'base64');
  if (kind === 'ed25519') return bytes.length === 32 ? null : 'bad_record';
  try {
    const { asymmetricKeyDetails: details } = createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    return (details?.modulusLength ?? 0) < LEAST_BITS ? 'weak_key' : null;
  } catch {
    return 'bad_record';
  }
}
