/** Keys of a store, by the hash of their secret. */
import type { StoreTransaction } from '../database/connect.ts';

export interface ApiKey {
  id: string;
  name: string;
  createdAt: Date;
  createdBy: string;
  revokedAt: Date | null;
}

export async function insertApiKey(
  tx: StoreTransaction,
  key: { id: string; name: string; hash: Buffer; at: Date; actor: string },
): Promise<void> {
  await tx.run(
    'INSERT INTO api_keys (id, store_id, name, key_hash, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)',
    [key.id, tx.storeId, key.name, key.hash, key.at, key.actor],
  );
}

export async function hasApiKey(tx: StoreTransaction, hash: Buffer): Promise<boolean> {
  const rows = await tx.rows('SELECT FROM api_keys WHERE store_id = $1 AND key_hash = $2 AND revoked_at IS NULL', [
    tx.storeId,
    hash,
  ]);
  return rows.length > 0;
}

export function listApiKeys(tx: StoreTransaction): Promise<ApiKey[]> {
  return tx.rows<ApiKey>(
    `SELECT id, name, created_at AS "createdAt", created_by AS "createdBy", revoked_at AS "revokedAt" FROM api_keys
     WHERE store_id = $1 ORDER BY created_at DESC, id`,
    [tx.storeId],
  );
}

export async function revokeKey(tx: StoreTransaction, id: string, at: Date): Promise<boolean> {
  const revoked = await tx.run(
    'UPDATE api_keys SET revoked_at = $3 WHERE store_id = $1 AND id::text = $2 AND revoked_at IS NULL',
    [tx.storeId, id, at],
  );
  return revoked > 0;
}
