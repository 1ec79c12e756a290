/** Findings and forecasts as rows. A finding told before is only seen again; one with news is a new row. */
import type { StoreTransaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import type { Forecast } from './forecast.ts';
import { evidence, type Evidence, type Finding } from './finding.ts';

export interface Ranked extends Finding {
  qValue: number | null;
  place: number;
}

/** Keeps a look's findings. Gives how many are news. */
export async function keepFindings(tx: StoreTransaction, findings: Ranked[], now: Date): Promise<number> {
  const rows = findings.map((one) => ({
    id: uuidOf('insight', tx.storeId, one.kind, one.subject, one.news),
    kind: one.kind,
    subject: one.subject,
    news: one.news,
    size: one.size,
    pValue: one.pValue,
    qValue: one.qValue,
    place: one.place,
    evidence: JSON.stringify({ title: one.title, because: one.because, sizeOf: one.sizeOf, action: one.action, picture: one.picture }),
  })); // prettier-ignore
  const [counted] = await tx.rows<{ fresh: number }>(
    `WITH kept AS (
       INSERT INTO insights AS known (id, store_id, kind, subject, news, size, p_value, q_value, place, evidence, found_at, seen_at)
       SELECT id, $1, kind, subject, news, size, p, q, place, evidence, $2, $2
       FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::float8[], $9::float8[], $10::int[], $11::jsonb[])
         AS f (id, kind, subject, news, size, p, q, place, evidence)
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, size = excluded.size, p_value = excluded.p_value,
         q_value = excluded.q_value, place = excluded.place, evidence = excluded.evidence
       RETURNING xmax = 0 AS fresh)
     SELECT count(*) FILTER (WHERE fresh)::int AS fresh FROM kept`,
    [
      tx.storeId,
      now,
      rows.map((row) => row.id),
      rows.map((row) => row.kind),
      rows.map((row) => row.subject),
      rows.map((row) => row.news),
      rows.map((row) => row.size),
      rows.map((row) => row.pValue),
      rows.map((row) => row.qValue),
      rows.map((row) => row.place),
      rows.map((row) => row.evidence),
    ],
  );
  return counted?.fresh ?? 0;
}

export interface Insight extends Evidence {
  id: string;
  kind: string;
  size: number | null;
  pValue: number | null;
  qValue: number | null;
  foundAt: Date;
}

/** Findings of the last look that nobody has put away, in their order. Undefined `limit`: all. */
export async function openInsights(tx: StoreTransaction, limit?: number): Promise<Insight[]> {
  const rows = await tx.db
    .selectFrom('insights')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .where('dismissed_at', 'is', null)
    .where('seen_at', '=', (query) =>
      query
        .selectFrom('insights')
        .select((one) => one.fn.max('seen_at').as('last'))
        .where('store_id', '=', tx.storeId),
    ) // prettier-ignore
    .orderBy('place')
    .limit(limit ?? 200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    size: row.size,
    pValue: row.p_value,
    qValue: row.q_value,
    foundAt: row.found_at,
    ...evidence.parse(row.evidence),
  }));
}

/** Puts a finding away until there is news of it. False: there is no such finding. */
export async function dismiss(tx: StoreTransaction, id: string, by: { at: Date; actor: string }): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('insights')
    .set({ dismissed_at: by.at, dismissed_by: by.actor })
    .where('store_id', '=', tx.storeId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** When the last look was, and how many comparisons it made; null: none yet. */
export async function lastLook(tx: StoreTransaction): Promise<{ at: Date; report: unknown } | null> {
  const row = await tx.db
    .selectFrom('stage_runs')
    .select(['finished_at', 'report'])
    .where('store_id', '=', tx.storeId)
    .where('stage', '=', 'insights')
    .executeTakeFirst();
  return row?.finished_at ? { at: row.finished_at, report: row.report } : null;
}

export type ForecastMetric = 'revenue' | 'returning';

export async function keepForecast(
  tx: StoreTransaction,
  metric: ForecastMetric,
  forecast: Forecast,
  now: Date,
): Promise<void> {
  const { method, points, sums, backtest } = forecast;
  const row = {
    method,
    points: JSON.stringify({ points, sums }),
    backtest: JSON.stringify(backtest),
  };
  await tx.db
    .insertInto('forecasts')
    .values({ store_id: tx.storeId, metric, made_at: now, ...row })
    .onConflict((conflict) => conflict.columns(['store_id', 'metric', 'made_at']).doUpdateSet(row))
    .execute();
}
