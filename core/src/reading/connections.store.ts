/** The store's connections, with what each has brought and what waits to go back. */
import type { StoreTransaction } from '../database/connect.ts';

export interface ConnectionFacts {
  id: string;
  platform: string;
  account: string;
  /** connected, syncing, failed, disconnected */
  state: string;
  /** 0..100 of the pull under way */
  progress: number;
  lastPullAt: Date | null;
  nextPullAt: Date | null;
  /** A sentence of ours */
  lastError: string | null;
  createdAt: Date;
  people: number;
  orders: number;
  /** Of what goes back: taken, still to go, given up */
  told: number;
  waiting: number;
  refused: number;
  /** Why the newest was given up or postponed, where something was */
  refusal: string | null;
  /** Address of a person's record there, with {id} where her id stands; null: not known */
  recordPage: string | null;
  /** Her id there who is slipping away and with whom most is at stake; null: nobody, or no recordPage */
  example: string | null;
}

/** Oldest first. */
export function connectionFacts(tx: StoreTransaction): Promise<ConnectionFacts[]> {
  return tx.rows<ConnectionFacts>(
    `SELECT c.id, c.platform, c.account, c.state, c.progress, c.last_pull_at AS "lastPullAt", c.next_pull_at AS "nextPullAt",
       c.last_error AS "lastError", c.created_at AS "createdAt",
       (SELECT count(*)::int FROM identities i WHERE i.store_id = $1 AND i.platform = c.platform) AS people,
       (SELECT count(*)::int FROM orders o WHERE o.store_id = $1 AND o.platform = c.platform AND o.kind = 'sale') AS orders,
       b.told, b.waiting, b.refused, b.refusal, c.settings ->> 'recordPage' AS "recordPage",
       CASE WHEN c.settings ->> 'recordPage' IS NOT NULL THEN (
         SELECT i.external_id FROM stores t JOIN scores s ON s.store_id = t.id AND s.version = t.score_version AND s.state = 'scored'
         JOIN identities i ON i.store_id = t.id AND i.customer_id = s.customer_id AND i.platform = c.platform
         WHERE t.id = $1 ORDER BY s.life_stage IN ('slipping', 'lapsed') DESC, s.value_at_risk DESC NULLS LAST, s.customer_id LIMIT 1) END AS example
     FROM connections c
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'done')::int AS told, count(*) FILTER (WHERE state = 'pending')::int AS waiting,
       count(*) FILTER (WHERE state = 'failed')::int AS refused,
       (array_agg(error ORDER BY created_at DESC) FILTER (WHERE error IS NOT NULL AND state <> 'done'))[1] AS refusal
       FROM write_backs w WHERE w.store_id = $1 AND w.platform = c.platform) b
     WHERE c.store_id = $1 ORDER BY c.created_at, c.id`,
    [tx.storeId],
  );
}
