/** Segments and their members in the database. Membership is made by sets: what is new comes in, what no longer holds goes. */
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/connect.ts';
import { BUILT_IN_SEGMENTS, segmentId } from './built-in.ts';
import { compileRule, fromCustomers, threshold, type RuleScope } from './compile.store.ts';
import { segmentRule, type RankField, type Rule } from './rule.ts';

export interface Segment {
  id: string;
  key: string;
  name: string;
  rule: Rule;
  builtIn: boolean;
  members: number;
  /** stores.score_version the membership was made from; 0: never */
  scoreVersion: number;
  refreshedAt: Date | null;
}

/** The scores that count for this store, and when they were made. */
export async function ruleScope(tx: StoreTransaction): Promise<RuleScope> {
  const row = await tx.db
    .selectFrom('stores')
    .leftJoin('score_runs', (join) =>
      join.onRef('score_runs.store_id', '=', 'stores.id').onRef('score_runs.version', '=', 'stores.score_version'),
    )
    .select(['stores.score_version', 'score_runs.as_of'])
    .where('stores.id', '=', tx.storeId)
    .executeTakeFirstOrThrow();
  return { storeId: tx.storeId, scoreVersion: row.score_version, asOf: row.as_of };
}

/** Makes the built-in segments that are missing and mends those whose rule or name has changed since. */
export async function ensureBuiltIn(tx: StoreTransaction, language: 'en' | 'es'): Promise<void> {
  for (const one of BUILT_IN_SEGMENTS) {
    const rule = JSON.stringify(one.rule);
    await tx.run(
      `INSERT INTO segments (id, store_id, key, name, rule, built_in) VALUES ($1, $2, $3, $4, $5::jsonb, true)
       ON CONFLICT (store_id, key) DO UPDATE SET name = EXCLUDED.name, rule = EXCLUDED.rule, built_in = true,
         score_version = CASE WHEN segments.rule = EXCLUDED.rule THEN segments.score_version ELSE 0 END
       WHERE segments.name <> EXCLUDED.name OR segments.rule <> EXCLUDED.rule`,
      [segmentId(tx.storeId, one.key), tx.storeId, one.key, one.name[language], rule],
    );
  }
}

/** All segments of the store, by key. */
export async function listSegments(tx: StoreTransaction): Promise<Segment[]> {
  const rows = await tx.db
    .selectFrom('segments')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .orderBy('key')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    name: row.name,
    rule: segmentRule.parse(row.rule),
    builtIn: row.built_in,
    members: row.members,
    scoreVersion: row.score_version,
    refreshedAt: row.refreshed_at,
  }));
}

/** Brings one segment's membership to the scores that count. Gives how many came in and went. */
export async function refreshMembers(
  tx: StoreTransaction,
  segment: Segment,
  scope: RuleScope,
  now: Date,
): Promise<{ entered: number; left: number; members: number }> {
  // Two workers at once would count each other's rows twice; the second one waits and then changes nothing.
  await tx.run('SELECT 1 FROM segments WHERE store_id = $1 AND id = $2 FOR UPDATE', [tx.storeId, segment.id]);
  await tx.run('CREATE TEMPORARY TABLE wanted (customer_id uuid) ON COMMIT DROP');
  await tx.run('CREATE TEMPORARY TABLE entering (customer_id uuid) ON COMMIT DROP');
  const matched = await sql`INSERT INTO wanted SELECT c.id FROM ${fromCustomers(scope)}
    WHERE c.store_id = ${scope.storeId}::uuid AND ${compileRule(segment.rule, scope)}`.execute(tx.db);
  await tx.run('ANALYZE wanted');
  // Members may have come by the hundred thousand since PostgreSQL last counted them: comparing one by one would take hours.
  await tx.run('SET LOCAL enable_nestloop = off');
  const left = await tx.run(
    `DELETE FROM segment_members m WHERE m.store_id = $1 AND m.segment_id = $2
       AND NOT EXISTS (SELECT FROM wanted w WHERE w.customer_id = m.customer_id)`,
    [tx.storeId, segment.id],
  );
  await tx.run(
    `INSERT INTO entering SELECT w.customer_id FROM wanted w WHERE NOT EXISTS (
       SELECT FROM segment_members m WHERE m.store_id = $1 AND m.segment_id = $2 AND m.customer_id = w.customer_id)`,
    [tx.storeId, segment.id],
  );
  const entered = await tx.run(
    `INSERT INTO segment_members (store_id, segment_id, customer_id, entered_at)
     SELECT $1, $2, customer_id, $3 FROM entering ON CONFLICT DO NOTHING`,
    [tx.storeId, segment.id, now],
  );
  const members = Number(matched.numAffectedRows ?? 0);
  await tx.run(
    'UPDATE segments SET members = $3, score_version = $4, refreshed_at = $5 WHERE store_id = $1 AND id = $2',
    [tx.storeId, segment.id, members, scope.scoreVersion, now],
  );
  return { entered, left, members };
}

/** How many people a rule means at this moment. */
export async function countRule(tx: StoreTransaction, rule: Rule, scope: RuleScope): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM ${fromCustomers(scope)}
    WHERE c.store_id = ${scope.storeId}::uuid AND ${compileRule(rule, scope)}`.execute(tx.db);
  return rows[0]?.count ?? 0;
}

/** The figure that the best share has at least; null where nobody has the figure. */
export async function loadThreshold(
  tx: StoreTransaction,
  field: RankField,
  share: number,
  scope: RuleScope,
): Promise<number | null> {
  const { rows } = await sql<{ figure: number | null }>`SELECT (${threshold(field, share, scope)}) AS figure`.execute(
    tx.db,
  );
  return rows[0]?.figure ?? null;
}
