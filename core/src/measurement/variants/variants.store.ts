/** Sums of each variant's people, by intention to treat: everyone whom the draw gave it. */
import type { StoreTransaction } from '../../database/connect.ts';
import type { ArmSums } from '../estimate.ts';
import type { VariantArm } from './compare.ts';

interface Row {
  key: string;
  weight: number;
  people: number;
  [sum: string]: number | string;
}

const METRICS = { orders: ['n', 'm'], revenue: ['y', 'x'], clicks: ['c', 'm'], unsubscribes: ['u', 'm'] } as const;

/**
 * Who got a version for a reason is another kind of person: only those to whom it was drawn are compared.
 * Variants of a campaign with the sums of each metric; revenue capped as the campaign's is. */
export async function sumVariants(tx: StoreTransaction, campaignId: string, cap: number | null): Promise<VariantArm[]> {
  const sums = Object.entries(METRICS).flatMap(([metric, [y, x]]) => [
    `sum(${y})::float8 AS ${metric}_y, sum(${y} * ${y})::float8 AS ${metric}_yy, sum(${x})::float8 AS ${metric}_x`,
    `sum(${x} * ${x})::float8 AS ${metric}_xx, sum(${x} * ${y})::float8 AS ${metric}_xy`,
  ]);
  const rows = await tx.rows<Row>(
    // Dealt day by day, batches are alike in size: the shares of all of them add up to what each version was to get.
    `SELECT key, coalesce(
         (SELECT sum((one->>'share')::float8) FROM allocations a, jsonb_array_elements(a.shares) one
          WHERE a.store_id = $1 AND a.campaign_id = $2 AND one->>'key' = people.key),
         (SELECT max(weight) FROM variants v WHERE v.campaign_id = $2 AND v.key = people.key), 1) AS weight,
       count(*) AS people, ${sums.join(', ')}
     FROM (
       SELECT h.variant_key AS key, coalesce(o.orders, 0)::bigint AS n, h.pre_orders::bigint AS m,
         greatest(least(coalesce(o.revenue, 0), $3::bigint), -$3::bigint) AS y,
         greatest(least(h.pre_revenue, $3::bigint), -$3::bigint) AS x,
         (sent.clicked IS NOT NULL)::int::bigint AS c, (sent.unsubscribed IS NOT NULL)::int::bigint AS u
       FROM holdouts h
       LEFT JOIN outcomes o ON o.campaign_id = h.campaign_id AND o.customer_id = h.customer_id
       LEFT JOIN (
         SELECT customer_id, max(clicked_at) AS clicked, max(unsubscribed_at) AS unsubscribed,
           bool_or(state = 'planned') AS waiting
         FROM messages WHERE store_id = $1 AND campaign_id = $2 GROUP BY customer_id
       ) sent ON sent.customer_id = h.customer_id
       WHERE h.store_id = $1 AND h.campaign_id = $2 AND h.arm = 'treated' AND h.variant_key IS NOT NULL
         AND (h.offer_reason IS NULL OR h.offer_reason = 'drawn')
         -- Who waits for the day of a batch has no version yet.
         AND sent.waiting IS NOT TRUE
     ) people
     GROUP BY key ORDER BY key`,
    [tx.storeId, campaignId, cap ?? 3_000_000_000],
  );
  return rows.map((row) => ({
    key: row.key,
    weight: row.weight,
    sums: {
      orders: sumsOf(row, 'orders'),
      revenue: sumsOf(row, 'revenue'),
      clicks: sumsOf(row, 'clicks'),
      unsubscribes: sumsOf(row, 'unsubscribes'),
    },
  }));
}

function sumsOf(row: Row, metric: keyof typeof METRICS): ArmSums {
  const of = (sum: string) => Number(row[`${metric}_${sum}`]);
  return { n: row.people, y: of('y'), yy: of('yy'), x: of('x'), xx: of('xx'), xy: of('xy') };
}

/** When a campaign's outcomes begin and end to count; nulls before its approval, undefined where there is none. */
export function readWindow(
  tx: StoreTransaction,
  campaignId: string,
): Promise<{ approved_at: Date | null; measure_until: Date | null } | undefined> {
  return tx.db
    .selectFrom('campaigns')
    .select(['approved_at', 'measure_until'])
    .where('store_id', '=', tx.storeId)
    .where('id', '=', campaignId)
    .executeTakeFirst();
}
