/**
 * Keys with which a program asks for one store (a Salesforce callout). A key names its store, so that it is looked for among
 * that store's keys alone; of its secret only the hash is kept, so it is shown once. 256 random bits: nothing to guess, and a
 * fast hash is enough.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { noteChange } from './accounts.store.ts';
import { hasApiKey, insertApiKey, listApiKeys, revokeKey, type ApiKey } from './api-keys.store.ts';
import { uuidFrom } from '../random.ts';

const PREFIX = 'rk_';
const SECRET_BYTES = 32;
const STORE_BYTES = 16;

/** Makes a key of a store. Gives its text, which nobody can read again. */
export async function createApiKey(
  engine: Pick<Engine, 'database' | 'clock'>,
  storeId: string,
  name: string,
  actor: string,
): Promise<{ id: string; key: string }> {
  const label = name.trim().slice(0, 100);
  if (label === '') throw fail('bad_request', 'A key needs a name: what is it for?');
  const secret = randomBytes(SECRET_BYTES);
  const id = uuidFrom(randomBytes(16));
  const at = engine.clock.now();
  await engine.database.inStore(storeId, async (tx) => {
    await insertApiKey(tx, { id, name: label, hash: hashOf(secret), at, actor });
    await noteChange(tx, { at, actor, action: 'key.created', subject: id });
  });
  const store = Buffer.from(storeId.replaceAll('-', ''), 'hex');
  return { id, key: PREFIX + Buffer.concat([store, secret]).toString('base64url') };
}

/** The store of a key; undefined: it is none, or was revoked. */
export async function storeOfApiKey(engine: Pick<Engine, 'database'>, key: string): Promise<string | undefined> {
  const bytes = key.startsWith(PREFIX) ? Buffer.from(key.slice(PREFIX.length), 'base64url') : Buffer.alloc(0);
  if (bytes.length !== STORE_BYTES + SECRET_BYTES) return undefined;
  const storeId = storeIdFrom(bytes.subarray(0, STORE_BYTES));
  const hash = hashOf(bytes.subarray(STORE_BYTES));
  const known = await engine.database.inStore(storeId, (tx) => hasApiKey(tx, hash));
  return known ? storeId : undefined;
}

/** Ends a key at once. Throws `not_found`. */
export async function revokeApiKey(
  engine: Pick<Engine, 'database' | 'clock'>,
  storeId: string,
  keyId: string,
  actor: string,
): Promise<void> {
  const at = engine.clock.now();
  await engine.database.inStore(storeId, async (tx) => {
    if (!(await revokeKey(tx, keyId, at))) throw fail('not_found', 'There is no such key, or it was revoked already.');
    await noteChange(tx, { at, actor, action: 'key.revoked', subject: keyId });
  });
}

/** The store's keys, newest first; never the keys themselves. */
export function readApiKeys(engine: Pick<Engine, 'database'>, storeId: string): Promise<ApiKey[]> {
  return engine.database.inStore(storeId, listApiKeys);
}

function hashOf(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

function storeIdFrom(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
