/** How far a campaign is that is being sent, counted in the database. */
import type { StoreTransaction } from '../database/connect.ts';

export interface StateCount {
  /** scheduled, claimed, accepted, refused, in_doubt, dropped */
  state: string;
  reason: string | null;
  messages: number;
  /** Of those that wait: the last one's hour */
  last: Date | null;
  /** Of those that wait: how many would have gone by now */
  overdue: number;
}

/** One walk over the campaign's messages. */
export function countByState(tx: StoreTransaction, campaignId: string, now: Date): Promise<StateCount[]> {
  return tx.rows<StateCount>(
    `SELECT state, CASE WHEN state IN ('refused', 'dropped') THEN state_reason END AS reason, count(*)::int AS messages,
       max(greatest(scheduled_at, not_before)) FILTER (WHERE state = 'scheduled') AS last,
       (count(*) FILTER (WHERE state = 'scheduled' AND greatest(scheduled_at, not_before) <= $3))::int AS overdue
     FROM messages WHERE store_id = $1 AND campaign_id = $2 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    [tx.storeId, campaignId, now],
  );
}

/** Mails that went in each of the last whole minutes, oldest first; minutes without any are left out. */
export function sentByMinute(
  tx: StoreTransaction,
  campaignId: string,
  { from, until }: { from: Date; until: Date },
): Promise<{ minute: Date; sent: number }[]> {
  return tx.rows<{ minute: Date; sent: number }>(
    `SELECT date_trunc('minute', accepted_at) AS minute, count(*)::int AS sent FROM messages
     WHERE store_id = $1 AND campaign_id = $2 AND accepted_at >= $3 AND accepted_at < $4 GROUP BY 1 ORDER BY 1`,
    [tx.storeId, campaignId, from, until],
  );
}
