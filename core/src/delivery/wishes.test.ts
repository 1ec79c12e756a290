/** What people ask for on the preference page holds for mails that have their hour already, and for those that are claimed. */
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { StoreTransaction } from '../database/connect.ts';
import { addPreference, NO_PREFERENCE, rewordWaiting, type Preference } from '../preferences/index.ts';
import { schedule } from '../scheduling/index.ts';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  countingProvider,
  createTestDatabase,
  type CountingProvider,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import { deliver } from './index.ts';

const DUE = '2026-03-02T10:00:00Z';
const DAY = 86_400_000;
const days = (count: number): Date => new Date(Date.parse(DUE) + count * DAY);

let base: TestDatabase;
let storeId: string;
let provider: CountingProvider;
let engine: TestEngine;
let stores = 0;

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());
beforeEach(async () => {
  storeId = await buildStore(base.database, { name: `Wishes ${String(stores++)}` });
  provider = countingProvider(10);
  engine = buildEngine(base.database, { now: '2026-03-01T00:00:00Z', email: provider });
});

const inStore = <Result>(work: (tx: StoreTransaction) => Promise<Result>) => base.database.inStore(storeId, work);

const ask = (customerId: string, wish: Partial<Preference>) =>
  inStore((tx) =>
    addPreference(tx, { ...NO_PREFERENCE, ...wish, customerId, at: engine.clock.now(), source: 'public' }),
  );

async function due(options: Parameters<typeof buildCampaign>[2] = {}) {
  const campaign = await buildCampaign(base.database, storeId, options);
  await schedule(engine, storeId);
  await inStore((tx) => tx.run(`UPDATE messages SET scheduled_at = '2026-03-02T09:00:00Z' WHERE state = 'scheduled'`));
  engine.clock.set(DUE);
  return campaign;
}

async function states(): Promise<string[]> {
  const rows = await inStore((tx) =>
    tx.rows<{ state: string }>(
      `SELECT concat_ws(' ', m.state, m.state_reason) AS state FROM messages m JOIN customers c ON c.id = m.customer_id
       WHERE m.campaign_id IN (SELECT id FROM campaigns ORDER BY created_at DESC, key DESC LIMIT 1) ORDER BY c.key`,
    ),
  );
  return rows.map(({ state }) => state);
}

test('a mail that waits for its hour does not go to who asked for a pause, fewer mails or no such topic', async () => {
  const campaign = await due({ people: 7 });
  await inStore((tx) =>
    tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, accepted_at, created_at)
       SELECT gen_random_uuid(), $1, $1, id, $1, 'accepted', at, at FROM unnest($2::uuid[], $3::timestamptz[]) AS p (id, at)`,
      [storeId, [3, 4].map(campaign.customerId), [days(-29), days(-31)]],
    ),
  );
  await ask(campaign.customerId(0), { pausedUntil: days(30) });
  await ask(campaign.customerId(1), { topicsOff: ['offers'] });
  await ask(campaign.customerId(2), { topicsOff: ['news'], pausedUntil: days(-1), daysBetween: 30 });
  await ask(campaign.customerId(3), { daysBetween: 30 });
  await ask(campaign.customerId(4), { daysBetween: 30 });
  await ask(campaign.customerId(5), { pausedUntil: days(30) });
  await ask(campaign.customerId(5), {});
  expect(await deliver(engine, storeId)).toMatchObject({ accepted: 4, dropped: 3 });
  expect(await states()).toEqual([
    'dropped asked_pause',
    'dropped asked_topic',
    'accepted',
    'dropped asked_fewer',
    'accepted',
    'accepted',
    'accepted',
  ]);
});

test('a mail that is claimed already does not start after the wish is on record', async () => {
  const campaign = await due({ people: 4 });
  let claims = 0;
  const database = {
    ...base.database,
    inStore: async <Result>(id: string, work: (tx: StoreTransaction) => Promise<Result>): Promise<Result> => {
      // Between the claim and the hand-over, each a transaction of its own.
      const [row] = await inStore((tx) =>
        tx.rows<{ count: number }>(
          `SELECT coalesce(sum(cardinality(message_ids)), 0)::int AS count FROM attempts WHERE outcome IS NULL`,
        ),
      );
      if (row?.count === 4 && claims++ === 0) {
        await ask(campaign.customerId(1), { pausedUntil: days(60) });
        await ask(campaign.customerId(2), { topicsOff: ['offers'] });
      }
      return base.database.inStore(id, work);
    },
  };
  expect(await deliver({ ...engine, database }, storeId)).toMatchObject({ accepted: 2, dropped: 2 });
  expect(claims).toBeGreaterThan(0);
  expect(await states()).toEqual(['accepted', 'dropped asked_pause', 'dropped asked_topic', 'accepted']);
});

test('the language that was asked for decides, before the scheduling and after it', async () => {
  const campaign = await buildCampaign(base.database, storeId, { people: 3 });
  await inStore((tx) =>
    tx.run(
      `INSERT INTO variants (id, store_id, campaign_id, key, language, subject, preheader, content, html, text, writer, created_at)
       SELECT gen_random_uuid(), store_id, campaign_id, key, 'es', 'Hola', '', '{}', html, text, writer, created_at FROM variants`,
    ),
  );
  await ask(campaign.customerId(0), { language: 'es' });
  await schedule(engine, storeId);
  await ask(campaign.customerId(1), { language: 'es' });
  await inStore((tx) => rewordWaiting(tx, campaign.customerId(1), 'es'));
  const rows = await inStore((tx) =>
    tx.rows<{ language: string }>(
      `SELECT v.language FROM messages m JOIN variants v ON v.id = m.variant_id JOIN customers c ON c.id = m.customer_id ORDER BY c.key`,
    ),
  );
  expect(rows.map(({ language }) => language)).toEqual(['es', 'es', 'en']);
});
