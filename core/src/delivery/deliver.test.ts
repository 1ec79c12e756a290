import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { addressHash, suppress, unsubscribe } from '../consent/index.ts';
import type { Database, StoreTransaction } from '../database/connect.ts';
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
import { deliver, nextDelivery, readLink } from './index.ts';

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
  provider = countingProvider(10, `counting ${String(stores)}`);
  engine = buildEngine(base.database, { now: '2026-03-01T00:00:00Z', email: provider });
});

const inStore = <Result>(work: (tx: StoreTransaction) => Promise<Result>) => base.database.inStore(storeId, work);

/** A campaign whose messages are all due at `now`, eleven in the morning in Madrid. */
async function dueCampaign(options: Parameters<typeof buildCampaign>[2] = {}) {
  const campaign = await buildCampaign(base.database, storeId, options);
  engine.clock.set('2026-03-01T00:00:00Z');
  await schedule(engine, storeId);
  await inStore((tx) => tx.run(`UPDATE messages SET scheduled_at = '2026-03-02T09:00:00Z' WHERE state = 'scheduled'`));
  engine.clock.set('2026-03-02T10:00:00Z');
  return campaign;
}

const states = () =>
  inStore(async (tx) => {
    const rows = await tx.rows<{ key: string; state: string; reason: string | null }>(
      `SELECT c.key, m.state, m.state_reason AS reason FROM messages m JOIN customers c ON c.id = m.customer_id ORDER BY length(c.key), c.key`,
    );
    return rows.map((row) => (row.reason === null ? row.state : `${row.state} ${row.reason}`));
  });
const campaignState = (id: string) =>
  inStore(
    async (tx) => (await tx.rows<{ state: string }>('SELECT state FROM campaigns WHERE id = $1', [id]))[0]?.state,
  );

describe('delivery', () => {
  test('counts what became of the mails and what the provider answered', async () => {
    await dueCampaign({ people: 25 });
    const counted: [string, Record<string, string>, number | undefined][] = [];
    const meter = {
      count: (name: string, labels: Record<string, string>, by?: number) => counted.push([name, labels, by]),
      time: () => undefined,
    };
    await deliver({ ...engine, meter }, storeId);
    const sum = (name: string) => counted.filter(([one]) => one === name).reduce((all, [, , by]) => all + (by ?? 1), 0);
    expect(sum('messages')).toBe(25);
    expect(counted).toContainEqual(['messages', { outcome: 'accepted' }, 10]);
    expect(sum('provider_answers')).toBe(3);
  });

  test('hands over what is due, once, with the attempt on record before the bytes leave', async () => {
    const campaign = await dueCampaign({ people: 25, variants: ['a', 'b'] });
    const seen: number[] = [];
    provider.behave = async (batch) => {
      // From another connection: it sees only what is committed.
      const rows = await inStore((tx) =>
        tx.rows<{ state: string }>(
          `SELECT m.state FROM attempts a JOIN messages m ON m.id = ANY (a.message_ids) WHERE a.id = $1 AND a.outcome IS NULL`,
          [batch.batchId],
        ),
      );
      expect(rows.every((row) => row.state === 'scheduled')).toBe(true);
      seen.push(rows.length);
      return { kind: 'accept' };
    };
    const report = await deliver(engine, storeId);
    expect(report).toMatchObject({
      accepted: 25,
      refused: 0,
      inDoubt: 0,
      dropped: 0,
      batches: 4,
      finished: 1,
      blocked: false,
    });
    expect(seen.toSorted((a, b) => a - b)).toEqual([2, 3, 10, 10]);
    expect([...provider.accepted.values()]).toEqual(Array.from({ length: 25 }, () => 1));
    for (const batch of provider.requests)
      expect(new Set(batch.recipients.map((one) => one.messageId)).size).toBe(batch.recipients.length);
    expect(await campaignState(campaign.id)).toBe('measuring');
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, batches: 0 });
    const attempts = await inStore((tx) =>
      tx.rows(
        `SELECT DISTINCT m.token, a.outcome, a.status FROM messages m JOIN attempts a ON a.id = m.attempt_id AND m.id = ANY (a.message_ids)`,
      ),
    );
    expect(attempts).toEqual([{ token: 1, outcome: 'accepted', status: 202 }]);
  });

  test('does nothing before a message is due', async () => {
    await buildCampaign(base.database, storeId, { people: 3 });
    await schedule(engine, storeId);
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, finished: 0 });
    const next = await nextDelivery(engine, storeId);
    engine.clock.set(next as Date);
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 1 });
  });

  test('every mail can be left with one click, and its links are ours', async () => {
    const campaign = await dueCampaign({ people: 1 });
    await deliver(engine, storeId);
    const mail = provider.mails.get(campaign.email(0));
    const link = /^<https:\/\/mail\.example\/u\/([^>]+)>$/.exec(mail?.headers['List-Unsubscribe'] ?? '');
    expect(readLink(engine.keys, 'unsubscribe', link?.[1] ?? '')).toEqual({
      kind: 'unsubscribe',
      storeId,
      messageId: mail?.messageId,
      customerId: campaign.customerId(0),
    });
    expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    const click = mail?.gaps.find((gap) => gap.startsWith('https://mail.example/c/')) ?? '';
    expect(readLink(engine.keys, 'click', click.split('/c/')[1] ?? '')).toMatchObject({ url: 'https://shop.example' });
    expect(JSON.stringify(mail?.gaps)).toContain('Person 0');
    expect(mail?.batch.from).toEqual({ email: 'hello@shop.example', name: expect.stringContaining('Store') as string });
  });

  test('a store that does not track gets plain links and no pixel', async () => {
    const campaign = await dueCampaign({ people: 1 });
    await inStore((tx) => tx.run(`UPDATE stores SET settings = '{"tracking": {"opens": false, "clicks": false}}'`));
    await deliver(engine, storeId);
    const gaps = provider.mails.get(campaign.email(0))?.gaps.join(' ') ?? '';
    expect(gaps).toContain('https://shop.example');
    expect(gaps).not.toMatch(/\/c\/|\/o\//);
  });
});

describe('the last checks', () => {
  test('drop with a reason whatever changed since the plan', async () => {
    const campaign = await dueCampaign({ people: 10 });
    await inStore(async (tx) => {
      const person = (number: number) => campaign.customerId(number);
      await tx.run(`UPDATE customers SET email = NULL WHERE id = $1`, [person(0)]);
      await tx.run(`UPDATE customers SET email = 'not an address@nowhere' WHERE id = $1`, [person(1)]);
      await tx.run(`DELETE FROM customers WHERE id = $1`, [person(2)]);
      const hash = addressHash(engine.keys, storeId, campaign.email(3));
      await suppress(tx, [{ addressHash: hash, reason: 'hard_bounce', at: new Date(0), source: 'test' }]);
      const wish = { at: new Date('2026-03-01T01:00:00Z'), source: 'crm' };
      await tx.run(
        `INSERT INTO consents (store_id, customer_id, state, basis, at, source) VALUES ($1, $2, 'unsubscribed', 'none', $3, 'crm')`,
        [storeId, person(4), wish.at],
      );
      await tx.run(`UPDATE customers SET country = 'PL' WHERE id = $1`, [person(5)]);
      await tx.run(`UPDATE customers SET country = 'CA' WHERE id = $1`, [person(6)]);
      await tx.run(`UPDATE customer_totals SET last_order_at = '2023-01-01' WHERE customer_id = $1`, [person(6)]);
      await tx.run(`UPDATE customer_totals SET last_order_at = '2026-03-01T18:00:00Z' WHERE customer_id = $1`, [
        person(7),
      ]);
      await tx.run(`UPDATE customers SET email = $2 WHERE id = $1`, [person(8), campaign.email(9)]);
    });
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 1, dropped: 9, finished: 1 });
    const reasons = await inStore((tx) =>
      tx.rows<{ reason: string | null }>(
        `SELECT state_reason AS reason FROM messages WHERE state = 'dropped' ORDER BY state_reason`,
      ),
    );
    expect(reasons.map((row) => row.reason)).toEqual([
      'bad_address',
      'consent_expired',
      'erased',
      'no_consent',
      'no_email',
      'ordered_since',
      'same_address',
      'suppressed',
      'unsubscribed',
    ]);
  });

  test('the cap holds over campaigns, also when two workers send both at once', async () => {
    for (const key of ['one', 'two', 'three']) await dueCampaign({ key, people: 30 });
    await inStore((tx) => tx.run(`UPDATE stores SET settings = '{"cap": {"messages": 1, "days": 7}}'`));
    await Promise.all([1, 2, 3].map(() => deliver(engine, storeId)));
    await deliver(engine, storeId);
    const rows = await inStore((tx) =>
      tx.rows<{ mails: number }>(
        `SELECT count(*) FILTER (WHERE state = 'accepted')::int AS mails FROM messages GROUP BY customer_id`,
      ),
    );
    expect(rows.map((row) => row.mails)).toEqual(Array.from({ length: 30 }, () => 1));
    expect(provider.accepted.size).toBe(30);
    // A week on there is room again.
    engine.clock.set('2026-03-10T10:00:00Z');
    await dueCampaign({ key: 'four', people: 30 });
    engine.clock.set('2026-03-10T10:00:00Z');
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 30 });
  });

  test('nothing starts in the recipient’s night, however late it is', async () => {
    await dueCampaign({ people: 2 });
    engine.clock.set('2026-03-02T22:00:00Z');
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, postponed: 2 });
    expect(await nextDelivery(engine, storeId)).toEqual(new Date('2026-03-03T07:00:00Z'));
    engine.clock.set('2026-03-03T07:00:00Z');
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 2 });
  });

  test('a paused campaign stands still, a cancelled one never goes on', async () => {
    const campaign = await dueCampaign({ people: 3 });
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'paused'`));
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, dropped: 0, finished: 0 });
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'cancelled'`));
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, dropped: 3 });
    expect(await states()).toEqual(Array.from({ length: 3 }, () => 'dropped cancelled'));
    expect(await campaignState(campaign.id)).toBe('cancelled');
  });

  test('a template that cannot be used is refused, and nobody else waits for it', async () => {
    await dueCampaign({ key: 'bad', people: 2 });
    await inStore((tx) => tx.run(`UPDATE variants SET html = '{% include "secrets" %}'`));
    await dueCampaign({ key: 'good', people: 2 });
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 2, refused: 2, finished: 2 });
    expect(engine.lines.join()).toMatch(/cannot be used/);
  });
});

describe('what the provider answers', () => {
  test('"later" goes again when it said, and nothing else is tried until then', async () => {
    await dueCampaign({ people: 30 });
    provider.behave = () => ({ kind: 'later', retryAfterSeconds: 90 });
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, retried: 10, blocked: true });
    expect(provider.requests).toHaveLength(1);
    provider.behave = () => ({ kind: 'accept' });
    engine.clock.advance(60_000);
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, blocked: true, waitMs: 30_000 });
    engine.clock.advance(30_000);
    // And then at the pace that was found, not all at once.
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 10, finished: 0, blocked: true });
    for (let second = 0; second < 10; second++) {
      engine.clock.advance(1000);
      await deliver(engine, storeId);
    }
    expect(await states()).toEqual(Array.from({ length: 30 }, () => 'accepted'));
    expect([...provider.accepted.values()].every((count) => count === 1)).toBe(true);
  });

  test('"never" is not for ever', async () => {
    await dueCampaign({ people: 1 });
    provider.behave = () => ({ kind: 'later' });
    for (let hour = 0; hour < 12; hour++) {
      await deliver(engine, storeId);
      engine.clock.advance(3_600_000);
    }
    for (let day = 0; day < 4; day++) {
      engine.clock.set(new Date(Date.UTC(2026, 2, 5 + day, 10)));
      await deliver(engine, storeId);
    }
    expect(await states()).toEqual(['refused too_many_attempts']);
  });

  test('one recipient whom the provider will not have does not keep the others from theirs', async () => {
    provider = countingProvider(100, storeId);
    engine = buildEngine(base.database, { email: provider });
    const campaign = await dueCampaign({ people: 64 });
    provider.behave = (batch) =>
      batch.recipients.some((one) => one.email === campaign.email(17)) ? { kind: 'refuse' } : { kind: 'accept' };
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 63, refused: 1, finished: 1 });
    expect((await states())[17]).toBe('refused provider_refused');
    expect(provider.requests).toHaveLength(13);
  });

  test('in doubt is never sent again; word from the provider settles it', async () => {
    const campaign = await dueCampaign({ people: 20 });
    let request = 0;
    provider.behave = () => (request++ === 0 ? { kind: 'lost', accept: true } : { kind: 'throw' });
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, inDoubt: 20, finished: 0 });
    engine.clock.advance(60_000);
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, batches: 0, finished: 0 });
    // Word comes of the first request's mails, not of the second's.
    const [first] = provider.requests;
    await inStore((tx) =>
      tx.run(
        `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id)
         SELECT $1, 'counting', id::text, 'processed', $3, id FROM unnest($2::uuid[]) AS e (id)`,
        [storeId, first?.recipients.map((one) => one.messageId), engine.clock.now()],
      ),
    );
    expect(await deliver(engine, storeId)).toMatchObject({ settled: 10, finished: 0 });
    engine.clock.advance(24 * 3_600_000);
    expect(await deliver(engine, storeId)).toMatchObject({ givenUp: 10, finished: 1 });
    expect((await states()).toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => 'accepted'),
      ...Array.from({ length: 10 }, () => 'dropped in_doubt_expired'),
    ]);
    expect(await campaignState(campaign.id)).toBe('measuring');
    expect([...provider.accepted.values()].every((count) => count === 1)).toBe(true);
    expect(engine.lines.join()).toMatch(/given up/);
  });
});

/** A worker that stops before the n-th transaction of its run until it is let go. */
function pausedBefore(transaction: number): { database: Database; reached: Promise<void>; letGo: () => void } {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let count = 0;
  return {
    reached: reached.promise,
    letGo: gate.resolve,
    database: {
      ...base.database,
      inStore: async (id, work) => {
        if (++count === transaction) {
          reached.resolve();
          await gate.promise;
        }
        return base.database.inStore(id, work);
      },
    },
  };
}
// A run's transactions: 1 reconcile, 2 claim, 3 hand over, 4 settle.

test('a long delivery takes up what a killed worker left, before it ends', async () => {
  await dueCampaign({ people: 35 });
  await inStore((tx) =>
    tx.run(
      `INSERT INTO attempts (id, store_id, campaign_id, provider, message_ids, started_at, lease_until)
       SELECT gen_random_uuid(), store_id, campaign_id, 'counting', array_agg(id), $1, $1::timestamptz + interval '1 second'
       FROM (SELECT * FROM messages ORDER BY id LIMIT 5) five GROUP BY store_id, campaign_id`,
      [engine.clock.now()],
    ),
  );
  const claimed: number[] = [];
  provider.behave = async () => {
    const rows = await inStore((tx) =>
      tx.rows(`SELECT FROM attempts WHERE outcome IS NULL AND cardinality(message_ids) = 5`),
    );
    claimed.push(rows.length);
    engine.clock.advance(3000);
    return { kind: 'accept' };
  };
  expect(await deliver(engine, storeId)).toMatchObject({ accepted: 30, expired: 5 });
  // The second request may be on its way before what was left is taken up; a later one is not.
  expect(claimed[0]).toBe(1);
  expect(claimed).toContain(0);
});

describe('a worker that falls asleep', () => {
  test('between claim and hand-over: wakes after its lease, sends nothing on the old claim, loses nothing', async () => {
    await dueCampaign({ people: 5 });
    const sleeper = pausedBefore(3);
    const run = deliver({ ...engine, database: sleeper.database }, storeId);
    await sleeper.reached;
    engine.clock.advance(11_000);
    expect(await deliver(engine, storeId)).toMatchObject({ expired: 5, batches: 0 });
    expect(await states()).toEqual(Array.from({ length: 5 }, () => 'in_doubt'));
    sleeper.letGo();
    expect(await run).toMatchObject({ released: 5, accepted: 5 });
    expect([...provider.accepted.values()]).toEqual([1, 1, 1, 1, 1]);
  });

  test('while the request is under way: its answer still counts, nobody sent a second copy', async () => {
    await dueCampaign({ people: 5 });
    const sleeper = pausedBefore(4);
    const run = deliver({ ...engine, database: sleeper.database }, storeId);
    await sleeper.reached;
    engine.clock.advance(11_000);
    expect(await deliver(engine, storeId)).toMatchObject({ expired: 5, batches: 0, finished: 0 });
    sleeper.letGo();
    expect(await run).toMatchObject({ accepted: 5 });
    expect(await states()).toEqual(Array.from({ length: 5 }, () => 'accepted'));
    expect([...provider.accepted.values()]).toEqual([1, 1, 1, 1, 1]);
  });

  test('who lost the claim writes nothing', async () => {
    await dueCampaign({ people: 5 });
    const sleeper = pausedBefore(4);
    const run = deliver({ ...engine, database: sleeper.database }, storeId);
    await sleeper.reached;
    // Somebody else has said what became of it, and the messages are free again.
    await inStore((tx) => tx.run(`UPDATE attempts SET outcome = 'refused'`));
    await inStore((tx) => tx.run(`UPDATE messages SET token = token + 1`));
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'paused'`));
    sleeper.letGo();
    expect(await run).toMatchObject({ accepted: 0 });
    expect(await states()).toEqual(Array.from({ length: 5 }, () => 'scheduled'));
    // Nor where the claim is its own, but the messages were claimed once more since.
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'running'`));
    const other = pausedBefore(4);
    const second = deliver({ ...engine, database: other.database }, storeId);
    await other.reached;
    await inStore((tx) => tx.run(`UPDATE messages SET token = token + 1`));
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'paused'`));
    other.letGo();
    expect(await second).toMatchObject({ accepted: 0 });
    expect(await states()).toEqual(Array.from({ length: 5 }, () => 'scheduled'));
  });

  test('what is refused, paused or unsubscribed meanwhile does not go', async () => {
    const campaign = await dueCampaign({ people: 5 });
    const sleeper = pausedBefore(3);
    const run = deliver({ ...engine, database: sleeper.database }, storeId);
    await sleeper.reached;
    await inStore((tx) =>
      unsubscribe(engine.keys, tx, { customerId: campaign.customerId(2), at: engine.clock.now(), source: 'public' }),
    );
    sleeper.letGo();
    expect(await run).toMatchObject({ accepted: 4, dropped: 1 });
    expect((await states())[2]).toBe('dropped unsubscribed');
    expect(provider.accepted.size).toBe(4);
  });

  test('a campaign paused meanwhile keeps its messages', async () => {
    await dueCampaign({ people: 5 });
    const sleeper = pausedBefore(3);
    const run = deliver({ ...engine, database: sleeper.database }, storeId);
    await sleeper.reached;
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'paused'`));
    sleeper.letGo();
    expect(await run).toMatchObject({ accepted: 0, released: 5 });
    expect(provider.requests).toHaveLength(0);
    await inStore((tx) => tx.run(`UPDATE campaigns SET state = 'running'`));
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 5 });
  });

  test('an unsubscription waits for a mail that is just starting, so that none starts after it is acknowledged', async () => {
    const campaign = await dueCampaign({ people: 3 });
    const order: string[] = [];
    let wish: Promise<unknown> | undefined;
    const slow: Database = {
      ...base.database,
      inStore: (id, work) =>
        base.database.inStore(id, async (tx) => {
          const before = provider.requests.length;
          const result = await work(tx);
          // The request has started, its transaction not ended: now somebody unsubscribes.
          if (provider.requests.length > before) {
            order.push('started');
            wish = inStore((other) =>
              unsubscribe(engine.keys, other, {
                customerId: campaign.customerId(0),
                at: engine.clock.now(),
                source: 'public',
              }),
            ).then(() => order.push('acknowledged'));
            await waitsForLock();
            order.push('end of start');
          }
          return result;
        }),
    };
    await deliver({ ...engine, database: slow }, storeId);
    await wish;
    expect(order).toEqual(['started', 'end of start', 'acknowledged']);
  });

  /** Until some connection of this database waits for a lock. */
  async function waitsForLock(): Promise<void> {
    for (;;) {
      const rows = await inStore((tx) =>
        tx.rows(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`),
      );
      if (rows.length > 0) return;
    }
  }
});
