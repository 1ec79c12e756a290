/** Campaigns that were looked at by measurement, newest first. */
import type { StoreTransaction } from '../database/connect.ts';

export function measuredCampaigns(tx: StoreTransaction, limit: number): Promise<{ id: string; name: string }[]> {
  return tx.rows<{ id: string; name: string }>(
    `SELECT id, name FROM campaigns c WHERE store_id = $1 AND approved_at IS NOT NULL AND measure_until IS NOT NULL
       AND EXISTS (SELECT FROM measurements m WHERE m.store_id = $1 AND m.campaign_id = c.id)
     ORDER BY approved_at DESC, id LIMIT $2`,
    [tx.storeId, limit],
  );
}
