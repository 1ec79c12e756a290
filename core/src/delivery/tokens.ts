/**
 * What stands in the addresses of a mail: `1.<payload>.<mac>`. The version makes old mails readable for years; the MAC (the
 * first 128 bits of HMAC-SHA256 over version and payload, a key for each kind) makes them impossible to guess or to change.
 *
 * A click carries its target inside the signed payload: we only ever redirect to what we signed, so there is no open
 * redirect, and the redirect needs no database. No address of a person stands in a token, ids only.
 */
import { timingSafeEqual } from 'node:crypto';
import { fail } from '../errors.ts';
import type { Keys } from '../ports.ts';

export type Link =
  | { kind: 'click'; storeId: string; messageId: string; url: string }
  | { kind: 'open'; storeId: string; messageId: string }
  | { kind: 'unsubscribe'; storeId: string; messageId: string; customerId: string }
  | { kind: 'preferences'; storeId: string; messageId: string; customerId: string };

export type LinkKind = Link['kind'];

/** Where each kind lives on the public site; the token follows. */
export const LINK_PATHS: Record<LinkKind, string> = {
  click: '/c/',
  open: '/o/',
  unsubscribe: '/u/',
  preferences: '/p/',
};

const VERSION = '1';
const MAC_BYTES = 16;
const UUID = 16;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Longer than any token of ours: what is longer is not looked at. */
const LONGEST = 4096;

/** The token of a link. Throws `internal` where an id is no uuid or a target no web address: both are defects of ours. */
export function signLink(keys: Keys, link: Link): string {
  const body = `${VERSION}.${payloadOf(link)}`;
  return `${body}.${macOf(keys, link.kind, body).toString('base64url')}`;
}

/** The whole address of a link. `publicUrl` has no slash at its end. */
export function linkAddress(keys: Keys, publicUrl: string, link: Link): string {
  return publicUrl + LINK_PATHS[link.kind] + signLink(keys, link);
}

/** What a token says; undefined where it is not ours, was changed, or is of another kind. */
export function readLink<Kind extends LinkKind>(
  keys: Keys,
  kind: Kind,
  token: string,
): Extract<Link, { kind: Kind }> | undefined {
  if (token.length > LONGEST) return undefined;
  const [version, payload, mac, more] = token.split('.');
  if (version !== VERSION || payload === undefined || mac === undefined || more !== undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== MAC_BYTES || !timingSafeEqual(given, macOf(keys, kind, `${version}.${payload}`)))
    return undefined;
  return linkOf(kind, Buffer.from(payload, 'base64url')) as Extract<Link, { kind: Kind }>;
}

const PURPOSES: Record<LinkKind, string> = {
  click: 'link click',
  open: 'link open',
  unsubscribe: 'link unsubscribe',
  preferences: 'link preferences',
};

function macOf(keys: Keys, kind: LinkKind, body: string): Buffer {
  return keys.mac(PURPOSES[kind], body).subarray(0, MAC_BYTES);
}

/** Where payloads are put together, one at a time: a mail has four, and a million mails would make as many small buffers. */
const DESK = Buffer.alloc(LONGEST);

/** In base64url. */
function payloadOf(link: Link): string {
  let end = putUuid(link.storeId, 0);
  end = putUuid(link.messageId, end);
  if ('customerId' in link) end = putUuid(link.customerId, end);
  if (link.kind === 'click') {
    if (!/^https?:\/\//.test(link.url)) throw fail('internal', 'a link must be a web address');
    if (link.url.length * 3 > LONGEST - end)
      return Buffer.concat([DESK.subarray(0, end), Buffer.from(link.url)]).toString('base64url');
    end += DESK.write(link.url, end);
  }
  return DESK.toString('base64url', 0, end);
}

function putUuid(uuid: string, offset: number): number {
  if (!UUID_TEXT.test(uuid)) throw fail('internal', 'a link needs uuids');
  return offset + DESK.write(uuid.replaceAll('-', ''), offset, 'hex');
}

function linkOf(kind: LinkKind, payload: Buffer): Link {
  const storeId = uuidAt(payload, 0);
  const messageId = uuidAt(payload, UUID);
  if (kind === 'click') return { kind, storeId, messageId, url: payload.subarray(2 * UUID).toString() };
  if (kind === 'open') return { kind, storeId, messageId };
  return { kind, storeId, messageId, customerId: uuidAt(payload, 2 * UUID) };
}

function uuidAt(bytes: Buffer, offset: number): string {
  const hex = bytes.subarray(offset, offset + UUID).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
