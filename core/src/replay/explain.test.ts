import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { approveCampaign } from '../campaigns/index.ts';
import { unsubscribe } from '../consent/index.ts';
import { STAGES, runCycle, type StageName } from '../cycle.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { playbookWriter } from '../generation/index.ts';
import { uuidOf } from '../random.ts';
import { score } from '../scoring/index.ts';
import {
  buildEngine,
  buildStore,
  buyingShop,
  countingProvider,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import { explain, STEP_NAMES, type Explanation } from './index.ts';

const START = new Date('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR);

let base: TestDatabase;
let engine: TestEngine;
let storeId: string;
let people: { customer: string; campaign: string; arm: string; message: string | null; state: string | null }[];

const inStore = <Result>(work: (tx: StoreTransaction) => Promise<Result>) => base.database.inStore(storeId, work);
const run = (sql: string, values: unknown[]) => inStore((tx) => tx.run(sql, values));
const stage = (name: StageName) => STAGES[name](engine, storeId);

/** A shop that goes on selling, a campaign over its lapsed customers, and a few of them who change their mind. */
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(base.database, { name: 'Explained', controlShare: 0.05 });
  engine = buildEngine(base.database, {
    now: START,
    email: countingProvider(50),
    writer: playbookWriter,
    connectors: { csv: buyingShop(500, after(24 * 70)) },
  });
  await run(
    `INSERT INTO connections (id, store_id, platform, account, created_at) VALUES ($1, $2, 'csv', 'shop', $3)`,
    [uuidOf('connection', 'explained'), storeId, START],
  );
  await stage('ingest');
  // Told in the future: no later order tells another country.
  await run(`UPDATE customers SET country = 'PL', country_at = $2 WHERE store_id = $1 AND key LIKE '%7'`, [
    storeId,
    after(24 * 100),
  ]);
  await run(`UPDATE customers SET email = NULL WHERE store_id = $1 AND key LIKE '%33'`, [storeId]);
  await leave(`key LIKE '%1'`, after(-5));
  await runCycle(engine, storeId);
  const [campaign] = await inStore((tx) =>
    tx.rows<{ id: string }>('SELECT id FROM campaigns WHERE journey_id IS NULL'),
  );
  await approveCampaign(engine, storeId, campaign?.id ?? '', 'user:test');
  await stage('scheduling');
  for (let hours = 3; hours <= 9 * 24; hours += 3) {
    engine.clock.set(after(hours));
    if (hours === 48) await leave(`key LIKE '%2'`, after(hours));
    if (hours % 24 === 0) await stage('ingest');
    await stage('delivery');
  }
  people = await inStore((tx) =>
    tx.rows(
      `SELECT h.customer_id AS customer, h.campaign_id AS campaign, h.arm, m.id AS message, m.state FROM holdouts h
       LEFT JOIN messages m ON m.customer_id = h.customer_id AND m.campaign_id = h.campaign_id ORDER BY 1`,
    ),
  );
}, 120_000);
afterAll(() => base.drop());

async function leave(whom: string, at: Date): Promise<void> {
  await inStore(async (tx) => {
    for (const { id } of await tx.rows<{ id: string }>(`SELECT id FROM customers WHERE ${whom} ORDER BY id`))
      await unsubscribe(engine.keys, tx, { customerId: id, at, source: 'public' });
  });
}

/** Steps that do not come out again. */
const wrong = (told: Explanation): string[] => told.steps.filter(({ same }) => !same).map(({ step }) => step);

/** A message that went, another one at each call. */
let taken = 0;
function sent(): { message: string; customer: string } {
  const one = people.filter(({ state }) => state === 'accepted')[taken++];
  return { message: one?.message ?? '', customer: one?.customer ?? '' };
}
const explainMessage = (messageId: string) => explain(engine, storeId, { messageId });

describe('what was decided comes out again', () => {
  test('for everybody whom the draw placed', async () => {
    const seen = new Set<string>();
    const broken: string[] = [];
    for (const { customer, campaign } of people) {
      const told = await explain(engine, storeId, { campaignId: campaign, customerId: customer });
      seen.add(`${told.arm ?? ''} ${told.state ?? ''}`.trim());
      for (const step of told.steps)
        if (!step.same)
          broken.push(`${step.step}: ${step.because ?? ''} ${JSON.stringify([step.stored, step.recomputed])}`);
      expect(told.reproduced).toBe(wrong(told).length === 0);
      const order = told.steps.map(({ step }) => STEP_NAMES.indexOf(step));
      expect(order).toEqual(order.toSorted((one, other) => one - other));
      for (const sentence of told.steps.flatMap(({ what }) => what)) expect(sentence).toMatch(/[.]$/);
      expect(JSON.stringify(told)).not.toMatch(/@|customers\.example|undefined|NaN/);
    }
    expect(broken).toEqual([]);
    expect(seen).toEqual(new Set(['treated accepted', 'treated dropped', 'holdout', 'left_out']));
  });

  test('a message that went has every step', async () => {
    const told = await explainMessage(sent().message);
    expect(told.steps.map(({ step }) => step)).toEqual(STEP_NAMES);
    expect(told).toMatchObject({ reproduced: true, state: 'accepted', arm: 'treated', store: storeId });
  });

  test('for who was never in the segment', async () => {
    const [other] = await inStore((tx) =>
      tx.rows<{ id: string }>(
        `SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT FROM holdouts h WHERE h.customer_id = c.id) ORDER BY c.id LIMIT 1`,
      ),
    );
    const campaignId = people[0]?.campaign ?? '';
    const told = await explain(engine, storeId, { campaignId, customerId: other?.id ?? '' });
    expect(told.steps.map(({ step }) => step)).toEqual(['data', 'score', 'life_stage', 'segment']);
    expect(told).toMatchObject({ reproduced: true, message: null, arm: null });
  });

  test('also when the scores of that day would be long gone', async () => {
    const { message } = sent();
    for (let day = 10; day < 16; day++) {
      engine.clock.set(after(day * 24));
      await score(engine, storeId);
    }
    await run(`UPDATE campaigns SET state = 'completed' WHERE store_id = $1`, [storeId]);
    engine.clock.set(after(17 * 24));
    await score(engine, storeId);
    const kept = await inStore((tx) =>
      tx.rows<{ all: number; explained: number }>(
        `SELECT count(*)::int AS all, count(*) FILTER (WHERE customer_id IN (SELECT customer_id FROM holdouts))::int AS explained
         FROM scores WHERE version = 1`,
      ),
    );
    expect(kept).toEqual([{ all: people.length, explained: people.length }]);
    expect(wrong(await explainMessage(message))).toEqual([]);
  });

  test('there is no such message', async () => {
    await expect(explainMessage(uuidOf('nothing'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(explainMessage(`x' OR true`)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what was changed afterwards is caught at its step', () => {
  test.each<[what: string, sql: string, steps: string[]]>([
    ['the draw', 'UPDATE holdouts SET draw = draw / 2 + 0.5 WHERE customer_id = $1', ['holdout']],
    ['the spend beside it', 'UPDATE holdouts SET pre_revenue = pre_revenue + 1 WHERE customer_id = $1', ['data']],
    [
      'a chance',
      'UPDATE scores SET p_alive = coalesce(p_alive, 0) + 0.001 WHERE version = 1 AND customer_id = $1',
      ['score'],
    ],
    ['a value', 'UPDATE scores SET value_at_risk = value_at_risk + 2 WHERE customer_id = $1', ['score']],
    ['the life stage', `UPDATE scores SET life_stage = 'lost' WHERE customer_id = $1`, ['life_stage']],
    ['the reasons', `UPDATE scores SET reasons = '[]' WHERE customer_id = $1`, ['life_stage']],
    ['the score is gone', 'DELETE FROM scores WHERE customer_id = $1', ['score', 'life_stage']],
    [
      'the hour',
      `UPDATE messages SET scheduled_at = scheduled_at + interval '1 minute' WHERE customer_id = $1`,
      ['hour'],
    ],
    ['how it was picked', `UPDATE messages SET hour_source = 'preference' WHERE customer_id = $1`, ['hour']],
    ['the zone', `UPDATE customers SET time_zone = 'Asia/Tokyo' WHERE id = $1`, ['hour']],
    [
      'the version',
      `UPDATE messages m SET variant_id = (SELECT id FROM variants v WHERE v.campaign_id = m.campaign_id AND v.id <> m.variant_id ORDER BY id LIMIT 1) WHERE customer_id = $1`,
      ['variant'],
    ],
    [
      'a refusal before the plan',
      `INSERT INTO consents (store_id, customer_id, state, basis, at, source) SELECT store_id, id, 'unsubscribed', 'none', '2026-03-01T00:00:00Z', 'public' FROM customers WHERE id = $1`,
      ['consent_at_plan', 'consent_at_hand_over', 'last_checks'],
    ],
    [
      'a refusal before the hand-over',
      `INSERT INTO consents (store_id, customer_id, state, basis, at, source) SELECT store_id, id, 'unsubscribed', 'none', '2026-03-02T10:00:01Z', 'public' FROM customers WHERE id = $1`,
      ['consent_at_hand_over', 'last_checks'],
    ],
    [
      'an order before the scoring',
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, ordered_at, amount, currency) SELECT gen_random_uuid(), store_id, id, 'csv', 'late', '2025-09-01T00:00:00Z', 999, 'EUR' FROM customers WHERE id = $1`,
      ['data', 'score'],
    ],
    [
      'an order before the hand-over',
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, ordered_at, amount, currency) SELECT gen_random_uuid(), store_id, id, 'till', 'late', '2026-03-02T10:00:01Z', 999, 'EUR' FROM customers WHERE id = $1`,
      ['last_checks'],
    ],
    ['the outcome', `UPDATE messages SET state = 'refused', accepted_at = NULL WHERE customer_id = $1`, ['outcome']],
    ['a click that never was', 'UPDATE messages SET clicked_at = accepted_at WHERE customer_id = $1', ['events']],
  ])('%s', async (_, sql, steps) => {
    const { message, customer } = sent();
    expect(wrong(await explainMessage(message))).toEqual([]);
    expect(await run(sql, [customer])).toBeGreaterThan(0);
    const told = await explainMessage(message);
    expect(told.reproduced).toBe(false);
    expect(wrong(told)).toEqual(expect.arrayContaining(steps));
    // A late order changes what is told of the person, and may change her stage with it.
    if (!steps.includes('data') || steps.length === 1) expect(wrong(told)).toEqual(steps);
    for (const step of told.steps) expect(step.because === null).toBe(step.same);
  });

  test('somebody who was held back and is said to be treated', async () => {
    const held = people.find(({ arm }) => arm === 'holdout');
    await run(`UPDATE holdouts SET arm = 'treated' WHERE customer_id = $1`, [held?.customer]);
    const told = await explain(engine, storeId, {
      campaignId: held?.campaign ?? '',
      customerId: held?.customer ?? '',
    });
    expect(wrong(told)).toContain('holdout');
  });

  test('a person who was erased: what is gone is said, never made up', async () => {
    const { message, customer } = sent();
    await run('DELETE FROM customers WHERE id = $1', [customer]);
    const told = await explainMessage(message);
    expect(wrong(told)).toEqual(
      expect.arrayContaining(['segment', 'consent_at_plan', 'holdout', 'variant', 'hour', 'last_checks']),
    );
    const draw = told.steps.find(({ step }) => step === 'holdout');
    expect(draw).toMatchObject({ recomputed: null, because: expect.stringContaining('erased') as string });
  });

  test('the rule, and the models, of the whole store', async () => {
    const { message } = sent();
    await run(`UPDATE segments SET rule = '{"field":"revenue","op":"at_least","value":99999999}' WHERE store_id = $1`, [
      storeId,
    ]);
    expect(wrong(await explainMessage(message))).toEqual(['segment']);
    await run('DELETE FROM models WHERE store_id = $1', [storeId]);
    expect(wrong(await explainMessage(message))).toEqual(expect.arrayContaining(['score', 'life_stage', 'segment']));
  });
});
