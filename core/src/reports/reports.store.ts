/** What a report is made of, and the reports themselves. */
import type { StoreTransaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import { reportFigures, type ReportFigures } from './figures.ts';
import type { Span, SpanName } from './span.ts';

export interface SpanSums {
  revenue: number;
  orders: number;
  returns: number;
  newCustomers: number;
  returning: number;
  sent: number;
  opened: number;
  clicked: number;
  left: number;
  bounced: number;
  /** Mails that machines opened, counted apart */
  machines: number;
}

/** Sums of a span, from the orders and the ledger. */
export async function sumSpan(tx: StoreTransaction, { from, until }: Span, zone: string): Promise<SpanSums> {
  const [bought] = await tx.rows<Pick<SpanSums, 'revenue' | 'orders' | 'returns' | 'newCustomers' | 'returning'>>(
    `SELECT coalesce(sum(o.amount), 0)::float8 AS revenue, count(*) FILTER (WHERE o.kind = 'sale')::int AS orders,
       count(*) FILTER (WHERE o.kind = 'return')::int AS returns,
       count(DISTINCT o.customer_id) FILTER (WHERE o.kind = 'sale' AND t.first_order_at >= $2)::int AS "newCustomers",
       count(DISTINCT o.customer_id) FILTER (WHERE o.kind = 'sale'
         AND (o.ordered_at AT TIME ZONE $4)::date > (t.first_order_at AT TIME ZONE $4)::date AND t.first_order_at < $2)::int AS returning
     FROM orders o LEFT JOIN customer_totals t ON t.store_id = $1 AND t.customer_id = o.customer_id
     WHERE o.store_id = $1 AND o.ordered_at >= $2 AND o.ordered_at < $3`,
    [tx.storeId, from, until, zone],
  );
  const [mailed] = await tx.rows<Omit<SpanSums, 'revenue' | 'orders' | 'returns' | 'newCustomers' | 'returning'>>(
    `SELECT count(*)::int AS sent, count(opened_at)::int AS opened, count(clicked_at)::int AS clicked,
       count(coalesce(unsubscribed_at, complained_at))::int AS left, count(bounced_at)::int AS bounced,
       (SELECT count(DISTINCT e.message_id) FROM events e WHERE e.store_id = $1 AND e.kind = 'open' AND e.agent = 'machine'
         AND e.at >= $2 AND e.at < $3)::int AS machines
     FROM messages WHERE store_id = $1 AND state = 'accepted' AND accepted_at >= $2 AND accepted_at < $3`,
    [tx.storeId, from, until],
  );
  const none = { sent: 0, opened: 0, clicked: 0, left: 0, bounced: 0, machines: 0 };
  return {
    ...(bought ?? { revenue: 0, orders: 0, returns: 0, newCustomers: 0, returning: 0 }),
    ...(mailed ?? none),
  };
}

/** Whether anything was sold before this instant. */
export async function soldBefore(tx: StoreTransaction, at: Date): Promise<boolean> {
  const rows = await tx.rows('SELECT FROM orders WHERE store_id = $1 AND ordered_at < $2 LIMIT 1', [tx.storeId, at]);
  return rows.length > 0;
}

export function stagesNow(
  tx: StoreTransaction,
  version: number,
): Promise<{ stage: string; people: number; risk: number }[]> {
  return tx.rows<{ stage: string; people: number; risk: number }>(
    `SELECT life_stage AS stage, count(*)::int AS people, coalesce(sum(value_at_risk), 0)::float8 AS risk FROM scores
     WHERE store_id = $1 AND version = $2 AND state = 'scored' GROUP BY 1`,
    [tx.storeId, version],
  );
}

/** Last-touch revenue of the campaigns whose newest look is within the span, minor units. */
export async function attributedWithin(tx: StoreTransaction, { from, until }: Span): Promise<number> {
  const [row] = await tx.rows<{ revenue: number }>(
    `SELECT coalesce(sum((detail#>>'{attributed,revenue}')::float8), 0) AS revenue FROM (
       SELECT DISTINCT ON (campaign_id) detail FROM measurements
       WHERE store_id = $1 AND metric = 'revenue' AND measured_at >= $2 AND measured_at < $3
       ORDER BY campaign_id, measured_at DESC) looks`,
    [tx.storeId, from, until],
  );
  return row?.revenue ?? 0;
}

/** The newest forecast of a metric: sums of 4 and 13 weeks. */
export async function newestForecast(tx: StoreTransaction, metric: 'revenue' | 'returning'): Promise<unknown> {
  const row = await tx.db
    .selectFrom('forecasts')
    .select('points')
    .where('store_id', '=', tx.storeId)
    .where('metric', '=', metric)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.points ?? null;
}

export interface Report {
  id: string;
  span: SpanName;
  from: Date;
  until: Date;
  figures: ReportFigures;
  madeAt: Date;
  mailedAt: Date | null;
  mailedTo: number;
}

function reportsOf(tx: StoreTransaction) {
  return tx.db.selectFrom('reports').selectAll().where('store_id', '=', tx.storeId);
}

function asReport(row: Awaited<ReturnType<ReturnType<typeof reportsOf>['execute']>>[number]): Report {
  return {
    id: row.id,
    span: row.span as SpanName,
    from: row.from_at,
    until: row.until_at,
    figures: reportFigures.parse(row.figures),
    madeAt: row.made_at,
    mailedAt: row.mailed_at,
    mailedTo: row.mailed_to,
  };
}

/** Newest first. */
export async function listReports(tx: StoreTransaction, limit: number): Promise<Report[]> {
  const rows = await reportsOf(tx).orderBy('until_at', 'desc').orderBy('span').limit(limit).execute();
  return rows.map(asReport);
}

export async function loadReport(tx: StoreTransaction, id: string): Promise<Report | undefined> {
  const row = await reportsOf(tx).where('id', '=', id).executeTakeFirst();
  return row && asReport(row);
}

export async function hasReport(tx: StoreTransaction, span: Span): Promise<boolean> {
  const row = await reportsOf(tx).where('span', '=', span.name).where('from_at', '=', span.from).executeTakeFirst();
  return row !== undefined;
}

/** Keeps a report; one of the same span stays as it is. */
export async function keepReport(tx: StoreTransaction, span: Span, figures: ReportFigures, now: Date): Promise<void> {
  await tx.db
    .insertInto('reports')
    .values({
      id: uuidOf('report', tx.storeId, span.name, span.from.toISOString()),
      store_id: tx.storeId,
      span: span.name,
      from_at: span.from,
      until_at: span.until,
      figures: JSON.stringify(figures),
      made_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Takes reports made since `since` that nobody was mailed yet, and writes down that they are mailed now, before they are. */
export async function takeUnmailed(
  tx: StoreTransaction,
  since: Date,
  mail: { at: Date; to: number },
): Promise<Report[]> {
  const rows = await tx.db
    .updateTable('reports')
    .set({ mailed_at: mail.at, mailed_to: mail.to })
    .where('store_id', '=', tx.storeId)
    .where('mailed_at', 'is', null)
    .where('made_at', '>', since)
    .returningAll()
    .execute();
  return rows.map(asReport);
}
