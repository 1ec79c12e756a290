/** Do mails arrive, and how far is a campaign? As the pages of a merchant are told. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import { readReputation, readCampaignProgress, standingOf } from './index.ts';

const NOW = new Date('2026-03-10T10:00:30Z');
let files: TestDatabase;
let engine: TestEngine;
let storeId: string;
let campaign: Awaited<ReturnType<typeof buildCampaign>>;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(files.database, { name: 'Arriving' });
  engine = buildEngine(files.database, { now: NOW });
  campaign = await buildCampaign(files.database, storeId, { people: 40 });
  await sql(
    `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, scheduled_at, accepted_at, created_at)
     SELECT gen_random_uuid(), $1, $2, c.id, v.id, 'accepted', $3, $3, $3
     FROM customers c, variants v WHERE v.campaign_id = $2`,
    [storeId, campaign.id, '2026-03-05T10:00:00Z'],
  );
  // By their number: 0-9 gmail, 10-19 hotmail, the rest elsewhere; 39 was erased.
  await sql(`UPDATE customers SET email = replace(email, 'example.com', CASE
      WHEN substring(key FROM 5)::int < 10 THEN 'GMAIL.com' WHEN substring(key FROM 5)::int < 20 THEN 'hotmail.es' ELSE 'shop.example' END)`);
  await sql(`UPDATE customers SET email = NULL WHERE key = 'csv:39'`);
});
afterAll(() => files.drop());

const sql = (text: string, values: unknown[] = []) => files.database.inStore(storeId, (tx) => tx.rows(text, values));
const tell = (id: string, kind: string, people: number[], detail: object = {}, at = '2026-03-05T11:00:00Z') =>
  sql(
    `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id, customer_id, agent, detail)
     SELECT m.store_id, 'x', $1 || m.id, $2, $3, m.id, m.customer_id, 'unknown', $4
     FROM messages m JOIN customers c ON c.id = m.customer_id WHERE c.key = ANY ($5)`,
    [id, kind, at, detail, people.map((number) => `csv:${String(number)}`)],
  );

test('what mailboxes say is counted by who runs them, each mail once, with its code', async () => {
  await tell('a', 'complaint', [0, 1]);
  await tell('a again', 'complaint', [0]);
  await sql(
    `UPDATE messages m SET complained_at = e.at FROM events e WHERE e.message_id = m.id AND e.kind = 'complaint'`,
  );
  await tell('b', 'bounce', [10, 11], { permanent: true, reason: '550 5.1.1 no such user' });
  await tell('c', 'bounce', [12], { permanent: false, reason: 'mailbox full' });
  await tell('d', 'deferred', [20, 39], { reason: '421 4.7.0' });
  await tell('e', 'unsubscribe', [21]);
  await tell('f', 'open', [22]);
  const page = await readReputation(engine, storeId, 30);
  expect(page.mailboxes).toEqual([
    { mailbox: 'gmail', sent: 10, complaints: 2, hardBounces: 0, softBounces: 0, deferrals: 0, unsubscribes: 0 },
    { mailbox: 'microsoft', sent: 10, complaints: 0, hardBounces: 2, softBounces: 1, deferrals: 0, unsubscribes: 0 },
    { mailbox: 'other', sent: 20, complaints: 0, hardBounces: 0, softBounces: 0, deferrals: 2, unsubscribes: 1 },
  ]);
  expect(page.all).toMatchObject({ sent: 40, complaints: 2, hardBounces: 2 });
  expect(page.codes).toEqual([
    { code: '5.1', permanent: true, mails: 2 },
    { code: null, permanent: false, mails: 1 },
  ]);
  expect(page.trend).toEqual([{ day: '2026-03-05', sent: 40, complaints: 2, bounces: 2 }]);
});

test('a mail counts in the span in which it went', async () => {
  engine.clock.set('2026-03-13T10:00:30Z');
  expect((await readReputation(engine, storeId, 7)).all.sent).toBe(0);
  expect((await readReputation(engine, storeId, 30)).all.sent).toBe(40);
  engine.clock.set(NOW);
});

test.each([
  ['complaints', 0, 10_000, 'good'],
  ['complaints', 9, 10_000, 'good'],
  ['complaints', 10, 10_000, 'high'],
  ['complaints', 30, 10_000, 'too_high'],
  ['complaints', 1, 100, 'few'],
  ['bounces', 199, 10_000, 'good'],
  ['bounces', 200, 10_000, 'high'],
  ['bounces', 500, 10_000, 'too_high'],
  ['bounces', 9, 100, 'few'],
  ['bounces', 0, 0, 'good'],
] as const)('%s: %i of %i is %s', (what, count, sent, standing) => {
  expect(standingOf(what, count, sent)).toBe(standing);
});

test('a campaign under way: what is out, what waits, what never goes, how fast and until when', async () => {
  const other = await buildCampaign(files.database, storeId, { key: 'live', people: 40 });
  await sql(
    `UPDATE campaigns SET funnel = jsonb_build_object('segment', 50, 'leftOut', '{}'::jsonb, 'audience', 42, 'treated', 42,
    'holdout', 0, 'storeControl', 0) WHERE id = $1`,
    [other.id],
  );
  const put = (from: number, to: number, columns: Record<string, unknown>) =>
    sql(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, state_reason, scheduled_at, accepted_at, created_at)
       SELECT gen_random_uuid(), $1, $2, c.id, v.id, $3, $4, $5, $6, $5
       FROM customers c, variants v WHERE v.campaign_id = $2 AND substring(c.key FROM 5)::int BETWEEN $7 AND $8`,
      [storeId, other.id, columns['state'], columns['reason'], columns['at'], columns['accepted'], from, to],
    );
  // Two minutes with mails, after many without; the minute that is running counts for neither.
  await put(0, 5, { state: 'accepted', at: '2026-03-10T09:57:00Z', accepted: '2026-03-10T09:57:10Z' });
  await put(6, 11, { state: 'accepted', at: '2026-03-10T09:58:00Z', accepted: '2026-03-10T09:58:59Z' });
  await put(12, 12, { state: 'accepted', at: '2026-03-10T10:00:00Z', accepted: '2026-03-10T10:00:10Z' });
  await put(13, 13, { state: 'in_doubt', at: '2026-03-10T09:58:00Z' });
  await put(14, 15, { state: 'dropped', reason: 'ordered_since', at: '2026-03-10T09:00:00Z' });
  await put(16, 16, { state: 'refused', reason: 'provider_refused', at: '2026-03-10T09:00:00Z' });
  await put(17, 24, { state: 'scheduled', at: '2026-03-10T09:59:00Z' });
  await put(25, 39, { state: 'scheduled', at: '2026-03-10T10:01:00Z' });
  const page = await readCampaignProgress(engine, storeId, other.id);
  expect(page).toMatchObject({ planned: 42, sent: 13, inDoubt: 1, waiting: 25, overdue: 8, perMinute: 4, held: null });
  expect(page.never).toEqual([
    { reason: 'ordered_since', refused: false, mails: 2 },
    { reason: 'provider_refused', refused: true, mails: 1 },
  ]);
  expect(page.minutes.map((one) => one.sent)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 6, 0]);
  // Eight that are late take two minutes at four a minute: longer than the last one's hour is away.
  expect(page.until).toEqual(new Date('2026-03-10T10:02:30Z'));

  await sql(`UPDATE campaigns SET state = 'paused' WHERE id = $1`, [other.id]);
  expect(await readCampaignProgress(engine, storeId, other.id)).toMatchObject({
    until: null,
    campaign: { state: 'paused' },
  });
  await expect(readCampaignProgress(engine, storeId, 'x')).rejects.toMatchObject({ code: 'not_found' });
});
