/** What each stage last did in a store, and the lock that keeps two processes from doing it at once. */
import pg from 'pg';
import type { Database, StoreTransaction } from '../database/connect.ts';
import type { StageReport } from '../engine.ts';

/** First of the two numbers of every stage's advisory lock: "rkst". */
export const STAGE_LOCK = 0x726b7374;

/** SQL for the second: of the store in $1 and a stage's name. */
export const stageKeySql = (stage: string): string => `hashtext($1::text || ' ' || ${stage})`;

/**
 * Does `work` while no other process does the same stage of the same store; undefined where one does. The lock belongs to a
 * connection of its own, so it ends with the process however the process ends, and takes none from the pool that the work
 * itself needs: held by the pool's, as many locks as connections would wait for ever.
 */
export async function holdStage<Result>(
  database: Database,
  storeId: string,
  stage: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const client = new pg.Client({ connectionString: database.url });
  // A connection that breaks lets go of the lock. Every stage bears that: it may be run by two at once, only not as fast.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>(
      `SELECT pg_try_advisory_lock(${String(STAGE_LOCK)}, ${stageKeySql('$2')}) AS held`,
      [storeId, stage],
    );
    return rows[0]?.held === true ? await work() : undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Which of a store's two versions a stage takes in. */
const INPUT: Record<string, 'data_version' | 'score_version'> = {
  scoring: 'data_version',
  measurement: 'data_version',
  segments: 'score_version',
  campaigns: 'score_version',
  journeys: 'score_version',
  writeback: 'score_version',
};

/** Writes down that a stage has begun, and gives the version of its input that this run sees at least. */
export async function startRun(tx: StoreTransaction, stage: string, now: Date): Promise<number> {
  await tx.run(
    `INSERT INTO stage_runs (store_id, stage, state, started_at) VALUES ($1, $2, 'running', $3)
     ON CONFLICT (store_id, stage) DO UPDATE SET state = 'running', started_at = excluded.started_at, finished_at = NULL`,
    [tx.storeId, stage, now],
  );
  const column = INPUT[stage];
  if (column === undefined) return 0;
  const store = await tx.db.selectFrom('stores').select(column).where('id', '=', tx.storeId).executeTakeFirstOrThrow();
  return (store as Record<typeof column, number>)[column];
}

export async function finishRun(
  tx: StoreTransaction,
  stage: string,
  end: { now: Date; input: number; report: StageReport },
): Promise<void> {
  await tx.db
    .updateTable('stage_runs')
    .set({
      state: 'done',
      finished_at: end.now,
      input_version: end.input,
      report: JSON.stringify(end.report),
      error: null,
      failures: 0,
      retry_at: null,
    })
    .where('store_id', '=', tx.storeId)
    .where('stage', '=', stage)
    .execute();
}

/** Writes down why a stage failed and when it may be tried again; its input stays to be looked at. */
export async function failRun(
  tx: StoreTransaction,
  stage: string,
  end: { now: Date; reason: string; wait: (failures: number) => number },
): Promise<void> {
  const rows = await tx.rows<{ failures: number }>(
    `UPDATE stage_runs SET state = 'failed', finished_at = $3, error = $4, failures = failures + 1
     WHERE store_id = $1 AND stage = $2 RETURNING failures`,
    [tx.storeId, stage, end.now, end.reason],
  );
  const retryAt = new Date(end.now.getTime() + end.wait(rows[0]?.failures ?? 1));
  await tx.run('UPDATE stage_runs SET retry_at = $3 WHERE store_id = $1 AND stage = $2', [tx.storeId, stage, retryAt]);
}
