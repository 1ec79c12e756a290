/** The outbox: what waits to be pushed, and what came of it. */
import { z } from 'zod';
import type { StoreTransaction } from '../database/connect.ts';
import type { WriteBack, WriteBackKind } from '../ports.ts';

export interface Waiting extends WriteBack {
  attempts: number;
}

const payload = z.record(z.string(), z.unknown());

/** The oldest rows that are due, of kinds that the platform takes. */
export async function loadDue(
  tx: StoreTransaction,
  due: { platform: string; kinds: readonly WriteBackKind[]; now: Date; limit: number },
): Promise<Waiting[]> {
  const rows = await tx.rows<{
    id: number;
    kind: WriteBackKind;
    subject_id: string;
    payload: unknown;
    attempts: number;
  }>(
    `SELECT id, kind, subject_id, payload, attempts FROM write_backs
     WHERE store_id = $1 AND state = 'pending' AND next_attempt_at <= $2 AND platform = $3 AND kind = ANY($4)
     ORDER BY next_attempt_at, id LIMIT $5`,
    [tx.storeId, due.now, due.platform, due.kinds, due.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    payload: payload.parse(row.payload),
    attempts: row.attempts,
  }));
}

/** What came of one push. */
export interface Pushed {
  row: Waiting;
  state: 'done' | 'pending' | 'failed';
  attempts: number;
  nextAttemptAt: Date;
  error: string | null;
}

/** Writes down what came of a push. A row whose payload was replaced in the meantime stays pending. */
export async function savePushed(tx: StoreTransaction, pushed: Pushed[], now: Date): Promise<void> {
  await tx.run(
    `UPDATE write_backs b
     SET state = p.state, attempts = p.attempts, next_attempt_at = p.next_attempt_at, error = p.error,
       done_at = CASE WHEN p.state = 'done' THEN $2::timestamptz END
     FROM unnest($3::bigint[], $4::jsonb[], $5::text[], $6::int[], $7::timestamptz[], $8::text[])
       AS p(id, payload, state, attempts, next_attempt_at, error)
     WHERE b.store_id = $1 AND b.id = p.id AND b.payload = p.payload`,
    [
      tx.storeId,
      now,
      pushed.map((one) => one.row.id),
      pushed.map((one) => JSON.stringify(one.row.payload)),
      pushed.map((one) => one.state),
      pushed.map((one) => one.attempts),
      pushed.map((one) => one.nextAttemptAt),
      pushed.map((one) => one.error),
    ],
  );
}

export interface Connection {
  id: string;
  storeId: string;
  platform: string;
  account: string;
  settings: unknown;
}

/** One connection a platform, the oldest: where a store has two of a platform, its people are known to the first. */
export async function loadConnections(tx: StoreTransaction): Promise<Connection[]> {
  return tx.rows<Connection>(
    `SELECT DISTINCT ON (platform) id, store_id AS "storeId", platform, account, settings FROM connections
     WHERE store_id = $1 AND state <> 'disconnected' ORDER BY platform, created_at, id`,
    [tx.storeId],
  );
}
