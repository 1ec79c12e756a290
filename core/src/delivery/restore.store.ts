/** After a restore: which messages may have gone meanwhile. */
import type { StoreTransaction } from '../database/connect.ts';

/**
 * Messages that were due by `now` go in doubt, a row of attempts a campaign: they may have been handed over after the backup was
 * made, by attempts that are lost with it. Gives how many.
 */
export async function doubtDue(tx: StoreTransaction, now: Date): Promise<number> {
  return tx.run(
    `WITH due AS (
       SELECT id, campaign_id FROM messages
       WHERE store_id = $1 AND state = 'scheduled' AND scheduled_at <= $2 ORDER BY id FOR NO KEY UPDATE),
     -- A claim of the backup's own moment is looked at here, and not once more when its lease is over.
     ended AS (
       UPDATE attempts SET finished_at = $2, outcome = 'in_doubt', error = 'restored from a backup' WHERE store_id = $1 AND outcome IS NULL),
     noted AS (
       INSERT INTO attempts (id, store_id, campaign_id, provider, message_ids, lease_until, started_at, finished_at, outcome, error)
       SELECT gen_random_uuid(), $1, campaign_id, 'unknown', array_agg(id ORDER BY id), $2, $2, $2, 'in_doubt', 'restored from a backup'
       FROM due GROUP BY campaign_id RETURNING id, campaign_id)
     UPDATE messages m SET state = 'in_doubt', token = m.token + 1, attempt_id = noted.id
     FROM due JOIN noted ON noted.campaign_id = due.campaign_id WHERE m.store_id = $1 AND m.id = due.id`,
    [tx.storeId, now],
  );
}
