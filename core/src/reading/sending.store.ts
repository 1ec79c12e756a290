/** What waits to go, and what went by the hour. */
import type { StoreTransaction } from '../database/connect.ts';

export interface WaitingMails {
  /** Their time has come */
  due: number;
  /** Their time was put off to a later one: quiet hours, a limit, the warm-up */
  putOff: number;
  /** All that are still to go */
  all: number;
  /** When the next one goes; null: none is to go */
  next: Date | null;
}

export async function waitingMails(tx: StoreTransaction, now: Date): Promise<WaitingMails> {
  const rows = await tx.rows<WaitingMails>(
    `SELECT count(*) FILTER (WHERE at <= $2)::int AS due, count(*) FILTER (WHERE put_off AND at > $2)::int AS "putOff",
       count(*)::int AS "all", min(at) AS next
     FROM (
       SELECT greatest(m.scheduled_at, m.not_before) AS at, m.not_before > m.scheduled_at AS put_off FROM messages m
       WHERE m.store_id = $1 AND m.state = 'scheduled'
         AND m.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = $1 AND c.state = 'running')) waiting`,
    [tx.storeId, now],
  );
  return rows[0] ?? { due: 0, putOff: 0, all: 0, next: null };
}

export interface SendHour {
  hour: Date;
  mailbox: string;
  sent: number;
}

export function sendsByHour(tx: StoreTransaction, from: Date): Promise<SendHour[]> {
  return tx.rows<SendHour>(
    `SELECT hour, mailbox, sum(sent)::int AS sent FROM send_hours WHERE store_id = $1 AND hour >= $2
     GROUP BY hour, mailbox ORDER BY hour, mailbox`,
    [tx.storeId, from],
  );
}
