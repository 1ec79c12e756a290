/**
 * What the platforms should know, compared with what they were last told: the difference goes into the outbox, one row a
 * subject. A row that has not left yet is replaced, one that has is sent again; unchanged ones are left alone. Set-based:
 * a million customers are one statement.
 *
 * What stands in the outbox are facts; their words are made when a row leaves (words.ts). Facts are rounded to what is known,
 * so that a figure that only trembles is not a change, and what grows every day by itself (a silence, a version) is not
 * compared at all: beside it stands in which coarse step it is.
 */
import { addressHashPads, addressHashSql, mailableSql } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { heldBackInJourney } from '../journeys/index.ts';
import type { Keys } from '../ports.ts';
import { ANSWER_DAYS, FORGOTTEN_DAYS, PATIENCE_DAYS } from '../scoring/index.ts';

export interface Collecting {
  platform: string;
  now: Date;
  keys: Keys;
}

/** Messages older than this bring no news any more. */
const TOUCH_DAYS = 120;
/** What is not compared. */
const BESIDE = `'{reasons,scoreVersion}'::text[]`;

/** Puts rows `wanted(subject, payload)` into the outbox where they differ from what stands there. */
function upsertSql(kind: string, wanted: string, where = 'true'): string {
  return `
    WITH wanted AS (${wanted})
    INSERT INTO write_backs (store_id, platform, kind, subject_id, dedupe_key, payload, next_attempt_at, created_at)
    SELECT $1::uuid, $2::text, '${kind}', w.subject, '${kind}:' || w.subject, w.payload, $3::timestamptz, $3
    FROM wanted w
    LEFT JOIN write_backs b ON b.store_id = $1 AND b.platform = $2 AND b.dedupe_key = '${kind}:' || w.subject
    WHERE b.payload - ${BESIDE} IS DISTINCT FROM w.payload - ${BESIDE} AND ${where}
    ORDER BY w.subject
    ON CONFLICT (store_id, platform, dedupe_key) DO UPDATE
    SET payload = excluded.payload, state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at,
      done_at = NULL, error = NULL, created_at = excluded.created_at`;
}

/** Money in minor units, to two digits; null where it is not known. */
const money = (
  column: string,
): string => `CASE WHEN ${column} IS NOT NULL THEN jsonb_build_object('currency', t.currency,
  'amount', CASE WHEN ${column} < 1 THEN 0 ELSE round(${column}::numeric, 1 - floor(log(${column}))::int) END) END`;

/** Scores of the version that counts, of everybody the platform knows, and what decides what to do next (Situation). */
export function collectScores(tx: StoreTransaction, { platform, now, keys }: Collecting): Promise<number> {
  const pads = addressHashPads(keys, tx.storeId);
  const known = 'SELECT customer_id FROM identities WHERE store_id = $1 AND platform = $2';
  return tx.run(
    upsertSql(
      'score',
      `SELECT i.external_id AS subject, jsonb_build_object(
         'state', s.state, 'lifeStage', s.life_stage,
         'chanceToReturn', round(s.p_return_90::numeric, 2),
         'expectedValue90', ${money('s.expected_value_90')},
         'expectedValue365', ${money('s.expected_value_365')},
         'valueAtRisk', ${money('s.value_at_risk')},
         'nextOrderOn', to_char(s.next_order_at AT TIME ZONE t.time_zone, 'YYYY-MM-DD'),
         'reasons', jsonb_path_query_array(s.reasons, '$[0 to 2]'), 'scoreVersion', s.version,
         'about', (SELECT jsonb_agg(concat(r ->> 'code', ':', floor(8 * ln(greatest((r ->> 'days')::numeric, 1)))))
           FROM jsonb_path_query(s.reasons, '$[0 to 2]') r),
         'situation', jsonb_build_object('hasEmail', c.email IS NOT NULL, 'hasPhone', c.phone IS NOT NULL, 'suppressed', u.reason, 'refusal', m.reason,
           'planned', EXISTS (SELECT FROM messages p WHERE p.store_id = $1 AND p.customer_id = c.id AND p.state IN ('planned', 'scheduled')),
           'heldBack', EXISTS (SELECT FROM holdouts h JOIN campaigns o ON o.store_id = $1 AND o.id = h.campaign_id
             WHERE h.store_id = $1 AND h.customer_id = c.id AND h.arm = 'holdout' AND o.state IN ('running', 'paused', 'measuring'))
             OR ${heldBackInJourney('c.id', '$3::timestamptz')},
           'daysSinceMail', CASE WHEN l.at > $3::timestamptz - interval '${String(PATIENCE_DAYS)} days' THEN 0
             WHEN l.at > $3::timestamptz - interval '${String(FORGOTTEN_DAYS)} days' THEN ${String(FORGOTTEN_DAYS)} END)
           || CASE WHEN w.customer_id IS NOT NULL THEN '{"replied": true}'::jsonb ELSE '{}' END
           || CASE WHEN q.paused_until > $3::timestamptz THEN '{"paused": true}'::jsonb ELSE '{}' END) AS payload
       FROM stores t
       JOIN scores s ON s.store_id = t.id AND s.version = t.score_version
       JOIN identities i ON i.store_id = s.store_id AND i.customer_id = s.customer_id AND i.platform = $2
       JOIN customers c ON c.store_id = t.id AND c.id = s.customer_id
       JOIN (${mailableSql({ customers: known, now: '$3::timestamptz' })}) m ON m.customer_id = c.id
       LEFT JOIN (SELECT DISTINCT ON (customer_id) customer_id, paused_until FROM preferences WHERE store_id = $1
         ORDER BY customer_id, at DESC, id DESC) q ON q.customer_id = c.id
       LEFT JOIN (SELECT DISTINCT customer_id FROM replies WHERE store_id = $1 AND kind = 'person'
         AND at > $3::timestamptz - interval '${String(ANSWER_DAYS)} days') w ON w.customer_id = c.id
       LEFT JOIN suppressions u ON u.store_id = t.id AND u.address_hash = ${addressHashSql('c.email', '$4', '$5')}
       LEFT JOIN LATERAL (SELECT max(a.accepted_at) AS at FROM messages a WHERE a.store_id = $1 AND a.customer_id = c.id) l ON true
       WHERE t.id = $1`,
    ),
    [tx.storeId, platform, now, pads.inner, pads.outer],
  );
}

/** What each campaign has brought, as of its newest look. Money in minor units. */
export function collectOutcomes(tx: StoreTransaction, { platform, now }: Collecting): Promise<number> {
  return tx.run(
    upsertSql(
      'outcome',
      `SELECT c.id::text AS subject, jsonb_build_object(
         'name', c.name, 'state', c.state, 'treated', m.treated, 'heldBack', m.holdout, 'verdict', m.verdict,
         'judged', jsonb_build_object('estimate', m.estimate, 'low', m.low, 'high', m.high, 'daysLeft', m.detail -> 'daysLeft', 'enough', m.detail -> 'enough'),
         'incrementalRevenue', jsonb_build_object('amount', round(m.estimate), 'low', round(m.low), 'high', round(m.high),
           'confidence', m.confidence, 'currency', t.currency),
         'sends', to_jsonb(n), 'ordersAfter', coalesce(o.orders, 0),
         'startedOn', to_char(c.approved_at AT TIME ZONE t.time_zone, 'YYYY-MM-DD')) AS payload
       FROM stores t
       JOIN campaigns c ON c.store_id = t.id
       JOIN LATERAL (
         SELECT * FROM measurements m WHERE m.store_id = $1 AND m.campaign_id = c.id AND m.metric = 'revenue'
         ORDER BY m.measured_at DESC LIMIT 1) m ON true
       JOIN LATERAL (
         SELECT count(accepted_at)::int AS accepted, count(opened_at)::int AS opened, count(clicked_at)::int AS clicked,
           count(unsubscribed_at)::int AS unsubscribed, count(complained_at)::int AS complained,
           count(*) FILTER (WHERE bounced_at IS NOT NULL OR state = 'refused')::int AS failed
         FROM messages WHERE store_id = $1 AND campaign_id = c.id) n ON true
       JOIN LATERAL (SELECT sum(orders)::int AS orders FROM (
           SELECT orders FROM outcomes WHERE store_id = $1 AND campaign_id = c.id AND arm = 'treated'
           UNION ALL SELECT orders FROM enrolments WHERE c.journey_id IS NOT NULL AND campaign_id = c.id AND arm = 'treated') both_kinds) o ON true
       WHERE t.id = $1 AND m.low > '-Infinity' AND m.high < 'Infinity'`,
    ),
    [tx.storeId, platform, now],
  );
}

/** What came of each mail to somebody the platform knows: the furthest that it got. */
export function collectTouches(tx: StoreTransaction, { platform, now }: Collecting): Promise<number> {
  return tx.run(
    upsertSql(
      'touch',
      `SELECT m.id::text AS subject, jsonb_build_object(
         'externalId', i.external_id, 'campaignId', c.id, 'campaignName', c.name, 'subject', v.subject,
         'outcome', far.outcome, 'at', far.at, 'sentAt', m.accepted_at,
         'orderValue', CASE WHEN far.outcome = 'ordered' THEN jsonb_build_object('amount', coalesce(o.revenue, j.revenue), 'currency', t.currency) END)
         || CASE WHEN far.outcome = 'replied' THEN jsonb_build_object('customerId', m.customer_id) ELSE '{}' END AS payload
       FROM stores t
       JOIN messages m ON m.store_id = t.id AND m.accepted_at > $3::timestamptz - interval '${String(TOUCH_DAYS)} days'
       JOIN campaigns c ON c.store_id = t.id AND c.id = m.campaign_id
       JOIN variants v ON v.store_id = t.id AND v.id = m.variant_id
       JOIN LATERAL (SELECT external_id FROM identities x WHERE x.store_id = $1 AND x.customer_id = m.customer_id AND x.platform = $2
         ORDER BY x.external_id LIMIT 1) i ON true
       LEFT JOIN outcomes o ON o.store_id = t.id AND o.campaign_id = c.id AND o.customer_id = m.customer_id AND o.first_order_at >= m.accepted_at
       LEFT JOIN enrolments j ON m.step <> '' AND j.campaign_id = c.id AND j.customer_id = m.customer_id AND j.occurrence = m.occurrence AND j.first_order_at >= m.accepted_at
       LEFT JOIN LATERAL (SELECT max(r.at) AS at FROM replies r WHERE r.store_id = $1 AND r.message_id = m.id AND r.kind = 'person') w ON true
       CROSS JOIN LATERAL (SELECT * FROM (VALUES
         ('complained', m.complained_at), ('unsubscribed', m.unsubscribed_at), ('replied', w.at), ('bounced', m.bounced_at), ('ordered', coalesce(o.first_order_at, j.first_order_at)),
         ('clicked', m.clicked_at), ('opened', m.opened_at), ('sent', m.accepted_at)) AS f (outcome, at) WHERE f.at IS NOT NULL LIMIT 1) far
       WHERE t.id = $1`,
    ),
    [tx.storeId, platform, now],
  );
}

/**
 * What people allowed or refused last, where the platform was not the one who told us and does not believe it anyway: its own
 * last word says so, and nothing else was told it since.
 */
export function collectConsents(tx: StoreTransaction, { platform, now }: Collecting): Promise<number> {
  return tx.run(
    upsertSql(
      'consent',
      `SELECT i.external_id AS subject, jsonb_build_object('channel', 'email', 'state', c.state, 'basis', c.basis, 'at', c.at) AS payload, own.state AS own
       FROM (SELECT DISTINCT ON (customer_id) customer_id, state, basis, at, source FROM consents
             WHERE store_id = $1 AND channel = 'email' ORDER BY customer_id, at DESC, id DESC) c
       JOIN identities i ON i.store_id = $1 AND i.customer_id = c.customer_id AND i.platform = $2
       LEFT JOIN LATERAL (SELECT state FROM consents k WHERE k.store_id = $1 AND k.customer_id = c.customer_id AND k.channel = 'email'
         AND k.source = $2 ORDER BY k.at DESC, k.id DESC LIMIT 1) own ON true
       WHERE c.source <> $2 AND c.state IN ('subscribed', 'unsubscribed')`,
      `(w.own IS DISTINCT FROM w.payload ->> 'state' OR b.payload ->> 'state' <> w.payload ->> 'state')`,
    ),
    [tx.storeId, platform, now],
  );
}
