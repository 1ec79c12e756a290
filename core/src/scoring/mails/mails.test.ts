import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { seededRandom, uuidOf } from '../../random.ts';
import { buildEngine, buildHistory, buildStore, createTestDatabase, type TestDatabase } from '../../testing/index.ts';
import { score } from '../index.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Evening people answer at nineteen, the others at nine; some answer most mails, some few. */
const PEOPLE = 600;
const keenness = (i: number): number => (i % 10) / 9;
const isOwl = (i: number): boolean => i % 2 === 1;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

const customerId = (storeId: string, i: number): string => uuidOf('customer', storeId, `p${String(i)}`);

async function shop(name: string, mailsEach: number): Promise<string> {
  const storeId = await buildStore(db.database, { name, timeZone: 'UTC' });
  const random = seededRandom(name);
  await buildHistory(
    db.database,
    storeId,
    Array.from({ length: PEOPLE }, (_, i) =>
      Array.from({ length: 1 + (i % 4) }, (_, order) => ({
        customer: `p${String(i)}`,
        at: new Date(NOW.getTime() - (400 - order * 40 - random.next() * 20) * DAY),
        amount: 2000,
      })),
    ).flat(),
  );
  const mails = Array.from({ length: PEOPLE }, (_, i) =>
    Array.from({ length: mailsEach }, (_, k) => {
      const hour = Math.floor(random.next() * 24);
      const at = new Date(Date.UTC(2026, 3, 1, hour) + Math.floor(random.next() * 50) * DAY);
      const near = Math.abs(hour - (isOwl(i) ? 19 : 9)) <= 1;
      return {
        id: uuidOf('mail', storeId, String(i), String(k)),
        customer: customerId(storeId, i),
        at,
        clicked: random.next() < keenness(i) * (near ? 0.95 : 0.1) ? new Date(at.getTime() + HOUR) : null,
        step: String(k),
      };
    }),
  ).flat();
  await db.database.inStore(storeId, (tx) =>
    tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, variant_id, state, accepted_at, clicked_at, opened_at, time_zone, created_at)
       SELECT id, $1, $1, step, customer, $1, 'accepted', at, clicked, clicked, 'UTC', at
       FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[]) AS m (id, customer, at, clicked, step)`,
      [
        storeId,
        mails.map((mail) => mail.id),
        mails.map((mail) => mail.customer),
        mails.map((mail) => mail.at),
        mails.map((mail) => mail.clicked),
        mails.map((mail) => mail.step),
      ],
    ),
  );
  await score(buildEngine(db.database, { now: NOW }), storeId);
  return storeId;
}

const rows = <Row extends object>(storeId: string, sql: string) =>
  db.database.inStore(storeId, (tx) => tx.rows<Row>(sql));

test('each person’s hour is learned from the hours that mail was answered at', async () => {
  const storeId = await shop('Hours', 30);
  const scores = await rows<{ customer_id: string; best_hour: number | null; click: number | null }>(
    storeId,
    `SELECT s.customer_id, s.best_hour, m.click_chance AS click FROM scores s JOIN mail_scores m USING (store_id, version, customer_id)`,
  );
  expect(scores).toHaveLength(PEOPLE);
  const hourOf = new Map(scores.map((row) => [row.customer_id, row.best_hour]));
  const people = Array.from({ length: PEOPLE }, (_, i) => i);
  const answering = people.filter((i) => keenness(i) > 0.3);
  const right = answering.filter((i) => {
    const hour = (hourOf.get(customerId(storeId, i)) ?? 0) % 24;
    return Math.abs(hour - (isOwl(i) ? 19 : 9)) <= 2;
  });
  // By chance a fifth would be.
  expect(right.length / answering.length).toBeGreaterThan(0.8);
  const clickOf = new Map(scores.map((row) => [row.customer_id, row.click ?? Number.NaN]));
  const mean = (some: number[]): number =>
    some.reduce((sum, i) => sum + clickOf.get(customerId(storeId, i))!, 0) / some.length;
  const keen = mean(people.filter((i) => keenness(i) > 0.7));
  expect(keen).toBeGreaterThan(2 * mean(people.filter((i) => keenness(i) < 0.3)));
  const models = await rows<{ name: string; converged: boolean; warnings: string[] }>(
    storeId,
    `SELECT name, converged, warnings FROM models WHERE name IN ('send-time', 'engagement-click', 'uplift', 'offer-response') ORDER BY name`,
  );
  expect(models.map(({ name, converged }) => [name, converged])).toEqual([
    ['engagement-click', true],
    ['offer-response', false],
    ['send-time', true],
    ['uplift', false],
  ]);
  expect(models[3]?.warnings[0]).toBe('too_few_people: 0 in the smaller group of past campaigns, 500 are needed');
});

test('with too few mails nothing is claimed, and what is missing is written down', async () => {
  const storeId = await shop('Young', 1);
  const [best] = await rows<{ hours: number; clicks: number }>(
    storeId,
    'SELECT count(best_hour)::int AS hours, count(click_chance)::int AS clicks FROM mail_scores',
  );
  expect(best?.hours).toBe(0);
  const [model] = await rows<{ warnings: string[] }>(storeId, `SELECT warnings FROM models WHERE name = 'send-time'`);
  expect(model?.warnings[0]).toBe(`too_few_mails: ${String(PEOPLE)} were sent, 1000 are needed`);
});
