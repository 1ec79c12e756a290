/** All SQL of scoring. Days are local days of the store's zone, counted from 1970-01-01. */
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { StoreTransaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import type { Choice } from './choose.ts';
import type { LessonRecord } from './mails/index.ts';
import type { Fit, Histories } from './models/index.ts';
import type { SplitRow } from './split.ts';
import { SCORE_COLUMNS } from './score-text.ts';

export interface Run {
  version: number;
  asOf: Date;
  dataVersion: number;
}

/** The last scoring; undefined before the first. */
export async function lastRun(tx: StoreTransaction): Promise<Run | undefined> {
  const row = await tx.db
    .selectFrom('score_runs')
    .select(['version', 'as_of', 'data_version'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { version: row.version, asOf: row.as_of, dataVersion: row.data_version };
}

export interface StoreTotals {
  customers: number;
  /** Minor units and days of all customers together */
  revenue: number;
  purchaseDays: number;
  /** Local day of the first order ever */
  firstDay: number;
}

export async function storeTotals(tx: StoreTransaction, zone: string): Promise<StoreTotals> {
  const [row] = await tx.rows<{ customers: number; revenue: number; days: number; first: number | null }>(
    `SELECT count(*)::int AS customers, coalesce(sum(revenue), 0)::bigint AS revenue, coalesce(sum(purchase_days), 0)::bigint AS days,
       (min(first_order_at) AT TIME ZONE $1)::date - DATE '1970-01-01' AS first
     FROM customer_totals WHERE purchase_days > 0`,
    [zone],
  );
  return {
    customers: row?.customers ?? 0,
    revenue: row?.revenue ?? 0,
    purchaseDays: row?.days ?? 0,
    firstDay: row?.first ?? 0,
  };
}

export interface Sample {
  histories: Histories;
  /** Mean value of a repeat purchase day, minor units */
  means: Float64Array;
  /** The last id of the sample; ids are hashes, so the first ones are a fair sample */
  lastId: string;
}

/** Histories of at most `limit` customers as of `today`. */
export async function readSample(
  tx: StoreTransaction,
  options: { zone: string; today: number; limit: number },
): Promise<Sample> {
  const rows = await tx.rows<{ id: string; days: number; first: number; last: number; repeat: number }>(
    `SELECT customer_id AS id, purchase_days AS days, (first_order_at AT TIME ZONE $1)::date - DATE '1970-01-01' AS first,
       (last_order_at AT TIME ZONE $1)::date - DATE '1970-01-01' AS last, repeat_revenue AS repeat
     FROM customer_totals WHERE purchase_days > 0 ORDER BY customer_id LIMIT $2`,
    [options.zone, options.limit],
  );
  return {
    histories: {
      x: Float64Array.from(rows, (row) => row.days - 1),
      tx: Float64Array.from(rows, (row) => (row.last - row.first) / 7),
      T: Float64Array.from(rows, (row) => Math.max(0, options.today - row.first) / 7),
    },
    means: Float64Array.from(rows, (row) => (row.days > 1 ? row.repeat / (row.days - 1) : 0)),
    lastId: rows.at(-1)?.id ?? '',
  };
}

/** Purchase days before and after a day, for the customers up to `lastId` who had bought by then. */
export function readSplit(
  tx: StoreTransaction,
  options: { zone: string; splitDay: number; today: number; lastId: string; limit: number },
): Promise<SplitRow[]> {
  return tx.rows<SplitRow>(
    `WITH chosen AS (SELECT customer_id FROM customer_totals WHERE purchase_days > 0 AND customer_id <= $4 ORDER BY customer_id LIMIT $5),
     days AS (
       SELECT DISTINCT o.customer_id, (o.ordered_at AT TIME ZONE $1)::date - DATE '1970-01-01' AS day
       FROM orders o WHERE o.kind = 'sale' AND o.customer_id IN (SELECT customer_id FROM chosen))
     SELECT count(*) FILTER (WHERE day <= $2)::int AS before, min(day) AS first, max(day) FILTER (WHERE day <= $2) AS last,
       coalesce(array_agg(day ORDER BY day) FILTER (WHERE day > $2), '{}') AS after
     FROM days WHERE day <= $3 GROUP BY customer_id HAVING min(day) <= $2 ORDER BY customer_id`,
    [options.zone, options.splitDay, options.today, options.lastId, options.limit],
  );
}

/** The statement that gives every customer's totals in the order of score-text's TOTALS_COLUMNS. */
export function totalsQuery(zone: string): string {
  const place = pg.escapeLiteral(zone);
  const day = (column: string): string => `(${column} AT TIME ZONE ${place})::date - DATE '1970-01-01'`;
  return `SELECT customer_id, purchase_days, ${day('first_order_at')}, ${day('last_order_at')}, revenue, repeat_revenue
    FROM customer_totals WHERE purchase_days > 0 ORDER BY customer_id`;
}

/** Bytes gathered before they are passed on; some thousands of rows. */
const CHUNK = 1 << 20;

/** COPY out, cut at line ends. */
export async function* streamTotals(tx: StoreTransaction, zone: string): AsyncGenerator<Uint8Array> {
  const stream = tx.client.query(copyTo(`COPY (${totalsQuery(zone)}) TO STDOUT`));
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size < CHUNK) continue;
    const all = Buffer.concat(parts);
    const cut = all.lastIndexOf(10) + 1;
    // A copy of its own: the rest must not keep the whole alive, and the piece travels to another thread.
    if (cut > 0) yield new Uint8Array(all.subarray(0, cut));
    parts = [Buffer.from(all.subarray(cut))];
    size = all.length - cut;
  }
  if (size > 0) yield new Uint8Array(Buffer.concat(parts));
}

/** Holds off another scoring of this store until this transaction ends. */
export async function holdScoring(tx: StoreTransaction): Promise<void> {
  await tx.run(`SELECT pg_advisory_xact_lock(hashtextextended('score ' || $1, 0))`, [tx.storeId]);
}

const TYPES = `customer_id uuid, state text, p_alive float8, p_return_90 float8, expected_orders_90 float8, expected_orders_365 float8,
  expected_value_90 bigint, expected_value_365 bigint, value_at_risk bigint, usual_interval_days float8, days_since_last float8,
  next_order_at timestamptz(3), next_order_low timestamptz(3), next_order_high timestamptz(3), life_stage text, reasons jsonb`;

/** Where a run's rows land before they become scores. */
export async function openScores(tx: StoreTransaction): Promise<void> {
  await tx.run('DROP TABLE IF EXISTS new_scores');
  await tx.run(`CREATE TEMPORARY TABLE new_scores (${TYPES}) ON COMMIT DROP`);
}

/**
 * Takes lines as score-text makes them. With `hours`, each person's best hour is taken from the mail_scores of the version,
 * one look-up a row; without, nobody was ever mailed.
 */
export async function writeScores(
  tx: StoreTransaction,
  lines: Uint8Array,
  { version, hours }: { version: number; hours: boolean },
): Promise<void> {
  const columns = SCORE_COLUMNS.join(', ');
  await pipeline(
    Readable.from([Buffer.from(lines)]),
    tx.client.query(copyFrom(`COPY new_scores (${columns}) FROM STDIN`)),
  );
  const best = `, (SELECT m.best_hour FROM mail_scores m WHERE m.store_id = $1 AND m.version = $2 AND m.customer_id = n.customer_id)`;
  await tx.run(
    `INSERT INTO scores (store_id, version, ${columns}${hours ? ', best_hour' : ''})
     SELECT $1, $2, ${columns}${hours ? best : ''} FROM new_scores n`,
    [tx.storeId, version],
  );
  await tx.run('TRUNCATE new_scores');
}

/** The fits of a run and what was found wrong with them. Gives the ids of the models that score. */
export async function recordModels(
  tx: StoreTransaction,
  run: { version: number; asOf: Date; choice: Choice; lessons: LessonRecord[] },
): Promise<{ modelId: string | null; spendModelId: string | null }> {
  const { choice } = run;
  const idOf = (name: string): string => uuidOf('model', tx.storeId, String(run.version), name);
  const row = (name: string, fit: Fit, holdout: object | null) => ({
    id: idOf(name),
    store_id: tx.storeId,
    name,
    fitted_at: run.asOf,
    as_of: run.asOf,
    customers: Math.round(fit.customers),
    parameters: JSON.stringify(fit.parameters),
    standard_errors: JSON.stringify(fit.standardErrors),
    log_likelihood: Number.isFinite(fit.logLikelihood) ? fit.logLikelihood : 0,
    converged: fit.converged,
    warnings: JSON.stringify(fit.warnings),
    holdout: holdout && JSON.stringify(holdout),
  });
  const models = choice.candidates.map(({ name, fit, holdout, objections }) =>
    row(name, name === choice.method && choice.fit ? choice.fit : fit, { ...holdout, objections }),
  );
  if (choice.spendFit.customers > 0) models.push(row('gamma-gamma', choice.spendFit, null));
  if (choice.chart) models.push(row('control-chart', choice.chart, choice.returns ?? null));
  for (const lesson of run.lessons)
    models.push({
      ...row(lesson.name, { ...lesson, vector: new Float64Array(), logLikelihood: 0 }, lesson.figures),
      converged: lesson.converged,
    });
  if (models.length > 0) await tx.db.insertInto('models').values(models).execute();
  return {
    modelId: choice.method === 'rhythm' ? null : idOf(choice.method),
    spendModelId: choice.spend ? idOf('gamma-gamma') : null,
  };
}

/** Makes a version the one that counts. */
export async function publish(
  tx: StoreTransaction,
  run: {
    version: number;
    asOf: Date;
    dataVersion: number;
    customers: number;
    choice: Choice;
    modelId: string | null;
    spendModelId: string | null;
  },
): Promise<void> {
  await tx.db
    .insertInto('score_runs')
    .values({
      store_id: tx.storeId,
      version: run.version,
      as_of: run.asOf,
      model_id: run.modelId,
      spend_model_id: run.spendModelId,
      method: run.choice.method,
      reason: run.choice.reason ?? null,
      customers: run.customers,
      data_version: run.dataVersion,
      created_at: run.asOf,
    })
    .execute();
  await tx.db.updateTable('stores').set({ score_version: run.version }).where('id', '=', tx.storeId).execute();
}

/** Versions kept beside those that open campaigns were planned on. */
const KEPT_VERSIONS = 3;

/**
 * Deletes scores that nothing points to any more. Of a campaign that is over, its people's stay: they say why each was
 * written to. The runs and models stay too: they are few and tell the history.
 */
export function pruneScores(tx: StoreTransaction, newest: number): Promise<number> {
  return tx.run(
    `DELETE FROM scores s WHERE s.store_id = $2 AND s.version <= $1 AND s.version NOT IN
       (SELECT score_version FROM campaigns WHERE store_id = $2 AND state NOT IN ('completed', 'cancelled') AND journey_id IS NULL)
     AND NOT EXISTS (SELECT FROM campaigns c JOIN holdouts h ON h.campaign_id = c.id
       WHERE c.store_id = $2 AND c.approved_at IS NOT NULL AND c.score_version = s.version AND h.customer_id = s.customer_id)
     AND NOT EXISTS (SELECT FROM enrolments e WHERE e.store_id = $2 AND e.customer_id = s.customer_id AND e.score_version = s.version)`,
    [newest - KEPT_VERSIONS, tx.storeId],
  );
}
