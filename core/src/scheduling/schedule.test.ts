import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { DateTime } from 'luxon';
import type { Engine } from '../engine.ts';
import { buildCampaign, buildStore, createTestDatabase, fakeClock, type TestDatabase } from '../testing/index.ts';
import { schedule } from './index.ts';

let base: TestDatabase;
const clock = fakeClock('2026-03-01T00:00:00Z');
let storeId: string;
let stores = 0;

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());
beforeEach(async () => {
  clock.set('2026-03-01T00:00:00Z');
  storeId = await buildStore(base.database, { name: `Store ${String(stores++)}` });
});

// Scheduling needs nothing of the outside.
const engine = (): Engine => ({ database: base.database, clock }) as unknown as Engine;

interface Row {
  id: string;
  customer_id: string;
  state: string;
  state_reason: string | null;
  scheduled_at: Date | null;
  time_zone: string;
  local_hour: number | null;
  hour_source: string | null;
}
const messages = (): Promise<Row[]> =>
  base.database.inStore(storeId, (tx) => tx.rows<Row>('SELECT * FROM messages ORDER BY customer_id'));

describe('scheduling', () => {
  test('gives every treated person one message inside the window and outside quiet hours, once', async () => {
    const campaign = await buildCampaign(base.database, storeId, {
      people: 300,
      variants: ['a', 'b'],
      randomHourShare: 0.2,
    });
    await base.database.inStore(storeId, async (tx) => {
      await tx.run(`UPDATE customers SET time_zone = 'America/Lima' WHERE key = 'csv:7'`);
      await tx.run(`UPDATE holdouts SET arm = 'holdout' WHERE customer_id = $1`, [campaign.customerId(8)]);
      await tx.run(
        `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, best_hour, reasons)
         SELECT store_id, 1, id, 'scored', 90, 'lapsed', 2 * 24 + 9, '[]' FROM customers WHERE key < 'csv:2'`,
      );
    });
    const report = await schedule(engine(), storeId);
    const rows = await messages();
    expect(rows).toHaveLength(299);
    expect(report).toMatchObject({ campaigns: 1, scheduled: 299, tooLate: 0 });
    for (const row of rows) {
      expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
      const local = DateTime.fromJSDate(row.scheduled_at as Date, { zone: row.time_zone });
      expect(local.hour).toBe(row.local_hour);
      expect(local.hour >= 8 && local.hour < 21).toBe(true);
      expect((row.scheduled_at as Date) >= clock.now()).toBe(true);
      expect((row.scheduled_at as Date) < new Date('2026-03-08T00:00:00Z')).toBe(true);
      if (row.hour_source === 'preference') expect(local.toFormat('EEE HH')).toBe('Wed 09');
    }
    expect(new Set(rows.map((row) => row.hour_source))).toEqual(new Set(['preference', 'random', 'default']));
    expect(rows.find((row) => row.customer_id === campaign.customerId(7))?.time_zone).toBe('America/Lima');

    // Again, later: nothing moves.
    clock.advance(3_600_000);
    expect(await schedule(engine(), storeId)).toMatchObject({ scheduled: 0 });
    expect(await messages()).toEqual(rows);
  });

  test('the same store and campaign give the same minutes', async () => {
    const campaign = { people: 40, randomHourShare: 0.3 };
    await buildCampaign(base.database, storeId, campaign);
    await schedule(engine(), storeId);
    const first = await messages();
    await base.database.inStore(storeId, (tx) => tx.run('DELETE FROM messages'));
    await schedule(engine(), storeId);
    expect(await messages()).toEqual(first);
  });

  test('never in the past: what is approved late goes in what is left of the window', async () => {
    await buildCampaign(base.database, storeId, { people: 50 });
    clock.set('2026-03-07T15:20:30Z');
    await schedule(engine(), storeId);
    for (const row of await messages()) expect((row.scheduled_at as Date) > clock.now()).toBe(true);
  });

  test('a window that is over drops with a reason, so that the campaign can end', async () => {
    await buildCampaign(base.database, storeId, { people: 5 });
    clock.set('2026-03-09T00:00:00Z');
    expect(await schedule(engine(), storeId)).toMatchObject({ scheduled: 0, tooLate: 5 });
    for (const row of await messages()) expect([row.state, row.state_reason]).toEqual(['dropped', 'window_passed']);
  });

  test('somebody who was erased since the draw is accounted for', async () => {
    const campaign = await buildCampaign(base.database, storeId, { people: 3 });
    await base.database.inStore(storeId, (tx) =>
      tx.run('DELETE FROM customers WHERE id = $1', [campaign.customerId(1)]),
    );
    expect(await schedule(engine(), storeId)).toMatchObject({ scheduled: 2 });
    const states = (await messages()).map((row) => `${row.state} ${row.state_reason ?? ''}`);
    expect(states.toSorted()).toEqual(['dropped erased', 'scheduled ', 'scheduled ']);
    expect(await schedule(engine(), storeId)).toMatchObject({ campaigns: 0 });
  });

  test('a campaign that is not running gets nothing', async () => {
    await buildCampaign(base.database, storeId);
    await base.database.inStore(storeId, (tx) => tx.run(`UPDATE campaigns SET state = 'paused'`));
    expect(await schedule(engine(), storeId)).toMatchObject({ campaigns: 0, scheduled: 0 });
  });
});
