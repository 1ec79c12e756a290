import { z } from 'zod';
import type { StoreTransaction } from '../database/connect.ts';

const rejected = z.object({ total: z.number().default(0), byReason: z.record(z.string(), z.number()).default({}) });

export interface ConnectionState {
  platform: string;
  account: string;
  /** connected, syncing, failed, disconnected */
  state: string;
  /** 0..100 of the pull under way */
  progress: number;
  lastPullAt: Date | null;
  lastError: string | null;
}

export function listConnections(tx: StoreTransaction): Promise<ConnectionState[]> {
  return tx.db
    .selectFrom('connections')
    .select(['platform', 'account', 'state', 'progress', 'last_pull_at as lastPullAt', 'last_error as lastError'])
    .where('store_id', '=', tx.storeId)
    .orderBy('platform')
    .orderBy('account')
    .execute();
}

export interface PullState {
  /** When the pull under way has begun; null: none is */
  since: Date | null;
  /** Whether the store still waits for its first whole pull */
  first: boolean;
}

/** Whether data is coming in at this moment, and whether it is the first time. */
export async function pullState(tx: StoreTransaction): Promise<PullState> {
  const [row] = await tx.rows<PullState>(
    `SELECT (SELECT started_at FROM stage_runs WHERE store_id = $1 AND stage = 'ingest' AND state = 'running') AS since,
            EXISTS (SELECT FROM connections WHERE store_id = $1
              AND (state = 'syncing' OR state = 'connected' AND last_pull_at IS NULL))
              AND NOT EXISTS (SELECT FROM imports WHERE store_id = $1 AND state = 'done') AS first`,
    [tx.storeId],
  );
  return row ?? { since: null, first: false };
}

export interface ImportState {
  /** running, done, failed */
  state: string;
  startedAt: Date;
  finishedAt: Date | null;
  rowsRead: number;
  rejected: { total: number; byReason: Record<string, number> };
  error: string | null;
}

/** The newest pull that left something to tell. */
export async function lastImport(tx: StoreTransaction): Promise<ImportState | null> {
  const row = await tx.db
    .selectFrom('imports')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const { state, started_at: startedAt, finished_at: finishedAt, rows_read: rowsRead, error } = row;
  return { state, startedAt, finishedAt, rowsRead, rejected: rejected.parse(row.rejected), error };
}

export interface DataCounts {
  customers: number;
  orders: number;
  firstOrderAt: Date | null;
  lastOrderAt: Date | null;
}

/** Counted over the whole store: to be remembered by data version. */
export async function countData(tx: StoreTransaction): Promise<DataCounts> {
  const [row] = await tx.rows<{ customers: number; orders: number; first: Date | null; last: Date | null }>(
    `SELECT (SELECT count(*) FROM customers WHERE store_id = $1) AS customers,
            (SELECT coalesce(sum(orders), 0)::bigint FROM customer_totals WHERE store_id = $1) AS orders,
            (SELECT min(ordered_at) FROM orders WHERE store_id = $1) AS first,
            (SELECT max(ordered_at) FROM orders WHERE store_id = $1) AS last`,
    [tx.storeId],
  );
  return {
    customers: row?.customers ?? 0,
    orders: row?.orders ?? 0,
    firstOrderAt: row?.first ?? null,
    lastOrderAt: row?.last ?? null,
  };
}

export interface ScoringState {
  asOf: Date;
  /** Name of the model, or of the plain rule where the store is too young for one */
  method: string;
  /** Why the plain rule was used; null: a model was */
  reason: string | null;
  customers: number;
}

export async function scoringAt(tx: StoreTransaction, version: number): Promise<ScoringState | null> {
  const row = await tx.db
    .selectFrom('score_runs')
    .select(['as_of as asOf', 'method', 'reason', 'customers'])
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row ?? null;
}

/** Stages that stopped with an error, so that the page can say that and that nothing was lost. */
export function failedStages(tx: StoreTransaction): Promise<{ stage: string; startedAt: Date }[]> {
  return tx.db
    .selectFrom('stage_runs')
    .select(['stage', 'started_at as startedAt'])
    .where('store_id', '=', tx.storeId)
    .where('state', '=', 'failed')
    .orderBy('stage')
    .execute();
}

/** Messages of a campaign by their state. */
export async function countMessageStates(tx: StoreTransaction, campaignId: string): Promise<Record<string, number>> {
  const rows = await tx.rows<{ state: string; messages: number }>(
    'SELECT state, count(*) AS messages FROM messages WHERE store_id = $1 AND campaign_id = $2 GROUP BY state ORDER BY state',
    [tx.storeId, campaignId],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.messages]));
}

/** When the first campaign that was measured was approved. */
export async function firstApproval(tx: StoreTransaction): Promise<Date | null> {
  const [row] = await tx.rows<{ first: Date | null }>(
    `SELECT min(approved_at) AS first FROM campaigns c WHERE store_id = $1
        AND EXISTS (SELECT FROM measurements m WHERE m.store_id = c.store_id AND m.campaign_id = c.id)`,
    [tx.storeId],
  );
  return row?.first ?? null;
}
