/**
 * Who comes into a journey, by sets and by a stream, as a campaign's audience is made: the database finds the members of the
 * segment and who of them may not be written to, the draw happens here, and an enrolment is one row.
 */
import type { Store } from '../accounts/index.ts';
import { assign, membersQuery, type Campaign, type LeftOutReason } from '../campaigns/index.ts';
import type { CopyValue } from '../database/copy.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Keys } from '../ports.ts';
import { drawName, dueAt } from './definition.ts';
import type { Journey } from './journeys.store.ts';

/** Members drawn at a time. */
const CHUNK = 10_000;
/** Spend of this long before the entry is kept beside it, to sharpen the measurement (CUPED). */
const PRE_PERIOD = '365 days';

export interface Entering {
  store: Store;
  run: Campaign;
  journey: Journey;
  now: Date;
}

interface Candidate {
  id: string;
  key: string;
  reason: LeftOutReason | null;
  occurrence: number;
}

export interface Entered {
  treated: number;
  holdout: number;
  storeControl: number;
}

/** Members of the segment who have not been in the journey for the days of its rule. `free` places run, journey and since when. */
const freeAgain = (members: string, free: { run: string; journey: string; since: string }): string => `
SELECT c.id, c.key, c.reason, coalesce(mine.occurrence, 0) + 1 AS occurrence
FROM (${members}) c
LEFT JOIN LATERAL (
  SELECT max(e.entered_at) AS at, max(e.occurrence) FILTER (WHERE e.campaign_id = ${free.run}) AS occurrence
  FROM enrolments e JOIN campaigns r ON r.id = e.campaign_id
  WHERE e.store_id = $1 AND e.customer_id = c.id AND r.journey_id = ${free.journey}::uuid) mine ON true
WHERE mine.at IS NULL OR mine.at <= ${free.since}::timestamptz`;

async function candidatesQuery(
  tx: StoreTransaction,
  keys: Keys,
  { store, run, journey, now }: Entering,
): Promise<{ sql: string; parameters: unknown[] } | undefined> {
  const [segment] = await tx.rows<{ version: number; scoredAt: Date }>(
    `SELECT g.score_version AS version, r.as_of AS "scoredAt" FROM segments g
     JOIN score_runs r ON r.store_id = g.store_id AND r.version = g.score_version WHERE g.store_id = $1 AND g.id = $2`,
    [tx.storeId, run.segmentId],
  );
  if (!segment) return undefined;
  const { definition } = journey;
  const members = membersQuery(tx, keys, {
    segmentId: run.segmentId,
    scoreVersion: segment.version,
    rules: {
      now,
      scoredAt: segment.scoredAt,
      cap: store.settings.cap,
      afterOrder: definition.afterOrder,
      topic: run.plan.topic,
    },
  });
  const since = new Date(now.getTime() - definition.reentryDays * 86_400_000);
  const place = (further: number): string => `$${String(members.parameters.length + further)}`;
  return {
    sql: freeAgain(members.sql, { run: place(1), journey: place(2), since: place(3) }),
    parameters: [...members.parameters, run.id, journey.id, since],
  };
}

/** Who would come in at this moment, and who of the segment would not and why. */
export async function countCandidates(
  tx: StoreTransaction,
  keys: Keys,
  entering: Entering,
): Promise<{ total: number; leftOut: Record<string, number> }> {
  const query = await candidatesQuery(tx, keys, entering);
  if (!query) return { total: 0, leftOut: {} };
  const rows = await tx.rows<{ reason: string | null; people: number }>(
    `SELECT reason, count(*)::int AS people FROM (${query.sql}) waiting GROUP BY reason ORDER BY reason`,
    query.parameters,
  );
  return {
    total: rows.find(({ reason }) => reason === null)?.people ?? 0,
    leftOut: Object.fromEntries(rows.flatMap(({ reason, people }) => (reason === null ? [] : [[reason, people]]))),
  };
}

/** Lets everybody in who may come in; each with her draw. Again at once adds nobody. */
export async function enter(tx: StoreTransaction, keys: Keys, entering: Entering): Promise<Entered> {
  const entered: Entered = { treated: 0, holdout: 0, storeControl: 0 };
  const query = await candidatesQuery(tx, keys, entering);
  if (!query) return entered;
  await tx.run(
    `CREATE TEMPORARY TABLE IF NOT EXISTS coming (customer_id uuid, occurrence int, arm text, reason text, draw float8, variant_key text)
     ON COMMIT DROP`,
  );
  await tx.run('TRUNCATE coming');
  await tx.run('SET LOCAL cursor_tuple_fraction = 1');
  await tx.run(`DECLARE candidates NO SCROLL CURSOR FOR ${query.sql}`, query.parameters);
  for (;;) {
    const people = await tx.rows<Candidate>(`FETCH ${String(CHUNK)} FROM candidates`);
    if (people.length === 0) break;
    await tx.copyIn(
      'coming',
      ['customer_id', 'occurrence', 'arm', 'reason', 'draw', 'variant_key'],
      rowsOf(people, entering, entered),
    );
  }
  await tx.run('CLOSE candidates');
  await keepEnrolments(tx, entering);
  return entered;
}

function* rowsOf(people: Candidate[], { store, run }: Entering, entered: Entered): Generator<CopyValue[]> {
  for (const { id, key, reason, occurrence } of people) {
    // Who may not be written to is looked at again another day: she has not come in.
    if (reason !== null) continue;
    const one = assign(key, null, {
      drawKey: store.drawKey,
      campaignKey: drawName(run.key, occurrence),
      holdoutShare: run.holdoutShare,
      controlShare: store.controlShare,
      // Journeys give their offer to everybody in them.
      offer: null,
    });
    if (one.arm === 'treated') entered.treated++;
    else if (one.arm === 'holdout') entered.holdout++;
    else entered.storeControl++;
    yield [id, occurrence, one.arm, one.reason, one.draw, one.variantKey];
  }
}

async function keepEnrolments(tx: StoreTransaction, { run, journey, now }: Entering): Promise<void> {
  const [first] = journey.definition.steps;
  if (!first) return;
  await tx.run(
    `INSERT INTO enrolments (store_id, campaign_id, customer_id, occurrence, arm, reason, draw, variant_key, score_version,
       pre_revenue, pre_orders, entered_at, state, step, due_at)
     SELECT $1, $2, d.customer_id, d.occurrence, d.arm, d.reason, d.draw, d.variant_key,
       (SELECT score_version FROM segments WHERE store_id = $1 AND id = $4), coalesce(o.revenue, 0), coalesce(o.orders, 0), $3,
       CASE WHEN d.arm = 'treated' THEN 'inside' ELSE 'held_back' END, CASE WHEN d.arm = 'treated' THEN $5 ELSE '' END,
       CASE WHEN d.arm = 'treated' THEN $6::timestamptz END
     FROM coming d LEFT JOIN (
       SELECT customer_id, sum(amount) AS revenue, count(*) FILTER (WHERE kind = 'sale') AS orders FROM orders
       WHERE store_id = $1 AND customer_id IN (SELECT customer_id FROM coming)
         AND ordered_at > $3::timestamptz - interval '${PRE_PERIOD}' AND ordered_at <= $3
       GROUP BY customer_id
     ) o USING (customer_id)
     ON CONFLICT DO NOTHING`,
    [tx.storeId, run.id, now, run.segmentId, first.key, dueAt(first, now)],
  );
}

/**
 * The most that one person may count for: the 99.9th percentile of what the store's customers spent in the year before, minor
 * units. Null where nobody had spent anything.
 */
export async function revenueCapOfStore(tx: StoreTransaction, now: Date): Promise<number | null> {
  const [row] = await tx.rows<{ cap: number | null }>(
    `SELECT percentile_disc(0.999) WITHIN GROUP (ORDER BY spent) AS cap FROM (
       SELECT sum(amount)::bigint AS spent FROM orders
       WHERE store_id = $1 AND ordered_at > $2::timestamptz - interval '${PRE_PERIOD}' AND ordered_at <= $2
       GROUP BY customer_id HAVING sum(amount) > 0) people`,
    [tx.storeId, now],
  );
  return row?.cap ?? null;
}
