import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { saveSettings, storeSettings } from '../accounts/index.ts';
import { uuidOf } from '../random.ts';
import { refreshSegments } from '../segments/index.ts';
import { buildEngine, buildHistory, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { loadCampaign, planCampaigns } from './index.ts';

const NOW = new Date('2026-06-01T10:00:00Z');

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

/** People who may all be mailed, lapsed, and scored. */
async function plant(name: string, people: number) {
  const storeId = await buildStore(db.database, { name });
  const engine = buildEngine(db.database, { now: NOW });
  const names = Array.from({ length: people }, (_, i) => String(i));
  const at = new Date(NOW.getTime() - 300 * 86_400_000);
  const history = names.map((customer) => ({ customer, at, amount: 3000 }));
  const { customerId } = await buildHistory(db.database, storeId, history);
  const ids = names.map(customerId);
  await db.database.inStore(storeId, async (tx) => {
    await tx.run(`UPDATE customers SET country = 'ES'`);
    await tx.run('UPDATE stores SET score_version = 1');
    await tx.run(
      `INSERT INTO score_runs (store_id, version, as_of, method, customers, data_version, created_at) VALUES ($1, 1, $2, 'test', 1, 1, $2)`,
      [storeId, NOW],
    );
    await tx.run(
      `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, reasons)
       SELECT $1, 1, id, 'scored', 300, 'lapsed', '[]' FROM unnest($2::uuid[]) AS p (id)`,
      [storeId, ids],
    );
  });
  await refreshSegments(engine, storeId);
  return { storeId, engine, ids };
}

async function soleCampaign(storeId: string): Promise<string> {
  const rows = await db.database.inStore(storeId, (tx) => tx.rows<{ id: string }>('SELECT id FROM campaigns'));
  return rows[0]?.id ?? '';
}

describe('whom a mail moves', () => {
  test('persuadables first, sleeping dogs never', async () => {
    const { storeId, engine, ids } = await plant('Moved', 400);
    // Of every four: two whom a mail moves (the second more), one it puts off, one nothing is known of.
    const uplifts = ids.map((id, place) => ({ id, uplift: [0.01, 0.05, -0.02, null][place % 4] ?? null }));
    await db.database.inStore(storeId, async (tx) => {
      await tx.run(
        `INSERT INTO mail_scores (store_id, version, customer_id, uplift) SELECT $1, 1, * FROM unnest($2::uuid[], $3::float8[])`,
        [storeId, uplifts.map((one) => one.id), uplifts.map((one) => one.uplift)],
      );
      await tx.run(
        `INSERT INTO models (id, store_id, name, fitted_at, as_of, customers, parameters, standard_errors, log_likelihood, converged, warnings, holdout)
         VALUES ($2, $1, 'uplift', $3, $3, 9, '{}', '{}', 0, true, '[]', '{"recommendation":"target-by-uplift","reason":"People differ."}')`,
        [storeId, uuidOf('model', storeId), NOW],
      );
      await saveSettings(tx, storeSettings.parse({ audienceLimit: 150 }));
    });
    await planCampaigns(engine, storeId);
    const campaign = await db.database.inStore(storeId, async (tx) => loadCampaign(tx, await soleCampaign(storeId)));
    expect(campaign.plan.choice).toEqual({ by: 'uplift', reason: 'People differ.', limit: 150 });
    const reasonOf = new Map(
      (
        await db.database.inStore(storeId, (tx) =>
          tx.rows<{ id: string; reason: string | null }>('SELECT customer_id AS id, reason FROM holdouts'),
        )
      ).map((row) => [row.id, row.reason]),
    );
    const reasons = (uplift: number | null) =>
      uplifts.filter((one) => one.uplift === uplift).map((one) => reasonOf.get(one.id));
    expect(new Set(reasons(-0.02))).toEqual(new Set(['sleeping_dog']));
    expect(new Set(reasons(0.05))).toEqual(new Set([null]));
    expect(reasons(0.01).filter((reason) => reason === null)).toHaveLength(150 - reasons(0.05).length);
    expect(new Set(reasons(null))).toEqual(new Set(['beyond_limit']));
    expect(campaign.funnel).toMatchObject({ audience: 150 });
  });

  test('says what is missing where past campaigns cannot tell', async () => {
    const { storeId, engine } = await plant('Unknown', 20);
    await planCampaigns(engine, storeId);
    const campaign = await db.database.inStore(storeId, async (tx) => loadCampaign(tx, await soleCampaign(storeId)));
    expect(campaign.plan.choice).toEqual({
      by: 'everyone',
      reason: 'No mail has gone out yet, so nothing is known of whom a mail moves.',
      limit: null,
    });
  });
});
