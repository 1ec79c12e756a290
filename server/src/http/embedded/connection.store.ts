/** A shop's connection, looked at without holding anybody up. */
import type { StoreTransaction } from '@rekindle/core';

export async function findShopConnection(
  tx: StoreTransaction,
  shop: string,
): Promise<{ id: string; state: string } | undefined> {
  return tx.db
    .selectFrom('connections')
    .select(['id', 'state'])
    .where('store_id', '=', tx.storeId)
    .where('platform', '=', 'shopify')
    .where('account', '=', shop)
    .executeTakeFirst();
}
