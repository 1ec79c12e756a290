/**
 * What people did after the draw, counted in the database: outcomes rows and the sums that the effect is made of.
 *
 * A person has a row once there is something to tell; without one he did nothing yet. Rows that did not change are not
 * touched. Sums are exact (integers and numeric), so the same rows give the same bytes whatever the plan.
 */
import type { StoreTransaction } from '../database/connect.ts';
import type { ArmSums } from './estimate.ts';
import type { Metric } from './effect.ts';

export interface CampaignWindow {
  campaignId: string;
  /** Orders after this instant count … */
  from: Date;
  /** … up to and with this one. */
  until: Date;
  currency: string;
}

/**
 * Has this transaction join whole sets by hash or merge. Right after a plan or an import the tables have no statistics yet; the
 * planner then takes a campaign for one person and would read all outcomes again for each of a million.
 */
export async function joinAsSets(tx: StoreTransaction): Promise<void> {
  await tx.run('SET LOCAL enable_nestloop = off');
}

/**
 * Counts orders of everyone drawn, treated whether or not a mail reached them. Revenue is sales less returns in the store's
 * currency. Gives the number of rows written.
 */
export async function countOutcomes(tx: StoreTransaction, window: CampaignWindow, now: Date): Promise<number> {
  const { campaignId, from, until, currency } = window;
  const written = await tx.run(
    `INSERT INTO outcomes AS known (store_id, campaign_id, customer_id, arm, orders, revenue, first_order_at, updated_at)
     SELECT $1, $2, h.customer_id, h.arm, count(*) FILTER (WHERE o.kind = 'sale'),
       coalesce(sum(o.amount) FILTER (WHERE o.currency = $5), 0), min(o.ordered_at) FILTER (WHERE o.kind = 'sale'), $6
     FROM orders o
     JOIN holdouts h ON h.campaign_id = $2 AND h.customer_id = o.customer_id AND h.arm IN ('treated', 'holdout')
     WHERE o.store_id = $1 AND o.ordered_at > $3 AND o.ordered_at <= $4
     GROUP BY h.customer_id, h.arm
     ON CONFLICT (campaign_id, customer_id) DO UPDATE
       SET arm = excluded.arm, orders = excluded.orders, revenue = excluded.revenue,
         first_order_at = excluded.first_order_at, updated_at = excluded.updated_at
       WHERE (known.arm, known.orders, known.revenue, known.first_order_at)
         IS DISTINCT FROM (excluded.arm, excluded.orders, excluded.revenue, excluded.first_order_at)`,
    [tx.storeId, campaignId, from, until, currency, now],
  );
  // Orders that a platform took back, or a person whose draw is gone.
  const emptied = await tx.run(
    `UPDATE outcomes SET orders = 0, revenue = 0, first_order_at = NULL, updated_at = $5
     WHERE store_id = $1 AND campaign_id = $2 AND (orders <> 0 OR revenue <> 0)
       AND NOT EXISTS (SELECT FROM orders o WHERE o.store_id = $1 AND o.customer_id = outcomes.customer_id
         AND o.ordered_at > $3 AND o.ordered_at <= $4)`,
    [tx.storeId, campaignId, from, until, now],
  );
  return written + emptied;
}

/**
 * The most that one person may count for: the 99.9th percentile of what the audience had spent before the draw, minor units.
 * It rests on nothing that happened later, so it is the same at every look. Null where nobody had spent anything.
 */
export async function revenueCap(tx: StoreTransaction, campaignId: string): Promise<number | null> {
  const [row] = await tx.rows<{ cap: number | null }>(
    `SELECT percentile_disc(0.999) WITHIN GROUP (ORDER BY pre_revenue) AS cap FROM holdouts
     WHERE store_id = $1 AND campaign_id = $2 AND arm IN ('treated', 'holdout') AND pre_revenue > 0`,
    [tx.storeId, campaignId],
  );
  return row?.cap ?? null;
}

export interface SumRow {
  arm: 'treated' | 'holdout';
  people: number;
  buyers: number;
  revenue: number;
  pre: number;
  pre2: number;
  spent: number;
  spent2: number;
  spent_pre: number;
  bought: number;
  bought2: number;
  before: number;
  before2: number;
  bought_before: number;
  returned_before: number;
}

/** No person counts beyond this (minor units): squares of it still fit a bigint. */
const LIMIT = 3_000_000_000;

export interface Sums {
  sums: Record<Metric, { treated: ArmSums; holdout: ArmSums }>;
  buyers: { treated: number; holdout: number };
  treatedRevenue: number;
}

/** Both arms' sums for every metric in one pass. The covariate is spend before the draw for revenue, orders for the rest. */
export async function sumOutcomes(tx: StoreTransaction, campaignId: string, cap: number | null): Promise<Sums> {
  const rows = await tx.rows<SumRow>(
    `SELECT arm, count(*) AS people, count(*) FILTER (WHERE n > 0) AS buyers, sum(raw)::float8 AS revenue,
       sum(x)::float8 AS pre, sum(x * x)::float8 AS pre2, sum(y)::float8 AS spent, sum(y * y)::float8 AS spent2,
       sum(x * y)::float8 AS spent_pre, sum(n)::float8 AS bought, sum(n * n)::float8 AS bought2,
       sum(m)::float8 AS before, sum(m * m)::float8 AS before2, sum(n * m)::float8 AS bought_before,
       coalesce(sum(m) FILTER (WHERE n > 0), 0)::float8 AS returned_before
     FROM (
       SELECT h.arm, coalesce(o.orders, 0)::bigint AS n, h.pre_orders::bigint AS m, coalesce(o.revenue, 0) AS raw,
         greatest(least(coalesce(o.revenue, 0), $3::bigint), -$3::bigint) AS y,
         greatest(least(h.pre_revenue, $3::bigint), -$3::bigint) AS x
       FROM holdouts h
       LEFT JOIN outcomes o ON o.campaign_id = h.campaign_id AND o.customer_id = h.customer_id
       WHERE h.store_id = $1 AND h.campaign_id = $2 AND h.arm IN ('treated', 'holdout')
     ) people
     GROUP BY arm`,
    [tx.storeId, campaignId, Math.min(cap ?? LIMIT, LIMIT)],
  );
  return sumsOfRows(rows);
}

/** Both arms' sums from the database's rows. */
export function sumsOfRows(rows: readonly SumRow[]): Sums {
  const treated = rows.find((row) => row.arm === 'treated');
  const holdout = rows.find((row) => row.arm === 'holdout');
  return {
    sums: {
      revenue: { treated: revenueSums(treated), holdout: revenueSums(holdout) },
      orders: { treated: orderSums(treated), holdout: orderSums(holdout) },
      return_rate: { treated: returnSums(treated), holdout: returnSums(holdout) },
    },
    buyers: { treated: treated?.buyers ?? 0, holdout: holdout?.buyers ?? 0 },
    treatedRevenue: treated?.revenue ?? 0,
  };
}

const NOBODY: ArmSums = { n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 };

function revenueSums(row: SumRow | undefined): ArmSums {
  if (!row) return NOBODY;
  return { n: row.people, y: row.spent, yy: row.spent2, x: row.pre, xx: row.pre2, xy: row.spent_pre };
}

function orderSums(row: SumRow | undefined): ArmSums {
  if (!row) return NOBODY;
  return { n: row.people, y: row.bought, yy: row.bought2, x: row.before, xx: row.before2, xy: row.bought_before };
}

function returnSums(row: SumRow | undefined): ArmSums {
  if (!row) return NOBODY;
  return { n: row.people, y: row.buyers, yy: row.buyers, x: row.before, xx: row.before2, xy: row.returned_before };
}

/** Days in which an order is put down to the last mail touched. */
export const ATTRIBUTION_DAYS = 7;

/**
 * Last-touch attribution: sales within ATTRIBUTION_DAYS of this campaign's mail (from the click where there was one, else from
 * when the provider took it), where no mail of another campaign came in between.
 */
export async function attributeOrders(
  tx: StoreTransaction,
  window: CampaignWindow,
): Promise<{ orders: number; revenue: number; windowDays: number }> {
  // From this campaign's mails to orders, both as sets; one order is one row, since a campaign mails a person once a step.
  const [row] = await tx.rows<{ orders: number; revenue: number }>(
    `WITH touched AS (
       SELECT customer_id, coalesce(clicked_at, accepted_at) AS at FROM messages
       WHERE store_id = $1 AND campaign_id = $2 AND state = 'accepted'
     ), claimed AS (
       SELECT o.id, o.customer_id, o.amount, o.currency, o.ordered_at, max(t.at) AS at
       FROM orders o JOIN touched t ON t.customer_id = o.customer_id
         AND t.at <= o.ordered_at AND t.at > o.ordered_at - make_interval(days => $6)
       WHERE o.store_id = $1 AND o.kind = 'sale' AND o.ordered_at > $3 AND o.ordered_at <= $4
       GROUP BY o.id
     )
     SELECT count(*) AS orders, coalesce(sum(amount) FILTER (WHERE currency = $5), 0)::float8 AS revenue
     FROM claimed c
     WHERE NOT EXISTS (
       SELECT FROM messages m
       WHERE m.store_id = $1 AND m.customer_id = c.customer_id AND m.campaign_id <> $2 AND m.state = 'accepted'
         AND coalesce(m.clicked_at, m.accepted_at) > c.at AND coalesce(m.clicked_at, m.accepted_at) <= c.ordered_at
     )`,
    [tx.storeId, window.campaignId, window.from, window.until, window.currency, ATTRIBUTION_DAYS],
  );
  return { orders: row?.orders ?? 0, revenue: row?.revenue ?? 0, windowDays: ATTRIBUTION_DAYS };
}
