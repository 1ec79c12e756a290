/** What ingest keeps about its own work: connections' cursors and states, imports, and the rows that were left out. */
import type { StoreTransaction } from '../database/connect.ts';
import { countsOf, type Rejected } from './rejected.ts';

export interface SourceConnection {
  id: string;
  storeId: string;
  platform: string;
  account: string;
  settings: unknown;
}

export async function loadSources(tx: StoreTransaction): Promise<SourceConnection[]> {
  const rows = await tx.db
    .selectFrom('connections')
    .select(['id', 'store_id', 'platform', 'account', 'settings'])
    .where('state', '<>', 'disconnected')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ store_id: storeId, ...rest }) => ({ ...rest, storeId }));
}

/** The cursor of the last committed pull; null before the first. */
export async function readCursor(tx: StoreTransaction, connectionId: string): Promise<unknown> {
  const row = await tx.db.selectFrom('connections').select('cursor').where('id', '=', connectionId).executeTakeFirst();
  return row?.cursor ?? null;
}

/** Notes that a pull has begun, and that one which was running before was broken off. */
export async function beginPull(tx: StoreTransaction, connectionId: string): Promise<void> {
  await tx.run(
    `UPDATE imports SET state = 'failed', error = 'broken off' WHERE connection_id = $1 AND state = 'running'`,
    [connectionId],
  );
  await tx.run(`UPDATE connections SET state = 'syncing', progress = 0 WHERE id = $1 AND state <> 'disconnected'`, [
    connectionId,
  ]);
}

export async function showProgress(tx: StoreTransaction, connectionId: string, percent: number): Promise<void> {
  // Nobody misses a figure that was lost with the machine, and a pull must not wait until its own log is on the disk.
  await tx.run('SET LOCAL synchronous_commit = off');
  await tx.run('UPDATE connections SET progress = $2 WHERE id = $1', [connectionId, percent]);
}

/** How many imports a connection has had: names the next one. */
export async function countImports(tx: StoreTransaction, connectionId: string): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(
    'SELECT count(*)::int AS count FROM imports WHERE connection_id = $1',
    [connectionId],
  );
  return row?.count ?? 0;
}

export interface ImportState {
  id: string;
  connection: SourceConnection;
  state: 'running' | 'done' | 'failed';
  startedAt: Date;
  finishedAt: Date | null;
  rowsRead: number;
  customers: number;
  orders: number;
  rejected: Rejected;
  error: string | null;
}

export async function saveImport(tx: StoreTransaction, one: ImportState): Promise<void> {
  const figures = {
    state: one.state,
    finished_at: one.finishedAt,
    rows_read: one.rowsRead,
    customers: one.customers,
    orders: one.orders,
    rejected: JSON.stringify(countsOf(one.rejected)),
    error: one.error,
  };
  await tx.db
    .insertInto('imports')
    .values({
      id: one.id,
      store_id: tx.storeId,
      connection_id: one.connection.id,
      source: one.connection.platform,
      started_at: one.startedAt,
      ...figures,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(figures))
    .execute();
  const rows = one.rejected.rows;
  await tx.run(
    `INSERT INTO rejected_rows (store_id, import_id, source, line, reason)
    SELECT $1, $2, * FROM unnest($3::text[], $4::int[], $5::text[]) ON CONFLICT (import_id, source, line) DO NOTHING`,
    [
      tx.storeId,
      one.id,
      rows.map((row) => row.source ?? 'orders'),
      rows.map((row) => row.line),
      rows.map((row) => row.reason),
    ],
  );
}

/** Where the next pull goes on, in the transaction of what was committed. `undefined` keeps the cursor. */
export async function endPull(
  tx: StoreTransaction,
  connectionId: string,
  end: { cursor: unknown; at: Date; done: boolean },
): Promise<void> {
  await tx.run(
    `UPDATE connections SET cursor = coalesce($2::jsonb, cursor), last_pull_at = $3, last_error = NULL,
      state = CASE WHEN $4 AND state = 'syncing' THEN 'connected' ELSE state END, progress = CASE WHEN $4 THEN 100 ELSE progress END,
      next_pull_at = CASE WHEN $4 AND next_pull_at <= $3 THEN NULL ELSE next_pull_at END WHERE id = $1`,
    [connectionId, end.cursor === undefined ? null : JSON.stringify(end.cursor), end.at, end.done],
  );
}

/** Notes that a pull failed; what earlier batches of it committed stays counted. */
export async function failPull(
  tx: StoreTransaction,
  failed: { importId: string; connection: SourceConnection; startedAt: Date; finishedAt: Date; message: string },
): Promise<void> {
  const { connection, message } = failed;
  await tx.run(
    `INSERT INTO imports (id, store_id, connection_id, source, state, started_at, finished_at, error) VALUES ($1, $2, $3, $4, 'failed', $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET state = 'failed', finished_at = excluded.finished_at, error = excluded.error`,
    [failed.importId, tx.storeId, connection.id, connection.platform, failed.startedAt, failed.finishedAt, message],
  );
  await tx.run(`UPDATE connections SET state = 'failed', last_error = $2 WHERE id = $1 AND state <> 'disconnected'`, [
    connection.id,
    message,
  ]);
}

/** Tells the later stages that there is something new to look at. */
export async function growDataVersion(tx: StoreTransaction): Promise<void> {
  await tx.run('UPDATE stores SET data_version = data_version + 1 WHERE id = $1', [tx.storeId]);
}
