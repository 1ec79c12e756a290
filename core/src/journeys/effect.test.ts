import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { latestEffect, measure } from '../measurement/index.ts';
import { playbookWriter } from '../generation/index.ts';
import { seededRandom } from '../random.ts';
import { buildEngine, buildJourneyStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { runJourneys, switchOnJourney } from './index.ts';

const NOW = new Date('2026-03-02T10:00:00Z');
const DAY = 86_400_000;
const PEOPLE = 1500;
const AMOUNT = 4000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

/**
 * People come in over two months, and each may order once by herself in her 60 days; of the treated as many again as `lift` says
 * order because of a mail. Looked at every ten days. Gives what was planted and every interval that was read.
 */
async function live(name: string, lift: number) {
  const engine = buildEngine(db.database, { now: NOW, writer: playbookWriter });
  const shop = await buildJourneyStore(engine, { name, slipping: PEOPLE });
  const run = await shop.runId('slipping-away');
  await switchOnJourney(engine, shop.storeId, run, 'user:1');
  await runJourneys(engine, shop.storeId);
  const people = await engine.database.inStore(shop.storeId, async (tx) => {
    await tx.run(
      `UPDATE enrolments SET entered_at = $2::timestamptz + (('x' || substr(md5(customer_id::text), 1, 6))::bit(24)::int % 60) * interval '1 day'
       WHERE store_id = $1`,
      [shop.storeId, NOW],
    );
    return tx.rows<{ number: number; arm: string; at: Date }>(
      `SELECT substr(c.key, 5)::int AS number, e.arm, e.entered_at AS at FROM enrolments e JOIN customers c ON c.id = e.customer_id
       ORDER BY c.key`,
    );
  });
  const random = seededRandom(name);
  const orders: { number: number; at: number; planted: boolean }[] = [];
  for (const { number, arm, at } of people) {
    const within = (): number => at.getTime() + DAY + random.next() * 58 * DAY;
    if (random.next() < 0.15) orders.push({ number, at: within(), planted: false });
    if (arm === 'treated' && random.next() < lift) orders.push({ number, at: within(), planted: true });
  }
  const seen = [];
  for (let day = 10; day <= 130; day += 20) {
    const until = NOW.getTime() + day * DAY;
    for (const due of [orders.filter((order) => order.at <= until && order.at > until - 20 * DAY)])
      for (const [at, same] of Map.groupBy(due, (order) => Math.floor(order.at / DAY) * DAY + DAY / 2))
        await shop.order(same.map(({ number }) => number), new Date(at), AMOUNT); // prettier-ignore
    engine.clock.set(new Date(until));
    await measure(engine, shop.storeId);
    const look = await engine.database.inStore(shop.storeId, (tx) => latestEffect(tx, run));
    if (look) seen.push(look.revenue);
  }
  return { planted: orders.filter((order) => order.planted).length * AMOUNT, seen };
}

test('a planted effect is found, within the interval, though people came in at different times', async () => {
  const { planted, seen } = await live('Planted', 0.2);
  const last = seen.at(-1)!;
  expect(last.verdict).toBe('won');
  expect(last.low).toBeLessThanOrEqual(planted);
  expect(last.high).toBeGreaterThanOrEqual(planted);
  expect(last.detail.srm.ok).toBe(true);
  expect(last.detail.progress).toBe(1);
  expect(seen[0]!.detail.progress).toBeLessThan(0.3);
});

test('where the mails do nothing, zero is within the interval at every look', async () => {
  const { seen } = await live('Nothing planted', 0);
  expect(seen).toHaveLength(7);
  for (const { low, high, verdict } of seen) {
    expect(low).toBeLessThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(0);
    expect(verdict).toBe('not_yet');
  }
});
