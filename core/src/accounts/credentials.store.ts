/** The sealed credentials of a connection as they lie in the database. Never opened here. */
import type { StoreTransaction } from '../database/connect.ts';
import { fail } from '../errors.ts';

/** Null: none are kept. Throws `not_found` where there is no such connection. */
export async function readSealed(tx: StoreTransaction, connectionId: string): Promise<Buffer | null> {
  const [row] = await tx.rows<{ credentials: Buffer | null }>(
    'SELECT credentials FROM connections WHERE store_id = $1 AND id = $2',
    [tx.storeId, connectionId],
  );
  if (row === undefined) throw fail('not_found', 'There is no such connection.');
  return row.credentials;
}

export async function writeSealed(tx: StoreTransaction, connectionId: string, sealed: Buffer | null): Promise<void> {
  await tx.run('UPDATE connections SET credentials = $3 WHERE store_id = $1 AND id = $2', [
    tx.storeId,
    connectionId,
    sealed,
  ]);
}

/**
 * Holds the right to renew a connection's credentials until the transaction ends. A lock of its own: the connection's row is
 * written by the pull that may be asking.
 */
export async function lockRenewal(tx: StoreTransaction, connectionId: string): Promise<void> {
  await tx.run(`SELECT pg_advisory_xact_lock(hashtext('rekindle credentials'), hashtext($1))`, [connectionId]);
}
