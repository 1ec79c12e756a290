/**
 * What the platforms should know, compared with what they were last told: the difference goes into the outbox, one row a
 * subject. A row that has not left yet is replaced, one that has is sent again; unchanged ones are left alone. Set-based:
 * a million customers are one statement.
 *
 * Payloads are rounded to what is known, so that a figure that only trembles is not a change.
 */
import type { StoreTransaction } from '../database/connect.ts';

/** Puts rows `wanted(subject, payload)` into the outbox where they differ from what stands there. */
function upsertSql(kind: string, wanted: string): string {
  return `
    WITH wanted AS (${wanted})
    INSERT INTO write_backs (store_id, platform, kind, subject_id, dedupe_key, payload, next_attempt_at, created_at)
    SELECT $1::uuid, $2::text, '${kind}', w.subject, '${kind}:' || w.subject, w.payload, $3::timestamptz, $3
    FROM wanted w
    LEFT JOIN write_backs b ON b.store_id = $1 AND b.platform = $2 AND b.dedupe_key = '${kind}:' || w.subject
    WHERE b.payload IS DISTINCT FROM w.payload
    ORDER BY w.subject
    ON CONFLICT (store_id, platform, dedupe_key) DO UPDATE
    SET payload = excluded.payload, state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at,
      done_at = NULL, error = NULL, created_at = excluded.created_at`;
}

/** Scores of the version that counts, of everybody the platform knows. Money in minor units, to two digits. */
export function collectScores(tx: StoreTransaction, platform: string, now: Date): Promise<number> {
  return tx.run(
    upsertSql(
      'score',
      `SELECT i.external_id AS subject, jsonb_build_object(
         'lifeStage', s.life_stage,
         'chanceToReturn', round(s.p_return_90::numeric, 2),
         'valueAtRisk', CASE WHEN s.value_at_risk IS NOT NULL THEN jsonb_build_object(
           'amount', CASE WHEN s.value_at_risk < 1 THEN 0
             ELSE round(s.value_at_risk::numeric, 1 - floor(log(s.value_at_risk))::int) END,
           'currency', t.currency) END,
         'nextOrderOn', to_char(s.next_order_at AT TIME ZONE t.time_zone, 'YYYY-MM-DD'),
         'reasons', jsonb_path_query_array(s.reasons, '$[0 to 2].code')) AS payload
       FROM stores t
       JOIN scores s ON s.store_id = t.id AND s.version = t.score_version AND s.state = 'scored'
       JOIN identities i ON i.store_id = s.store_id AND i.customer_id = s.customer_id AND i.platform = $2
       WHERE t.id = $1`,
    ),
    [tx.storeId, platform, now],
  );
}

/** What each campaign has brought, as of its newest look. Money in minor units. */
export function collectOutcomes(tx: StoreTransaction, platform: string, now: Date): Promise<number> {
  return tx.run(
    upsertSql(
      'outcome',
      `SELECT c.id::text AS subject, jsonb_build_object(
         'name', c.name, 'state', c.state, 'treated', m.treated, 'heldBack', m.holdout, 'verdict', m.verdict,
         'incrementalRevenue', jsonb_build_object('amount', round(m.estimate), 'low', round(m.low), 'high', round(m.high),
           'confidence', m.confidence, 'currency', t.currency)) AS payload
       FROM stores t
       JOIN campaigns c ON c.store_id = t.id
       JOIN LATERAL (
         SELECT * FROM measurements m WHERE m.store_id = $1 AND m.campaign_id = c.id AND m.metric = 'revenue'
         ORDER BY m.measured_at DESC LIMIT 1) m ON true
       WHERE t.id = $1 AND m.low > '-Infinity' AND m.high < 'Infinity'`,
    ),
    [tx.storeId, platform, now],
  );
}

/** What people allowed or refused last, where the platform was not the one who told us. */
export function collectConsents(tx: StoreTransaction, platform: string, now: Date): Promise<number> {
  return tx.run(
    upsertSql(
      'consent',
      `SELECT i.external_id AS subject, jsonb_build_object('channel', 'email', 'state', c.state, 'basis', c.basis, 'at', c.at) AS payload
       FROM (SELECT DISTINCT ON (customer_id) customer_id, state, basis, at, source FROM consents
             WHERE store_id = $1 AND channel = 'email' ORDER BY customer_id, at DESC, id DESC) c
       JOIN identities i ON i.store_id = $1 AND i.customer_id = c.customer_id AND i.platform = $2
       WHERE c.source <> $2 AND c.state IN ('subscribed', 'unsubscribed')`,
    ),
    [tx.storeId, platform, now],
  );
}
