/**
 * The audience of a campaign, made by sets and by a stream: the database finds who is left out and why (audience.ts in
 * SQL), the draw happens here a chunk at a time, and goes back by COPY. Memory stays flat at a million members.
 */
import { addressHashPads, addressHashSql, mailableSql } from '../consent/index.ts';
import type { CopyValue } from '../database/copy.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { askedSql } from '../preferences/index.ts';
import type { Keys } from '../ports.ts';
import { assign, type Assignment, type DrawRules } from './assignment.ts';
import { MOST_LEAVING, orderedSince, type AudienceRules, type LeftOutReason } from './audience.ts';
import type { CampaignFunnel } from './plan.ts';

export interface AudienceQuestion {
  segmentId: string;
  scoreVersion: number;
  rules: AudienceRules;
  /** Most people in the audience, whom a mail moves most first, then the dearest; null: no limit */
  limit: number | null;
  draw: DrawRules;
}

interface Member {
  id: string;
  key: string;
  reason: LeftOutReason | null;
  offerNet: number | null;
}

/** Members drawn at a time. */
const CHUNK = 10_000;
/** Spend of this long before the draw is kept beside it, to sharpen the measurement (CUPED). */
const PRE_PERIOD = '365 days';

/** Mails that are out or wait to go, newest first: what a cap and a wish for fewer count. */
const COUNTS = "state NOT IN ('refused', 'dropped')";
const MAILED_AT = 'coalesce(accepted_at, scheduled_at, created_at)';

const ASKED = askedSql({
  topic: '$10::text',
  now: '$7::timestamptz',
  mailedAfter: (since) =>
    `EXISTS (SELECT FROM messages WHERE store_id = c.store_id AND customer_id = c.id AND ${COUNTS} AND ${MAILED_AT} > ${since})`,
});

/** audience.ts as SQL: one row a member, with the first reason that holds. Parameters: see parametersOf. */
const MEMBERS = `
SELECT c.id, c.key, CASE
    WHEN c.email IS NULL THEN 'no_email'
    WHEN x.address_hash IS NOT NULL THEN 'suppressed'
    WHEN p.reason IS NOT NULL THEN p.reason
    WHEN q.customer_id IS NOT NULL AND ${ASKED} IS NOT NULL THEN ${ASKED}
    WHEN s.state IS DISTINCT FROM 'scored' THEN 'not_enough_data'
    WHEN t.last_order_at > $4::timestamptz THEN 'ordered_recently'
    WHEN m.mails >= $5::int THEN 'capped'
    WHEN l.leave_chance > ${String(MOST_LEAVING)} THEN 'would_leave'
    WHEN l.uplift < 0 THEN 'sleeping_dog'
  END AS reason, l.offer_net AS "offerNet", l.uplift, s.value_at_risk
FROM segment_members g
JOIN customers c ON c.store_id = g.store_id AND c.id = g.customer_id
JOIN (${mailableSql({
  customers: 'SELECT customer_id FROM segment_members WHERE store_id = $1::uuid AND segment_id = $2::uuid',
  now: '$7::timestamptz',
})}) p ON p.customer_id = c.id
LEFT JOIN suppressions x ON x.store_id = c.store_id AND x.address_hash = ${addressHashSql('lower(c.email)', '$8', '$9')}
LEFT JOIN (SELECT DISTINCT ON (customer_id) customer_id, topics_off, days_between, paused_until FROM preferences
  WHERE store_id = $1::uuid ORDER BY customer_id, at DESC, id DESC) q ON q.customer_id = c.id
LEFT JOIN scores s ON s.store_id = c.store_id AND s.version = $3::int AND s.customer_id = c.id
LEFT JOIN mail_scores l ON l.store_id = c.store_id AND l.version = $3::int AND l.customer_id = c.id
LEFT JOIN customer_totals t ON t.store_id = c.store_id AND t.customer_id = c.id
LEFT JOIN (
  SELECT customer_id, count(*) AS mails FROM messages
  WHERE store_id = $1::uuid AND ${COUNTS} AND ${MAILED_AT} > $6::timestamptz
  GROUP BY customer_id
) m ON m.customer_id = c.id
WHERE g.store_id = $1::uuid AND g.segment_id = $2::uuid`;

/** Persuadables first: of those who may be mailed, the `limit` whom a mail moves most, then who is worth most. */
const FIRST_OF_MEMBERS = `
SELECT id, key, CASE WHEN reason IS NULL AND place > $11::int THEN 'beyond_limit' ELSE reason END AS reason, "offerNet"
FROM (SELECT *, row_number() OVER (PARTITION BY reason IS NULL
    ORDER BY uplift DESC NULLS LAST, value_at_risk DESC NULLS LAST, id) AS place
  FROM (${MEMBERS}) AS members) AS placed`;

/** Members of a segment, each with her id, key and the reason why she is left out (null: none); `parameters` are its first ones. */
export function membersQuery(
  tx: StoreTransaction,
  keys: Keys,
  question: Omit<AudienceQuestion, 'limit' | 'draw'>,
): { sql: string; parameters: unknown[] } {
  return { sql: MEMBERS, parameters: parametersOf(tx, keys, { ...question, limit: null }) };
}

function parametersOf(
  tx: StoreTransaction,
  keys: Keys,
  { segmentId, scoreVersion, rules, limit }: Omit<AudienceQuestion, 'draw'>,
): unknown[] {
  const pads = addressHashPads(keys, tx.storeId);
  return [
    tx.storeId,
    segmentId,
    scoreVersion,
    orderedSince(rules),
    rules.cap.messages,
    new Date(rules.now.getTime() - rules.cap.days * 86_400_000),
    rules.now,
    pads.inner,
    pads.outer,
    rules.topic,
    ...(limit === null ? [] : [limit]),
  ];
}

/** Draws everybody of the segment into the temporary table `drawn` and counts them. */
export async function drawAudience(
  tx: StoreTransaction,
  keys: Keys,
  question: AudienceQuestion,
): Promise<CampaignFunnel> {
  const funnel: CampaignFunnel = { segment: 0, leftOut: {}, audience: 0, treated: 0, holdout: 0, storeControl: 0 };
  await tx.run(
    'CREATE TEMPORARY TABLE drawn (customer_id uuid, arm text, reason text, draw float8, variant_key text, offer_reason text) ON COMMIT DROP',
  );
  // All rows will be fetched: without this PostgreSQL plans for the first tenth. And whoever is joined from memory comes in the order
  // in which the tables stand: joined from the disk, in pieces, a million people are looked up here and there, and nothing is found twice.
  await tx.run(`SET LOCAL cursor_tuple_fraction = 1; SET LOCAL work_mem = '64MB'`);
  const members = question.limit === null ? MEMBERS : FIRST_OF_MEMBERS;
  await tx.run(`DECLARE members NO SCROLL CURSOR FOR ${members}`, parametersOf(tx, keys, question));
  for (;;) {
    const people = await tx.rows<Member>(`FETCH ${String(CHUNK)} FROM members`);
    if (people.length === 0) break;
    await tx.copyIn(
      'drawn',
      ['customer_id', 'arm', 'reason', 'draw', 'variant_key', 'offer_reason'],
      rowsOf(people, question, funnel),
    );
  }
  await tx.run('CLOSE members');
  await tx.run('ANALYZE drawn');
  return funnel;
}

function* rowsOf(members: Member[], question: AudienceQuestion, funnel: CampaignFunnel): Generator<CopyValue[]> {
  for (const member of members) {
    const one = assign(member.key, member.reason, question.draw, member.offerNet);
    count(funnel, one);
    yield [member.id, one.arm, one.reason, one.draw, one.variantKey, one.offerReason];
  }
}

function count(funnel: CampaignFunnel, { arm, reason }: Assignment): void {
  funnel.segment++;
  if (reason === 'store_control') funnel.storeControl++;
  else if (reason !== null) funnel.leftOut[reason] = (funnel.leftOut[reason] ?? 0) + 1;
  else {
    funnel.audience++;
    if (arm === 'holdout') funnel.holdout++;
    else funnel.treated++;
  }
}

/** Keeps the draw for good, with what each person spent in the year before it. Gives the number of rows. */
export function keepDraw(tx: StoreTransaction, campaignId: string, now: Date): Promise<number> {
  return tx.run(
    `INSERT INTO holdouts (store_id, campaign_id, customer_id, arm, reason, draw, variant_key, offer_reason, pre_revenue, pre_orders, decided_at)
     SELECT $1, $2, d.customer_id, d.arm, d.reason, d.draw, d.variant_key, d.offer_reason, coalesce(o.revenue, 0), coalesce(o.orders, 0), $3
     FROM drawn d LEFT JOIN (
       SELECT customer_id, sum(amount) AS revenue, count(*) FILTER (WHERE kind = 'sale') AS orders FROM orders
       WHERE store_id = $1 AND ordered_at > $3::timestamptz - interval '${PRE_PERIOD}' AND ordered_at <= $3
       GROUP BY customer_id
     ) o USING (customer_id)
     ORDER BY d.customer_id
     ON CONFLICT DO NOTHING`,
    [tx.storeId, campaignId, now],
  );
}
