/** What the benches of the public site count. */
import type { StoreTransaction } from '@rekindle/core';

export async function countEvents(tx: StoreTransaction): Promise<number> {
  const [row] = await tx.rows<{ count: number }>('SELECT count(*)::int AS count FROM events WHERE store_id = $1', [
    tx.storeId,
  ]);
  return row?.count ?? 0;
}
