/** Sums over the people of a campaign whose mails went at a picked hour, and of those whose hour was drawn at random. */
import type { StoreTransaction } from '../database/connect.ts';
import { sumsOfRows, type SumRow, type Sums } from './outcomes.store.ts';

/** No person counts beyond this (minor units): squares of it still fit a bigint. */
const LIMIT = 3_000_000_000;

export interface HoursCampaign {
  id: string;
  approvedAt: Date;
  measureUntil: Date;
  randomShare: number;
}

/** Campaigns of which a share went at random hours, oldest approval first; `campaignId`: that one alone. */
export function campaignsWithRandomHours(
  tx: StoreTransaction,
  now: Date,
  campaignId: string | null = null,
): Promise<HoursCampaign[]> {
  return tx.rows<HoursCampaign>(
    `SELECT id, approved_at AS "approvedAt", measure_until AS "measureUntil", (plan ->> 'randomHourShare')::float8 AS "randomShare"
     FROM campaigns WHERE store_id = $1 AND approved_at < $2 AND measure_until IS NOT NULL AND journey_id IS NULL
       AND (plan ->> 'randomHourShare')::float8 > 0 AND ($3::uuid IS NULL OR id = $3) ORDER BY approved_at, id`,
    [tx.storeId, now, campaignId],
  );
}

/**
 * Whoever was given an hour counts where the draw put her, whether the mail went or not. Treated: the hour was picked, from what she
 * showed or from the hours that suit most people. Holdout: it was random.
 */
export async function sumHours(tx: StoreTransaction, campaignId: string, cap: number | null): Promise<Sums> {
  const rows = await tx.rows<SumRow>(
    `SELECT arm, count(*) AS people, count(*) FILTER (WHERE n > 0) AS buyers, sum(raw)::float8 AS revenue,
       sum(x)::float8 AS pre, sum(x * x)::float8 AS pre2, sum(y)::float8 AS spent, sum(y * y)::float8 AS spent2,
       sum(x * y)::float8 AS spent_pre, sum(n)::float8 AS bought, sum(n * n)::float8 AS bought2,
       sum(m)::float8 AS before, sum(m * m)::float8 AS before2, sum(n * m)::float8 AS bought_before,
       coalesce(sum(m) FILTER (WHERE n > 0), 0)::float8 AS returned_before
     FROM (
       SELECT CASE t.hour_source WHEN 'random' THEN 'holdout' ELSE 'treated' END AS arm, coalesce(o.orders, 0)::bigint AS n,
         h.pre_orders::bigint AS m, coalesce(o.revenue, 0) AS raw,
         greatest(least(coalesce(o.revenue, 0), $3::bigint), -$3::bigint) AS y,
         greatest(least(h.pre_revenue, $3::bigint), -$3::bigint) AS x
       FROM messages t JOIN holdouts h ON h.campaign_id = t.campaign_id AND h.customer_id = t.customer_id AND h.arm = 'treated'
       LEFT JOIN outcomes o ON o.campaign_id = t.campaign_id AND o.customer_id = t.customer_id
       WHERE t.store_id = $1 AND t.campaign_id = $2 AND t.step = '' AND t.occurrence = 1 AND t.hour_source IS NOT NULL
     ) people
     GROUP BY arm`,
    [tx.storeId, campaignId, Math.min(cap ?? LIMIT, LIMIT)],
  );
  return sumsOfRows(rows);
}
