/**
 * Exactly once under everything that goes wrong at once: several workers, a provider that refuses, breaks off and takes
 * mails without saying so, and workers that die at any point between two transactions. Counted at the provider, never in
 * our own tables. The same harness must catch two well-known ways of doing it wrong.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Database, StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import type { Random } from '../ports.ts';
import { seededRandom } from '../random.ts';
import { schedule } from '../scheduling/index.ts';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  countingProvider,
  createTestDatabase,
  type Behaviour,
  type CountingProvider,
  type TestDatabase,
} from '../testing/index.ts';
import { deliver, nextDelivery } from './index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

class Killed extends Error {}

/** A worker's database that dies, once in a while, before a transaction or right after it was committed. */
function mortal(random: Random, share: number): Database {
  return {
    ...base.database,
    inStore: async (id, work) => {
      if (random.next() < share) throw new Killed();
      const result = await base.database.inStore(id, work);
      if (random.next() < share) throw new Killed();
      return result;
    },
  };
}

function misbehaving(random: Random): () => Behaviour {
  return () => {
    const draw = random.next();
    if (draw < 0.05) return { kind: 'later', retryAfterSeconds: 1 };
    if (draw < 0.15) return { kind: 'lost', accept: true };
    if (draw < 0.2) return { kind: 'lost', accept: false };
    if (draw < 0.25) return { kind: 'throw' };
    return { kind: 'accept' };
  };
}

interface Tally {
  messages: number;
  duplicated: number;
  /** Taken by the provider and not so in the ledger, or the other way round */
  wrong: number;
  /** Given up in doubt although the provider had nothing: the price of never sending twice */
  givenUp: number;
  kills: number;
}

/** Runs a campaign to its end; `betweenRounds` is where a broken variant does its harm. */
async function runCampaign(
  seed: number,
  given: { eventsReach: number; betweenRounds?: (tx: StoreTransaction) => Promise<unknown> },
): Promise<Tally> {
  const random = seededRandom(`chaos ${String(seed)} ${String(given.eventsReach)} ${String(given.betweenRounds)}`);
  const storeId = await buildStore(base.database, { name: random.uuid() });
  const provider = countingProvider(7);
  const engine = buildEngine(base.database, { now: '2026-03-02T00:00:00Z', email: provider });
  await buildCampaign(base.database, storeId, {
    people: 300,
    variants: ['a', 'b'],
    plannedAt: engine.clock.now(),
    sendUntil: new Date('2026-03-03T00:00:00Z'),
  });
  await base.database.inStore(storeId, (tx) =>
    tx.run(`UPDATE stores SET settings = '{"quietHours": {"from": 0, "to": 0}}'`),
  );
  await schedule(engine, storeId);
  provider.behave = misbehaving(random.fork('provider'));
  const kills = random.fork('kills');
  let killed = 0;
  const worker = async (): Promise<void> => {
    const mine: Engine = { ...engine, database: mortal(kills, 0.05) };
    await deliver(mine, storeId).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      killed++;
    });
  };
  // Everything is due.
  engine.clock.set('2026-03-03T00:00:00Z');
  for (let round = 0; round < 200; round++) {
    await Promise.all([worker(), worker(), worker()]);
    await tell(storeId, provider, random, given.eventsReach);
    if (given.betweenRounds) await base.database.inStore(storeId, given.betweenRounds);
    if ((await openMessages(storeId)) === 0) break;
    const next = await nextDelivery(engine, storeId);
    engine.clock.set(new Date(Math.max(engine.clock.now().getTime() + 60_000, next?.getTime() ?? 0)));
  }
  // Events that were late come in after all: they set right what was given up.
  if (given.eventsReach > 0) {
    await tell(storeId, provider, random, 1);
    await deliver(engine, storeId);
  }
  return { ...(await tally(storeId, provider)), kills: killed };
}

/** The provider's events about some of what it took come in. */
async function tell(storeId: string, provider: CountingProvider, random: Random, share: number): Promise<void> {
  const ids = [...provider.accepted.keys()].filter(() => random.next() < share);
  await base.database.inStore(storeId, (tx) =>
    tx.run(
      `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id)
       SELECT $1, 'counting', id::text, 'processed', '2026-03-02T12:00:00Z', id FROM unnest($2::uuid[]) AS e (id) ON CONFLICT DO NOTHING`,
      [storeId, ids],
    ),
  );
}

async function openMessages(storeId: string): Promise<number> {
  return base.database.inStore(storeId, async (tx) => {
    const rows = await tx.rows<{ open: number }>(
      `SELECT count(*)::int AS open FROM messages WHERE state IN ('scheduled', 'in_doubt')`,
    );
    return rows[0]?.open ?? 0;
  });
}

async function tally(storeId: string, provider: CountingProvider): Promise<Omit<Tally, 'kills'>> {
  // Unsent at the end is not lost: everything must have come to an end first.
  expect(await openMessages(storeId)).toBe(0);
  const rows = await base.database.inStore(storeId, (tx) =>
    tx.rows<{ id: string; state: string; state_reason: string | null }>('SELECT id, state, state_reason FROM messages'),
  );
  const taken = (id: string): boolean => provider.accepted.has(id);
  return {
    messages: rows.length,
    duplicated: [...provider.accepted.values()].filter((count) => count > 1).length,
    wrong: rows.filter((row) => (row.state === 'accepted') !== taken(row.id)).length,
    givenUp: rows.filter((row) => row.state_reason === 'in_doubt_expired' && !taken(row.id)).length,
  };
}

describe('under faults, kills and company', () => {
  test.each([1, 2])('nothing is sent twice and the ledger is right (seed %i)', async (seed) => {
    const result = await runCampaign(seed, { eventsReach: 0.5 });
    expect(result).toMatchObject({ messages: 300, duplicated: 0, wrong: 0 });
    // The harness did hit the middle of sending.
    expect(result.kills).toBeGreaterThan(3);
    expect(result.givenUp).toBeLessThan(150);
  });

  test('also where the provider’s events never come', async () => {
    const result = await runCampaign(4, { eventsReach: 0 });
    expect(result.duplicated).toBe(0);
    // Without word nobody can know: given up, although the provider had them.
    expect(result.wrong).toBeGreaterThan(0);
  });

  test('positive control: sending again what is in doubt is caught', async () => {
    const result = await runCampaign(5, {
      eventsReach: 0.1,
      betweenRounds: (tx) => tx.run(`UPDATE messages SET state = 'scheduled' WHERE state = 'in_doubt'`),
    });
    expect(result.duplicated).toBeGreaterThan(0);
  });

  test('positive control: taking a claim for a sending is caught', async () => {
    const result = await runCampaign(6, {
      eventsReach: 0.1,
      betweenRounds: (tx) =>
        tx.run(
          `UPDATE messages SET state = 'accepted'
           WHERE state = 'in_doubt' OR id IN (SELECT unnest(message_ids) FROM attempts WHERE outcome IS NULL)`,
        ),
    });
    expect(result.wrong).toBeGreaterThan(0);
  });
});
