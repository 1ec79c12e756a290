/**
 * Svix' signature, the Standard Webhooks scheme: HMAC-SHA256 over `id.timestamp.body`, several signatures while a key is
 * changed. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, type RawWebhook } from '@rekindle/core';

/** A signature that is older or newer is somebody's recording. */
const TOLERANCE_MS = 300_000;
const VERSION = 'v1,';

/** The key as Resend's page shows it: whsec_ and base64 of 24 to 64 bytes. Throws `bad_configuration`. */
export function readKey(secret: string): Buffer {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (key.length < 24 || key.length > 64)
    throw fail('bad_configuration', 'RESEND_WEBHOOK_KEY is not a signing secret: it starts with "whsec_".');
  return key;
}

/** The webhook's id, the same at every copy. Throws `unauthorised`. */
export function authenticate(key: Buffer, { headers, body }: RawWebhook, now: Date): string {
  const read = (name: string): string | undefined =>
    headers[name] ?? Object.entries(headers).find(([other]) => other.toLowerCase() === name)?.[1];
  const id = read('svix-id');
  const timestamp = read('svix-timestamp');
  const signatures = read('svix-signature');
  if (!id || !timestamp || !signatures) throw fail('unauthorised', 'The webhook is not signed.');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const given = signatures.split(' ').filter((one) => one.startsWith(VERSION));
  if (!given.some((one) => same(expected, Buffer.from(one.slice(VERSION.length), 'base64'))))
    throw fail('unauthorised', 'The webhook’s signature is wrong.');
  const age = now.getTime() - Number(timestamp) * 1000;
  if (!/^\d+$/.test(timestamp) || Math.abs(age) > TOLERANCE_MS)
    throw fail('unauthorised', 'The webhook’s signature is too old, or a clock is wrong.');
  return id;
}

function same(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
