/** Models of the scoring that counts, and the newest forecasts. */
import type { StoreTransaction } from '../database/connect.ts';

interface ModelRow {
  name: string;
  customers: number;
  converged: boolean;
  warnings: unknown;
  figures: unknown;
}

export async function modelsAt(
  tx: StoreTransaction,
  version: number,
): Promise<{ run: { method: string; reason: string | null; asOf: Date } | undefined; models: ModelRow[] }> {
  const run = await tx.db
    .selectFrom('score_runs')
    .select(['method', 'reason', 'as_of as asOf'])
    .where('store_id', '=', tx.storeId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!run) return { run: undefined, models: [] };
  const models = await tx.db
    .selectFrom('models')
    .select(['name', 'customers', 'converged', 'warnings', 'holdout as figures'])
    .where('store_id', '=', tx.storeId)
    .where('as_of', '=', run.asOf)
    .orderBy('name')
    .execute();
  return { run, models };
}

export function newestForecasts(
  tx: StoreTransaction,
): Promise<{ metric: string; method: string; madeAt: Date; backtest: unknown }[]> {
  return tx.rows<{ metric: string; method: string; madeAt: Date; backtest: unknown }>(
    `SELECT DISTINCT ON (metric) metric, method, made_at AS "madeAt", backtest FROM forecasts
     WHERE store_id = $1 ORDER BY metric, made_at DESC`,
    [tx.storeId],
  );
}
