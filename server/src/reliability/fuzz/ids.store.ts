/** What there is to be asked for. */
import type { StoreTransaction } from '@rekindle/core';

export interface StoreIds {
  customers: string[];
  messages: string[];
  reports: string[];
}

export async function readIds(tx: StoreTransaction): Promise<StoreIds> {
  const ids = async (table: 'customers' | 'messages' | 'reports'): Promise<string[]> =>
    (
      await tx.rows<{ id: string }>(`SELECT id::text FROM ${table} WHERE store_id = $1 ORDER BY id LIMIT 50`, [
        tx.storeId,
      ])
    ).map((row) => row.id);
  return { customers: await ids('customers'), messages: await ids('messages'), reports: await ids('reports') };
}
