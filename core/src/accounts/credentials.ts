/**
 * The vault: what signs us in to a platform, sealed under the application's secret and bound to its store, connection and
 * column, so that a row copied elsewhere does not open. What is inside is opaque here, and never written to a log or an
 * error.
 */
import type { Database, StoreTransaction } from '../database/connect.ts';
import { fail } from '../errors.ts';
import type { Credentials, Keys } from '../ports.ts';
import { lockRenewal, readSealed, writeSealed } from './credentials.store.ts';

interface Vault {
  readonly database: Database;
  readonly keys: Keys;
}

/** The credentials of one connection. Throws `not_found` on use where there is no such connection. */
export function credentialsOf(vault: Vault, connection: { id: string; storeId: string }): Credentials {
  const { database, keys } = vault;
  const { id, storeId } = connection;
  return {
    read: () => database.inStore(storeId, async (tx) => unseal(keys, tx, id, await readSealed(tx, id))),
    renew: (renew) =>
      database.inStore(storeId, async (tx) => {
        await lockRenewal(tx, id);
        const kept = await renew(unseal(keys, tx, id, await readSealed(tx, id)));
        await keepCredentials(keys, tx, id, kept);
        return kept;
      }),
  };
}

/** Keeps credentials in the caller's transaction; undefined forgets them. */
export async function keepCredentials(
  keys: Keys,
  tx: StoreTransaction,
  connectionId: string,
  credentials: unknown,
): Promise<void> {
  const sealed =
    credentials === undefined
      ? null
      : keys.encrypt(contextOf(tx, connectionId), Buffer.from(JSON.stringify(credentials)));
  await writeSealed(tx, connectionId, sealed);
}

function unseal(keys: Keys, tx: StoreTransaction, connectionId: string, sealed: Buffer | null): unknown {
  if (sealed === null) return undefined;
  const text = keys.decrypt(contextOf(tx, connectionId), sealed).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Without the cause: its message would quote the secret.
    throw fail('internal', 'sealed credentials are no JSON');
  }
}

function contextOf(tx: StoreTransaction, connectionId: string): string {
  return `${tx.storeId}/connections/${connectionId}/credentials`;
}
