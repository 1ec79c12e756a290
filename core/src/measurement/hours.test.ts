import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadStore } from '../accounts/index.ts';
import { seededRandom } from '../random.ts';
import { schedule } from '../scheduling/index.ts';
import { buildCampaign, buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { hoursEffect, hoursGain } from './hours.ts';
import { measure } from './measure.ts';
import { verdictSentence } from './verdict.ts';

const START = new Date('2026-03-01T00:00:00Z');
const LATER = new Date('2026-05-10T00:00:00Z');
const PEOPLE = 3000;

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

/** A campaign of which 3 in 10 mails go at a random hour; whoever gets hers at a picked one orders with that chance. */
async function played(name: string, chances: { picked: number; random: number }) {
  const storeId = await buildStore(base.database, { name });
  const engine = buildEngine(base.database, { now: START });
  const campaign = await buildCampaign(base.database, storeId, {
    people: PEOPLE,
    plannedAt: START,
    randomHourShare: 0.3,
  });
  await base.database.inStore(storeId, (tx) => tx.run('UPDATE campaigns SET approved_at = $1', [START]));
  await schedule(engine, storeId);
  const random = seededRandom(name);
  await base.database.inStore(storeId, async (tx) => {
    const mails = await tx.rows<{ id: string; source: string }>(
      'SELECT customer_id AS id, hour_source AS source FROM messages ORDER BY customer_id',
    );
    const buyers = mails.filter(
      ({ source }) => random.next() < (source === 'random' ? chances.random : chances.picked),
    );
    await tx.run(
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
       SELECT gen_random_uuid(), $1, id, 'csv', id, 'sale', $3::timestamptz + interval '10 days', 5000, 'EUR' FROM unnest($2::uuid[]) AS b (id)`,
      [storeId, buyers.map(({ id }) => id), START],
    );
  });
  engine.clock.set(LATER);
  await measure(engine, storeId);
  return base.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    return {
      effect: await hoursEffect(tx, store, campaign.id, LATER),
      gain: await hoursGain(tx, store, LATER),
      shares: await tx.rows<{ source: string; n: number }>(
        'SELECT hour_source AS source, count(*)::int AS n FROM messages GROUP BY 1 ORDER BY 1',
      ),
    };
  });
}

test('a gain that is there is found, with its interval, in the group that the draw made', async () => {
  const { effect, gain, shares } = await played('Hours that matter', { picked: 0.2, random: 0.08 });
  const { revenue } = effect!;
  const random = shares.find(({ source }) => source === 'random')!.n;
  expect([revenue.treated, revenue.holdout]).toEqual([PEOPLE - random, random]);
  expect(revenue.detail.srm.ok).toBe(true);
  expect(revenue.verdict).toBe('won');
  // 12 in 100 more of 50 euros each.
  const truth = revenue.treated * 0.12 * 5000;
  expect(revenue.low).toBeLessThan(truth);
  expect(revenue.high).toBeGreaterThan(truth);
  expect(gain).toMatchObject({ verdict: 'won', campaigns: 1 });
  expect(gain!.low).toBeCloseTo(revenue.low, 3);
  const said = verdictSentence(revenue, { language: 'en', currency: 'EUR', against: 'random_hour' });
  expect(said).toMatch(/^€.* more than at a random hour, between €.* and €/);
});

test('where the hour does not matter nothing is claimed', async () => {
  const { effect, gain } = await played('Hours that do not matter', { picked: 0.15, random: 0.15 });
  expect(effect!.revenue.verdict).toBe('nothing_seen');
  expect(gain!.verdict).toBe('nothing_seen');
});

test('a campaign without random hours has nothing to hold them against', async () => {
  const storeId = await buildStore(base.database, { name: 'None' });
  const campaign = await buildCampaign(base.database, storeId, { randomHourShare: 0 });
  const found = await base.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    return [await hoursEffect(tx, store, campaign.id, LATER), await hoursGain(tx, store, LATER)];
  });
  expect(found).toEqual([null, null]);
});
