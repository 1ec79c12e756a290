import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { buildCampaign, buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { dueStages } from '../jobs/due.ts';
import { runStage } from '../jobs/run.ts';
import { explain } from '../replay/index.ts';
import { batchAt, batchOf, batchReplays, batchWindow, dealtVariant, decideBatch } from './deal.ts';
import { dealtBatches } from './deal.store.ts';

const DAY = 86_400_000;
const FROM = new Date('2026-03-01T00:00:00Z');
const UNTIL = new Date('2026-03-08T00:00:00Z');
const PEOPLE = 700;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

describe('batches', () => {
  test('everybody has one, of about the same size; its window is its own day', () => {
    const counts = Array.from({ length: 7 }, () => 0);
    for (let i = 0; i < 7000; i++) counts[batchOf('key', 'spring', `csv:${String(i)}`, 7)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(batchAt({ sendFrom: FROM, sendUntil: UNTIL }, new Date(FROM.getTime() + 2.5 * DAY))).toBe(2);
    expect(batchAt({ sendFrom: FROM, sendUntil: UNTIL }, new Date(FROM.getTime() + 99 * DAY))).toBe(6);
    expect(batchWindow({ sendFrom: FROM, sendUntil: UNTIL }, 2, new Date(FROM.getTime() + 2.5 * DAY))).toEqual({
      from: new Date(FROM.getTime() + 2.5 * DAY),
      until: new Date(FROM.getTime() + 3 * DAY),
    });
  });

  test('the first is even, the next follow what was clicked, a winner gets all', () => {
    const records = [
      { key: 'b', trials: 500, successes: 60 },
      { key: 'a', trials: 500, successes: 20 },
    ];
    const share = (batch: ReturnType<typeof decideBatch>, key: string) =>
      batch.shares.find((one) => one.key === key)?.share ?? 0;
    expect(share(decideBatch(0, { rule: 'thompson', records, winner: null }), 'a')).toBe(0.5);
    const second = decideBatch(1, { rule: 'thompson', records, winner: null });
    expect(share(second, 'b')).toBeGreaterThan(0.9);
    expect(share(second, 'a')).toBeGreaterThanOrEqual(0.05);
    expect(share(decideBatch(1, { rule: 'winner', records, winner: null }), 'b')).toBe(0.5);
    expect(share(decideBatch(1, { rule: 'winner', records, winner: 'a' }), 'a')).toBe(1);
    const decidedAt = FROM;
    expect(batchReplays({ ...second, decidedAt })).toBe(true);
    const tampered = second.shares.map((one) => ({ ...one, share: 0.5 }));
    expect(batchReplays({ ...second, shares: tampered, decidedAt })).toBe(false);
  });
});

test('a campaign dealt by Thompson sampling: day by day, logged, and the same again from the log', async () => {
  const storeId = await buildStore(db.database, { name: 'Dealt', timeZone: 'UTC' });
  const campaign = await buildCampaign(db.database, storeId, {
    people: PEOPLE,
    variants: ['a', 'b'],
    sendFrom: FROM,
    sendUntil: UNTIL,
    plannedAt: FROM,
  });
  const engine = buildEngine(db.database, { now: FROM });
  const inStore = <Row extends object>(sql: string, values: unknown[] = []) =>
    db.database.inStore(storeId, (tx) => tx.rows<Row>(sql, [storeId, ...values]));
  await db.database.inStore(storeId, (tx) =>
    tx.run(`UPDATE campaigns SET plan = plan || '{"dealing":"thompson"}', approved_at = $2 WHERE store_id = $1`, [
      storeId,
      new Date(FROM.getTime() - 60_000),
    ]),
  );
  const states = () =>
    inStore<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM messages WHERE store_id = $1 GROUP BY 1 ORDER BY 1',
    );
  for (let day = 0; day < 7; day++) {
    engine.clock.set(new Date(FROM.getTime() + day * DAY + (day === 0 ? 0 : 60_000)));
    expect(await dueStages(engine, storeId)).toContain('scheduling');
    await runStage(engine, storeId, 'scheduling');
    expect(await dueStages(engine, storeId)).not.toContain('scheduling');
    // What went is clicked: version b by far more people.
    await db.database.inStore(storeId, (tx) =>
      tx.run(
        `UPDATE messages m SET state = 'accepted', accepted_at = scheduled_at,
           clicked_at = CASE WHEN v.key = 'b' AND m.customer_id::text < '8' THEN scheduled_at + interval '1 hour' END
         FROM variants v WHERE v.id = m.variant_id AND m.state = 'scheduled' AND m.store_id = $1`,
        [storeId],
      ),
    );
    const left = (await states()).find(({ state }) => state === 'planned')?.count ?? 0;
    expect(Math.abs(left - PEOPLE * (1 - (day + 1) / 7))).toBeLessThan(60);
  }
  expect((await states()).map(({ state }) => state)).toEqual(['accepted']);
  const batches = await db.database.inStore(storeId, (tx) => dealtBatches(tx, campaign.id));
  expect(batches.map((one) => one.batch)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(batches.every(batchReplays)).toBe(true);
  const last = batches.at(-1)!.shares;
  expect(last.find((one) => one.key === 'b')!.share).toBeGreaterThan(0.9);

  const rows = await inStore<{ customer: string; key: string; held: string; version: string; at: Date }>(
    `SELECT m.customer_id AS customer, c.key, h.variant_key AS held, v.key AS version, m.scheduled_at AS at
     FROM messages m JOIN customers c ON c.id = m.customer_id JOIN variants v ON v.id = m.variant_id
     JOIN holdouts h ON h.campaign_id = m.campaign_id AND h.customer_id = m.customer_id WHERE m.store_id = $1`,
  );
  const drawKey = (await inStore<{ key: string }>('SELECT draw_key AS key FROM stores WHERE id = $1'))[0]!.key;
  for (const row of rows) {
    const own = batches[batchOf(drawKey, 'spring', row.key, 7)]!;
    expect(row.version).toBe(dealtVariant(own, drawKey, 'spring', row.key));
    expect(row.held).toBe(row.version);
    expect(Math.floor((row.at.getTime() - FROM.getTime()) / DAY)).toBe(own.batch);
  }
  const told = await explain(engine, storeId, { campaignId: campaign.id, customerId: campaign.customerId(0) });
  const same = Object.fromEntries(told.steps.map((step) => [step.step, step.same]));
  expect(same).toMatchObject({ variant: true, hour: true });
});
