import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { changeSettings, loadStore, saveSettings, type StoreSettings } from '../../accounts/index.ts';
import type { StoreTransaction } from '../../database/connect.ts';
import { dueStages } from '../../jobs/due.ts';
import { schedule } from '../../scheduling/index.ts';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  countingProvider,
  createTestDatabase,
  type CountingProvider,
  type TestDatabase,
  type TestEngine,
} from '../../testing/index.ts';
import { deliver, goOnSending, nextDelivery } from '../index.ts';
import { sendingState } from './pace.store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Ten in the morning in Madrid, on the first day of sending */
const MORNING = new Date('2026-03-02T09:00:00Z');

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
  storeId = await buildStore(base.database, { name: `Store ${String(stores++)}` });
  // A pace belongs to a provider's account, and every test has its own.
  provider = countingProvider(50, `counting ${String(stores)}`);
  engine = buildEngine(base.database, { now: '2026-03-01T00:00:00Z', email: provider });
});

const inStore = <Result>(work: (tx: StoreTransaction) => Promise<Result>) => base.database.inStore(storeId, work);

/** People whose mails are all due at ten in the morning. */
async function dueCampaign(people: number, settings: Partial<StoreSettings> = {}) {
  await inStore(async (tx) => saveSettings(tx, { ...(await loadStore(tx)).settings, ...settings }));
  const campaign = await buildCampaign(base.database, storeId, { people, measureUntil: new Date('2026-06-01') });
  await schedule(engine, storeId);
  await inStore((tx) => tx.run('UPDATE messages SET scheduled_at = $1', [MORNING]));
  engine.clock.set(MORNING);
  return campaign;
}

const sent = () => provider.accepted.size;
const inState = async (state: string): Promise<number> => {
  const rows = await inStore((tx) =>
    tx.rows<{ n: number }>('SELECT count(*)::int AS n FROM messages WHERE state = $1', [state]),
  );
  return rows[0]!.n;
};

/** What a provider tells of the first `count` mails that went. */
async function told(kind: 'complaint' | 'bounce' | 'deferred', count: number, email = '%'): Promise<void> {
  await inStore((tx) =>
    tx.run(
      `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id, customer_id, detail)
       SELECT m.store_id, 'counting', gen_random_uuid(), $1, $2, m.id, m.customer_id, '{"permanent":true}'
       FROM messages m JOIN customers c ON c.id = m.customer_id AND c.email LIKE $4
       WHERE m.state = 'accepted' AND NOT EXISTS (SELECT FROM events e WHERE e.message_id = m.id)
       ORDER BY m.accepted_at, m.id LIMIT $3`,
      [kind, engine.clock.now(), count, email],
    ),
  );
}

describe('warm-up', () => {
  test('a new domain’s mails go day by day, the people who answer best first, and none fails', async () => {
    const campaign = await dueCampaign(1000, { warmUp: true });
    const best = Array.from({ length: 300 }, (_, i) => campaign.customerId(999 - i));
    await inStore((tx) =>
      tx.run(`UPDATE customer_totals SET last_order_at = '2026-02-20' WHERE customer_id = ANY ($1)`, [best]),
    );
    await deliver(engine, storeId);
    expect(sent()).toBe(300);
    const went = await inStore((tx) =>
      tx.rows<{ id: string }>(`SELECT customer_id AS id FROM messages WHERE state = 'accepted'`),
    );
    expect(new Set(went.map(({ id }) => id))).toEqual(new Set(best));
    // Nothing is due any more today, and the rest keeps its hour.
    expect(await dueStages(engine, storeId)).not.toContain('delivery');
    expect(await nextDelivery(engine, storeId)).toEqual(new Date(MORNING.getTime() + DAY));
    const perDay = [300];
    for (let day = 1; (await inState('scheduled')) > 0; day++) {
      engine.clock.set(new Date(MORNING.getTime() + day * DAY));
      expect(await dueStages(engine, storeId)).toContain('delivery');
      await deliver(engine, storeId);
      perDay.push(sent() - perDay.reduce((a, b) => a + b, 0));
    }
    expect(perDay).toEqual([300, 360, 340]);
    expect(await inState('accepted')).toBe(1000);
  });

  test('two deliveries at once do not send more than the day allows', async () => {
    await dueCampaign(700, { warmUp: true });
    await Promise.all([deliver(engine, storeId), deliver(engine, storeId), deliver(engine, storeId)]);
    expect(sent()).toBe(300);
  });

  test('a merchant who says that the domain is known is believed at once', async () => {
    await dueCampaign(400, { warmUp: true });
    await deliver(engine, storeId);
    expect(sent()).toBe(300);
    const { settings, sender } = await inStore(loadStore);
    await changeSettings(engine, storeId, { settings: { ...settings, warmUp: false }, sender }, 'user:1');
    await inStore((tx) => tx.run('UPDATE messages SET not_before = NULL'));
    await deliver(engine, storeId);
    expect(sent()).toBe(400);
  });
});

describe('complaints and bounces', () => {
  test('one complaint of twenty stops nobody', async () => {
    await dueCampaign(40);
    await inStore((tx) =>
      tx.run(`UPDATE messages SET not_before = $1 WHERE id > '80000000-0000-0000-0000-000000000000'`, [
        new Date(MORNING.getTime() + HOUR),
      ]),
    );
    await deliver(engine, storeId);
    await told('complaint', 1);
    engine.clock.advance(HOUR);
    await deliver(engine, storeId);
    expect(sent()).toBe(40);
  });

  test('a store that people complain about stops, says why, and goes on when a person says so', async () => {
    await dueCampaign(600);
    const later = new Date(MORNING.getTime() + HOUR);
    await inStore((tx) =>
      tx.run(`UPDATE messages SET not_before = $1 WHERE id > '80000000-0000-0000-0000-000000000000'`, [later]),
    );
    await deliver(engine, storeId);
    const first = sent();
    await told('complaint', 5);
    engine.clock.set(later);
    await deliver(engine, storeId);
    expect(sent()).toBe(first);
    const state = await inStore((tx) => sendingState(tx, { hold: false }));
    expect(state.health).toEqual({
      state: 'stopped',
      reason: { cause: 'complaints', count: 5, sent: first, bound: 0.003 },
    });
    expect(engine.lines).toContain('error a store may send no more until a person lets it go on');
    // It is not looked at every five seconds while it stands.
    expect(await dueStages(engine, storeId)).not.toContain('delivery');
    expect(await nextDelivery(engine, storeId)).toBeNull();
    expect(await inState('scheduled')).toBe(600 - first);

    engine.clock.advance(DAY);
    await goOnSending(engine, storeId, 'user:7');
    await expect(goOnSending(engine, storeId, 'user:7')).rejects.toMatchObject({ code: 'wrong_state' });
    await deliver(engine, storeId);
    expect(sent()).toBe(600);
    const noted = await inStore((tx) => tx.rows('SELECT actor, action FROM audit_entries'));
    expect(noted).toEqual([{ actor: 'user:7', action: 'sending.resumed' }]);
  });

  test('hard bounces slow a store down to a quarter of its busiest day, and it recovers by itself', async () => {
    await dueCampaign(1600);
    const tomorrow = new Date(MORNING.getTime() + DAY);
    await inStore((tx) =>
      tx.run(`UPDATE messages SET not_before = $1 WHERE id > '80000000-0000-0000-0000-000000000000'`, [tomorrow]),
    );
    await deliver(engine, storeId);
    const first = sent();
    await told('bounce', Math.ceil(first * 0.03));
    engine.clock.set(tomorrow);
    await deliver(engine, storeId);
    expect(sent() - first).toBe(Math.ceil(first / 4));
    expect((await inStore((tx) => sendingState(tx, { hold: false }))).health.state).toBe('slowed');
    expect(await dueStages(engine, storeId)).not.toContain('delivery');
    // Eight days later the bounces do not count any more.
    engine.clock.set(new Date(MORNING.getTime() + 8 * DAY));
    await deliver(engine, storeId);
    expect([sent(), await inState('scheduled')]).toEqual([1600, 0]);
  });
});

test('a limit of mails an hour holds, however many deliver', async () => {
  await dueCampaign(300, { hourlyLimit: 120 });
  for (let minute = 0; minute < 60; minute++) {
    await Promise.all([deliver(engine, storeId), deliver(engine, storeId)]);
    expect(sent()).toBeLessThanOrEqual((minute + 1) * 2);
    engine.clock.advance(60_000);
  }
  expect(sent()).toBe(120);
});

test('mailboxes that put mails off get them slower; nobody else waits', async () => {
  await dueCampaign(2000);
  await inStore((tx) =>
    tx.run(`UPDATE customers SET email = replace(email, '@example.com', '@gmail.com') WHERE right(key, 1) < '5'`),
  );
  const later = new Date(MORNING.getTime() + HOUR);
  await inStore((tx) =>
    tx.run(`UPDATE messages SET not_before = $1 WHERE id > '80000000-0000-0000-0000-000000000000'`, [later]),
  );
  await deliver(engine, storeId);
  const gmail = () => [...provider.mails.keys()].filter((email) => email.endsWith('@gmail.com')).length;
  const [all, slow] = [sent(), gmail()];
  engine.clock.set(new Date(later.getTime() - 60_000));
  await told('deferred', 100, '%gmail.com');
  engine.clock.set(later);
  await deliver(engine, storeId);
  const others = 1000 - (all - slow);
  expect(gmail()).toBe(slow);
  expect(sent() - all).toBe(others);
  // It goes on a little at a time, more from time to time, and in the end all of it.
  const went: number[] = [];
  for (let turn = 0; turn < 8; turn++) {
    engine.clock.advance(10 * 60_000);
    const before = gmail();
    await deliver(engine, storeId);
    went.push(gmail() - before);
  }
  expect(Math.max(...went)).toBeLessThan(500 - went.reduce((a, b) => a + b, 0));
  expect(went.every((count) => count > 0)).toBe(true);
  engine.clock.advance(HOUR);
  await deliver(engine, storeId);
  expect([gmail(), sent()]).toEqual([1000, 2000]);
});

describe('a provider’s limit', () => {
  test('is kept by all who send, without a storm', async () => {
    const LIMIT = 5;
    let window = 0;
    let used = 0;
    let refused = 0;
    provider = countingProvider(2, 'limited');
    engine = buildEngine(base.database, { now: '2026-03-01T00:00:00Z', email: provider });
    provider.behave = () => {
      const second = Math.floor(engine.clock.now().getTime() / 1000);
      if (second !== window) [window, used] = [second, 0];
      if (++used <= LIMIT) return { kind: 'accept' };
      refused++;
      return { kind: 'later', retryAfterSeconds: 1 };
    };
    await dueCampaign(600);
    let seconds = 0;
    for (; (await inState('scheduled')) > 0; seconds++) {
      expect(seconds).toBeLessThan(2000);
      await Promise.all([deliver(engine, storeId), deliver(engine, storeId), deliver(engine, storeId)]);
      engine.clock.advance(1000);
    }
    expect(await inState('accepted')).toBe(600);
    // Each refusal is a step back for everybody; at most a handful were under way at one.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(30);
  });

  test('an empty window is waited for before anybody is refused', async () => {
    let used = 0;
    provider = countingProvider(2, 'tells its room');
    const send = provider.send.bind(provider);
    provider.send = async (batch) => {
      const left = 2 - (++used % 3);
      const result = await send(batch);
      return result.outcome === 'accepted' ? { ...result, room: { requests: left, seconds: 10 } } : result;
    };
    engine = buildEngine(base.database, { now: '2026-03-01T00:00:00Z', email: provider });
    await dueCampaign(20);
    const report = await deliver(engine, storeId);
    expect(sent()).toBe(4);
    expect(report).toMatchObject({ blocked: true, waitMs: 10_000 });
    engine.clock.advance(9000);
    await deliver(engine, storeId);
    expect(sent()).toBe(4);
    engine.clock.advance(1000);
    await deliver(engine, storeId);
    expect(sent()).toBe(10);
  });
});
