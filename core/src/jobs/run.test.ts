import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Stage, StageName } from '../cycle.ts';
import { uuidOf } from '../random.ts';
import { buildCampaign, buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { dueEverywhere, dueStages, recordedRun, runStage, waitAfter } from './index.ts';

let base: TestDatabase;
let stores = 0;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

async function store() {
  const storeId = await buildStore(base.database, { name: `Store ${String(++stores)}` });
  const engine = buildEngine(base.database, { now: '2026-03-02T10:00:00Z' });
  const sql = (text: string, values: unknown[] = []) => base.database.inStore(storeId, (tx) => tx.rows(text, values));
  const due = () => dueStages(engine, storeId);
  /** Runs a stage that does nothing but what is given. */
  const run = (name: StageName, stage: Stage = () => Promise.resolve({})) => runStage(engine, storeId, name, stage);
  return { storeId, engine, sql, due, run };
}

const broken: Stage = () => Promise.reject(new Error('anna@example.com is no number'));

describe('a run of a stage', () => {
  test('is written down with its report', async () => {
    const { run, sql } = await store();
    expect(await run('events', () => Promise.resolve({ webhooks: 3 }))).toEqual({
      state: 'done',
      report: { webhooks: 3 },
    });
    expect(await sql('SELECT stage, state, report, error, failures FROM stage_runs')).toEqual([
      { stage: 'events', state: 'done', report: { webhooks: 3 }, error: null, failures: 0 },
    ]);
  });

  test('that fails is written down without what the error quotes, and is tried again later and later', async () => {
    const { run, sql, due, engine } = await store();
    for (let failures = 1; failures <= 3; failures++) {
      expect(await run('events', broken)).toMatchObject({ state: 'failed' });
      expect(await sql('SELECT state, error, failures FROM stage_runs')).toEqual([
        { state: 'failed', error: 'Error', failures },
      ]);
      expect(await due()).toEqual([]);
      engine.clock.advance(waitAfter(failures));
      expect(await due()).toEqual(['events']);
    }
    await run('events');
    expect(await sql('SELECT state, error, failures, retry_at FROM stage_runs')).toEqual([
      { state: 'done', error: null, failures: 0, retry_at: null },
    ]);
    expect(await due()).toEqual([]);
  });

  test('is one at a time; another store and another stage do not wait', async () => {
    const { run, due, sql } = await store();
    const other = await store();
    await run('events', async () => {
      expect(await run('events')).toEqual({ state: 'busy' });
      expect(await run('delivery')).toMatchObject({ state: 'done' });
      expect(await other.run('events')).toMatchObject({ state: 'done' });
      expect(await due()).toEqual([]);
      return {};
    });
    await sql(`UPDATE stage_runs SET state = 'running' WHERE stage = 'events'`);
    // Nobody is at it: whoever was, is gone.
    expect(await due()).toEqual(['events']);
  });

  test('of more stores than there are connections waits for nobody', async () => {
    const many = await Promise.all(Array.from({ length: 15 }, store));
    const runs = many.map(({ run, sql }) =>
      run('events', async () => {
        await sql('SELECT 1');
        return {};
      }),
    );
    expect((await Promise.all(runs)).map((one) => one.state)).toEqual(many.map(() => 'done'));
  });

  test('inside the cycle throws what the stage threw', async () => {
    const { engine, storeId } = await store();
    await expect(recordedRun(engine, storeId)('events', broken)).rejects.toThrow('is no number');
  });
});

describe('what is due', () => {
  test('is nothing in a store where nothing is', async () => {
    const { storeId, engine, due } = await store();
    expect(await due()).toEqual([]);
    expect((await dueEverywhere(engine)).find((one) => one.storeId === storeId)).toEqual({
      storeId,
      stages: [],
      chores: [],
    });
  });

  test('follows the data down the path', async () => {
    const { storeId, sql, due, run, engine } = await store();
    await sql(`INSERT INTO connections (id, store_id, platform, account, created_at) VALUES ($1, $2, 'csv', 'x', $3)`, [
      uuidOf('connection', storeId),
      storeId,
      engine.clock.now(),
    ]);
    expect(await due()).toEqual(['ingest', 'writeback']);
    await run('writeback');
    await run('ingest', async () => {
      await sql('UPDATE stores SET data_version = 1');
      // Half a history is not looked at.
      expect(await due()).toEqual([]);
      return {};
    });
    expect(await due()).toEqual(['scoring']);
    await run('scoring', async () => {
      await sql('UPDATE stores SET score_version = 1');
      return {};
    });
    expect(await due()).toEqual(['segments', 'insights', 'writeback']);
    await run('writeback');
    await run('insights');
    expect(await due()).toEqual(['segments', 'reports']);
    await run('reports');
    await run('segments', async () => {
      await sql(
        `INSERT INTO segments (id, store_id, key, name, rule, score_version) VALUES ($1, $2, 'win-back', 'x', '{}', 1)`,
        [uuidOf('segment', storeId), storeId],
      );
      return {};
    });
    expect(await due()).toEqual(['campaigns']);
    await run('campaigns');
    expect(await due()).toEqual([]);

    engine.clock.advance(16 * 60_000);
    expect(await due()).toEqual(['ingest', 'writeback']);
    await run('ingest');
    await run('writeback');
    // A data version that came while scoring ran is not taken for seen.
    await run('scoring', async () => {
      await sql('UPDATE stores SET data_version = data_version + 1');
      return {};
    });
    expect(await due()).toEqual(['scoring']);
    await run('scoring');
    engine.clock.set('2026-03-02T23:05:00Z');
    await run('ingest');
    await run('writeback');
    // Five past midnight in Madrid: another day.
    expect(await due()).toEqual(['scoring']);
  });

  test('follows a campaign from draft to its end', async () => {
    const { storeId, sql, due, run, engine } = await store();
    const { id } = await buildCampaign(base.database, storeId, { people: 2 });
    await sql(`UPDATE campaigns SET state = 'draft'`);
    expect(await due()).toEqual(['generation']);
    await sql(`UPDATE campaigns SET state = 'awaiting_approval'`);
    expect(await due()).toEqual([]);

    await sql(`UPDATE campaigns SET state = 'running', approved_at = $1`, [engine.clock.now()]);
    expect(await due()).toEqual(['scheduling']);
    engine.clock.advance(1000);
    expect(await due()).toEqual(['scheduling', 'measurement']);
    await run('measurement');
    const message = (number: number, state: string, minutes: number) =>
      sql(
        `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, scheduled_at, created_at)
         SELECT $1, $2, $3, customer_id, $3, $4, $5, now() FROM holdouts WHERE campaign_id = $3 ORDER BY customer_id OFFSET $6 LIMIT 1`,
        [
          uuidOf('message', storeId, String(number)),
          storeId,
          id,
          state,
          new Date(engine.clock.now().getTime() + minutes * 60_000),
          number,
        ],
      );
    await run('scheduling', async () => {
      await message(0, 'scheduled', 10);
      await message(1, 'scheduled', 20);
      return {};
    });
    expect(await due()).toEqual([]);
    engine.clock.advance(11 * 60_000);
    expect(await due()).toEqual(['delivery']);
    await sql(`UPDATE campaigns SET state = 'paused'`);
    expect(await due()).toEqual([]);
    await sql(`UPDATE campaigns SET state = 'cancelled'`);
    expect(await due()).toEqual(['delivery']);
    await sql(`UPDATE campaigns SET state = 'running'`);
    await sql(
      `INSERT INTO attempts (id, store_id, campaign_id, provider, message_ids, started_at, lease_until)
       SELECT gen_random_uuid(), store_id, campaign_id, 'counting', array_agg(id), $1, $2 FROM messages GROUP BY store_id, campaign_id`,
      [engine.clock.now(), new Date(engine.clock.now().getTime() + 60_000)],
    );
    expect(await due()).toEqual([]);
    engine.clock.advance(61_000);
    expect(await due()).toEqual(['delivery']);
    await sql(`UPDATE messages SET state = 'accepted'`);
    await sql(`UPDATE attempts SET outcome = 'accepted'`);
    expect(await due()).toEqual(['delivery']);
    await sql(`UPDATE campaigns SET state = 'measuring'`);
    expect(await due()).toEqual([]);
    engine.clock.advance(86_400_000);
    expect(await due()).toEqual(['measurement']);
  });

  test('is a webhook that waits; one that cannot be recorded every hour', async () => {
    const { storeId, sql, due, run, engine } = await store();
    await sql(
      `INSERT INTO webhook_inbox (store_id, source, vendor_event_id, received_at, body) VALUES ($1, 'x', '1', now(), '')`,
      [storeId],
    );
    expect(await due()).toEqual(['events']);
    await run('events', async () => {
      await sql(`UPDATE webhook_inbox SET error = 'Error'`);
      return {};
    });
    expect(await due()).toEqual([]);
    engine.clock.advance(3_600_001);
    expect(await due()).toEqual(['events']);
  });
});
