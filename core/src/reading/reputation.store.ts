/** What became of a store's mails where they arrived, counted in the database. A mail counts on the day it went. */
import type { StoreTransaction } from '../database/connect.ts';

/** Mails that went in the span, and the people behind them. An erased person has no address: her mails count as others. */
const SENT = `messages m LEFT JOIN customers c ON c.store_id = m.store_id AND c.id = m.customer_id
  WHERE m.store_id = $1 AND m.accepted_at >= $2`;
const DOMAIN = `coalesce(split_part(lower(c.email), '@', 2), '')`;

export function sentByDomain(tx: StoreTransaction, from: Date): Promise<{ domain: string; sent: number }[]> {
  return tx.rows<{ domain: string; sent: number }>(
    `SELECT ${DOMAIN} AS domain, count(*)::int AS sent FROM ${SENT} GROUP BY 1`,
    [tx.storeId, from],
  );
}

export interface TroubleCount {
  domain: string;
  kind: 'bounce' | 'complaint' | 'deferred' | 'unsubscribe';
  /** A bounce that will stay */
  permanent: boolean;
  /** First two figures of the enhanced status code (RFC 3463), 5.1; null where the mailbox gave none */
  code: string | null;
  /** Mails, each once */
  mails: number;
}

/** What mailboxes and people said of the mails that went in the span. */
export function troublesByDomain(tx: StoreTransaction, from: Date): Promise<TroubleCount[]> {
  return tx.rows<TroubleCount>(
    `SELECT ${DOMAIN} AS domain, e.kind, e.kind = 'bounce' AND coalesce((e.detail ->> 'permanent')::boolean, false) AS permanent,
       CASE WHEN e.kind = 'bounce' THEN substring(e.detail ->> 'reason' FROM '\\m([45]\\.\\d{1,2})\\.\\d{1,3}\\M') END AS code,
       count(DISTINCT e.message_id)::int AS mails
     FROM events e JOIN messages m ON m.store_id = e.store_id AND m.id = e.message_id AND m.accepted_at >= $2
     LEFT JOIN customers c ON c.store_id = m.store_id AND c.id = m.customer_id
     WHERE e.store_id = $1 AND e.at >= $2 AND e.kind IN ('bounce', 'complaint', 'deferred', 'unsubscribe')
     GROUP BY 1, 2, 3, 4`,
    [tx.storeId, from],
  );
}

export interface DayOfMails {
  /** yyyy-mm-dd in the store's zone */
  day: string;
  sent: number;
  complaints: number;
  bounces: number;
}

/** Day by day: mails that went, and how many of them were called spam or bounced for good. Days without mails are left out. */
export function mailsByDay(tx: StoreTransaction, from: Date, timeZone: string): Promise<DayOfMails[]> {
  return tx.rows<DayOfMails>(
    `WITH gone AS (
       SELECT (m.accepted_at AT TIME ZONE $3)::date AS day, count(*)::int AS sent, count(m.complained_at)::int AS complaints
       FROM messages m WHERE m.store_id = $1 AND m.accepted_at >= $2 GROUP BY 1),
     bounced AS (
       SELECT (m.accepted_at AT TIME ZONE $3)::date AS day, count(DISTINCT m.id)::int AS bounces
       FROM events e JOIN messages m ON m.store_id = e.store_id AND m.id = e.message_id AND m.accepted_at >= $2
       WHERE e.store_id = $1 AND e.at >= $2 AND e.kind = 'bounce' AND e.detail ->> 'permanent' = 'true' GROUP BY 1)
     SELECT to_char(gone.day, 'YYYY-MM-DD') AS day, sent, complaints, coalesce(bounces, 0) AS bounces
     FROM gone LEFT JOIN bounced USING (day) ORDER BY 1`,
    [tx.storeId, from, timeZone],
  );
}
