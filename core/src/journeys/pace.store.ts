/** How many people come into a journey in a week: as they did lately, or as they came into its segment. */
import type { Campaign } from '../campaigns/index.ts';
import type { StoreTransaction } from '../database/connect.ts';

/** Days of watching without which nothing is said. */
const WATCHED = 14;
const LOOK_BACK = 56;

/**
 * People a week, over the last eight weeks at most and not counting the first day, on which everybody comes at once. Null:
 * nobody has watched for two weeks yet.
 */
export async function peopleAWeek(
  tx: StoreTransaction,
  { run, now }: { run: Pick<Campaign, 'id' | 'segmentId' | 'approvedAt'>; now: Date },
): Promise<number | null> {
  const [row] = await tx.rows<{ people: number; days: number | null; own: number; ownDays: number | null }>(
    `WITH span AS (
       SELECT greatest(min(entered_at) + interval '1 day', $3::timestamptz - make_interval(days => ${String(LOOK_BACK)})) AS since
       FROM segment_members WHERE store_id = $1 AND segment_id = $2),
     mine AS (
       SELECT greatest(min(entered_at) + interval '1 day', $3::timestamptz - make_interval(days => ${String(LOOK_BACK)})) AS since
       FROM enrolments WHERE store_id = $1 AND campaign_id = $4)
     SELECT (SELECT count(*)::int FROM segment_members WHERE store_id = $1 AND segment_id = $2 AND entered_at > span.since) AS people,
       extract(epoch FROM $3 - span.since)::float8 / 86400 AS days,
       (SELECT count(*)::int FROM enrolments WHERE store_id = $1 AND campaign_id = $4 AND entered_at > mine.since
          AND arm <> 'left_out') AS own,
       extract(epoch FROM $3 - mine.since)::float8 / 86400 AS "ownDays"
     FROM span, mine`,
    [tx.storeId, run.segmentId, now, run.id],
  );
  if (row?.ownDays && row.ownDays >= WATCHED) return (row.own * 7) / row.ownDays;
  return row?.days && row.days >= WATCHED ? (row.people * 7) / row.days : null;
}
