import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../campaigns/index.ts';
import { deliver } from '../delivery/index.ts';
import { unsubscribe } from '../consent/index.ts';
import { playbookWriter } from '../generation/index.ts';
import { dueStages } from '../jobs/due.ts';
import { runStage } from '../jobs/run.ts';
import { draw, measure } from '../measurement/index.ts';
import { explain } from '../replay/index.ts';
import { schedule } from '../scheduling/index.ts';
import {
  buildEngine,
  buildJourneyStore,
  countingProvider,
  createTestDatabase,
  type BuiltJourneyStore,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import { RECIPES, runJourneys, switchOnJourney } from './index.ts';

const NOW = new Date('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

interface Walk {
  engine: TestEngine;
  shop: BuiltJourneyStore;
  run: string;
}

async function open(name: string, options: Parameters<typeof buildJourneyStore>[1] = {}): Promise<Walk> {
  const engine = buildEngine(db.database, { now: NOW, email: countingProvider(), writer: playbookWriter });
  const shop = await buildJourneyStore(engine, { name, ...options });
  return { engine, shop, run: await shop.runId('slipping-away') };
}

async function switchedOn(name: string, options: Parameters<typeof buildJourneyStore>[1] = {}): Promise<Walk> {
  const walk = await open(name, options);
  await switchOnJourney(walk.engine, walk.shop.storeId, walk.run, 'user:1');
  return walk;
}

/** Lives on by half days: walk, plan, send. */
async function live({ engine, shop }: Walk, days: number): Promise<void> {
  for (const until = engine.clock.now().getTime() + days * DAY; engine.clock.now().getTime() < until;) {
    engine.clock.advance(12 * HOUR);
    await runJourneys(engine, shop.storeId);
    await schedule(engine, shop.storeId);
    await deliver(engine, shop.storeId);
  }
}

interface Place {
  number: string;
  occurrence: number;
  arm: string;
  state: string;
  step: string;
  end_reason: string | null;
  draw: number;
}

const places = ({ engine, shop }: Walk): Promise<Place[]> =>
  engine.database.inStore(shop.storeId, (tx) =>
    tx.rows<Place>(
      `SELECT substr(c.key, 5) AS number, e.occurrence, e.arm, e.state, e.step, e.end_reason, e.draw
       FROM enrolments e JOIN customers c ON c.id = e.customer_id ORDER BY c.key, e.occurrence`,
    ),
  );

const mails = ({
  engine,
  shop,
}: Walk): Promise<{ id: string; number: string; step: string; state: string; reason: string | null }[]> =>
  engine.database.inStore(shop.storeId, (tx) =>
    tx.rows(
      `SELECT m.id, substr(c.key, 5) AS number, m.step, m.state, m.state_reason AS reason
       FROM messages m JOIN customers c ON c.id = m.customer_id ORDER BY c.key, m.created_at`,
    ),
  );

const run = (walk: Walk, sql: string, values: unknown[] = []): Promise<number> =>
  walk.engine.database.inStore(walk.shop.storeId, (tx) => tx.run(sql, [walk.shop.storeId, ...values]));

/** Numbers of the people who get mail */
const treated = async (walk: Walk): Promise<number[]> =>
  (await places(walk)).filter(({ arm }) => arm === 'treated').map(({ number }) => Number(number));

describe('a journey is drafted', () => {
  test('with the words of every step, and mails nobody until a person switches it on', async () => {
    const walk = await open('Drafted', { once: 5 });
    const runs = await walk.engine.database.inStore(walk.shop.storeId, (tx) =>
      tx.rows<{ name: string; state: string; steps: string[] }>(
        `SELECT c.name, c.state, ARRAY(SELECT DISTINCT v.step FROM variants v WHERE v.campaign_id = c.id ORDER BY 1) AS steps
         FROM campaigns c WHERE journey_id IS NOT NULL ORDER BY c.key`,
      ),
    );
    expect(runs).toEqual([
      { name: 'The second order never came', state: 'awaiting_approval', steps: ['first', 'last'] },
      { name: 'Slipping away', state: 'awaiting_approval', steps: ['last', 'reminder', 'second'] },
      { name: 'Welcome back', state: 'awaiting_approval', steps: ['again', 'thanks'] },
    ]);
    await live(walk, 2);
    expect(await places(walk)).toEqual([]);
    // Looking again drafts nothing twice.
    expect(await runJourneys(walk.engine, walk.shop.storeId)).toMatchObject({ drafted: 0 });
  });

  test('every recipe is a journey: a mail, no two steps of one name, nobody measured twice at once', () => {
    for (const recipe of RECIPES) {
      const { steps, reentryDays, measureDays } = recipe.definition(60);
      expect(steps.filter(({ kind }) => kind === 'mail').length).toBeGreaterThan(0);
      expect(reentryDays).toBeGreaterThanOrEqual(measureDays);
    }
  });

  test('and is not switched on without an address in the mails, twice, or in another store', async () => {
    const walk = await open('Address');
    await run(walk, `UPDATE stores SET postal_address = ' ' WHERE id = $1`);
    const again = () => switchOnJourney(walk.engine, walk.shop.storeId, walk.run, 'user:1');
    await expect(again()).rejects.toThrow(/postal address/);
    await run(walk, `UPDATE stores SET postal_address = 'Somewhere 1' WHERE id = $1`);
    await again();
    await expect(again()).rejects.toThrow(/on already/);
    const other = await open('Address of another');
    await expect(switchOnJourney(other.engine, other.shop.storeId, walk.run, 'user:1')).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('people come in', () => {
  test('each by a keyed draw that anyone can replay; the store-wide control gets nothing', async () => {
    const walk = await switchedOn('Draws', { slipping: 150, controlShare: 0.2 });
    await runJourneys(walk.engine, walk.shop.storeId);
    const [store] = await walk.engine.database.inStore(walk.shop.storeId, (tx) =>
      tx.rows<{ key: string }>('SELECT draw_key AS key FROM stores WHERE id = $1', [walk.shop.storeId]),
    );
    const people = await places(walk);
    expect(people).toHaveLength(150);
    for (const one of people) {
      expect(one.draw).toBe(draw(store!.key, 'slipping-away-2026-03-02', `csv:${one.number}`));
      const control = draw(store!.key, '*', `csv:${one.number}`) < 0.2;
      expect(one.arm).toBe(control ? 'left_out' : one.draw < 0.2 ? 'holdout' : 'treated');
      expect(one.state).toBe(one.arm === 'treated' ? 'inside' : 'held_back');
    }
    await live(walk, 4);
    const mailed = new Set((await mails(walk)).map(({ number }) => number));
    expect([...mailed].toSorted()).toEqual(
      people
        .filter(({ arm }) => arm === 'treated')
        .map(({ number }) => number)
        .toSorted(),
    );
  });

  test('nobody who may not be mailed, nobody twice, and nobody while it is paused', async () => {
    const walk = await switchedOn('Doors', { slipping: 10 });
    await unsubscribeNow(walk, 3);
    await pauseCampaign(walk.engine, walk.shop.storeId, walk.run, 'user:1');
    await live(walk, 1);
    expect(await places(walk)).toEqual([]);
    await resumeCampaign(walk.engine, walk.shop.storeId, walk.run, 'user:1');
    await live(walk, 1);
    await walk.shop.rescore(walk.engine.clock.now());
    await live(walk, 1);
    const people = await places(walk);
    expect(people.map(({ number }) => Number(number))).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect(people.every(({ occurrence }) => occurrence === 1)).toBe(true);
  });

  test('again only after the days of the rule, and then drawn anew', async () => {
    const walk = await switchedOn('Again', { slipping: 60 });
    await live(walk, 1);
    walk.engine.clock.advance(118 * DAY);
    await live(walk, 0.5);
    expect((await places(walk)).some(({ occurrence }) => occurrence === 2)).toBe(false);
    walk.engine.clock.advance(2 * DAY);
    await live(walk, 0.5);
    const people = await places(walk);
    const second = people.filter(({ occurrence }) => occurrence === 2);
    expect(second).toHaveLength(60);
    const armOf = new Map(people.filter(({ occurrence }) => occurrence === 1).map((one) => [one.number, one.arm]));
    expect(second.some(({ number, arm }) => armOf.get(number) !== arm)).toBe(true);
  });

  test('two workers at once let everybody in once', async () => {
    const walk = await switchedOn('Two workers', { slipping: 40 });
    const reports = await Promise.all([1, 2].map(() => runJourneys(walk.engine, walk.shop.storeId)));
    expect(reports.reduce((sum, report) => sum + Number(report['entered']), 0)).toBe(40);
    const planned = await Promise.all([1, 2].map(() => schedule(walk.engine, walk.shop.storeId)));
    expect(planned.reduce((sum, report) => sum + Number(report['journeys']), 0)).toBe((await treated(walk)).length);
    expect(await mails(walk)).toHaveLength((await treated(walk)).length);
  });
});

function unsubscribeNow({ engine, shop }: Walk, number: number): Promise<boolean> {
  return engine.database.inStore(shop.storeId, (tx) =>
    unsubscribe(engine.keys, tx, { customerId: shop.customerId(number), at: engine.clock.now(), source: 'test' }),
  );
}

describe('people take their steps', () => {
  test('three mails to who stays silent, the second ten days after the first went, and then it is over', async () => {
    const walk = await switchedOn('Silent', { slipping: 10 });
    await live(walk, 45);
    const people = await treated(walk);
    const all = await mails(walk);
    for (const number of people)
      expect(all.filter((one) => one.number === String(number)).map(({ step, state }) => [step, state])).toEqual([
        ['reminder', 'accepted'],
        ['second', 'accepted'],
        ['last', 'accepted'],
      ]);
    expect((await places(walk)).filter(({ arm }) => arm === 'treated').every(({ state }) => state === 'finished')).toBe(
      true,
    );
    const gaps = await walk.engine.database.inStore(walk.shop.storeId, (tx) =>
      tx.rows<{ days: number }>(
        `SELECT extract(epoch FROM b.scheduled_at - a.accepted_at)::float8 / 86400 AS days FROM messages a
         JOIN messages b ON b.customer_id = a.customer_id AND b.step = 'second' WHERE a.step = 'reminder'`,
      ),
    );
    for (const { days } of gaps) {
      expect(days).toBeGreaterThanOrEqual(10);
      expect(days).toBeLessThan(14);
    }
  });

  test('a click ends it before the second mail; an order, an answer and an unsubscribing before whatever comes next', async () => {
    const walk = await switchedOn('Ends', { slipping: 40 });
    await live(walk, 5);
    const [clicked, ordered, replied, gone, ...silent] = await treated(walk);
    const at = walk.engine.clock.now();
    await run(walk, `UPDATE messages SET clicked_at = $2 WHERE store_id = $1 AND customer_id = $3`, [
      at,
      walk.shop.customerId(clicked!),
    ]);
    await walk.shop.order([ordered!], at);
    await run(
      walk,
      `INSERT INTO events (store_id, source, vendor_event_id, kind, at, customer_id) VALUES ($1, 'test', 'r1', 'reply', $2, $3)`,
      [at, walk.shop.customerId(replied!)],
    );
    await unsubscribeNow(walk, gone!);
    await live(walk, 14);
    const of = new Map((await places(walk)).map((one) => [Number(one.number), one]));
    expect(of.get(clicked!)).toMatchObject({ state: 'left', step: 'quiet-1', end_reason: 'clicked' });
    expect(of.get(ordered!)).toMatchObject({ state: 'left', step: 'wait-1', end_reason: 'ordered' });
    expect(of.get(replied!)).toMatchObject({ state: 'left', end_reason: 'replied' });
    expect(of.get(gone!)).toMatchObject({ state: 'left', end_reason: 'unsubscribed' });
    const second = (await mails(walk)).filter(({ step }) => step === 'second').map(({ number }) => Number(number));
    expect(second.toSorted((a, b) => a - b)).toEqual(silent.toSorted((a, b) => a - b));
  });

  test('what happens between the planning and the hour stops the mail at the last look', async () => {
    const walk = await switchedOn('Last look', { slipping: 40 });
    const { engine, shop } = walk;
    await runJourneys(engine, shop.storeId);
    await schedule(engine, shop.storeId);
    const [ordered, replied, ...others] = await treated(walk);
    engine.clock.advance(60_000);
    await shop.order([ordered!], engine.clock.now());
    await run(
      walk,
      `INSERT INTO events (store_id, source, vendor_event_id, kind, at, customer_id) VALUES ($1, 'test', 'r1', 'reply', $2, $3)`,
      [engine.clock.now(), shop.customerId(replied!)],
    );
    // Nobody walks meanwhile: only delivery looks.
    for (let hours = 0; hours < 4 * 24; hours += 6) {
      engine.clock.advance(6 * HOUR);
      await deliver(engine, shop.storeId);
    }
    const of = new Map((await mails(walk)).map((one) => [Number(one.number), one]));
    expect(of.get(ordered!)).toMatchObject({ state: 'dropped', reason: 'ordered_since' });
    expect(of.get(replied!)).toMatchObject({ state: 'dropped', reason: 'replied' });
    for (const number of others) expect(of.get(number)).toMatchObject({ state: 'accepted' });
  });

  test('a mail over the cap is not sent, and the person goes on to the next step', async () => {
    const walk = await switchedOn('Capped', { slipping: 12 });
    await runJourneys(walk.engine, walk.shop.storeId);
    const [one] = await treated(walk);
    // Two mails of something else reach her before this one's hour.
    await run(
      walk,
      `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, variant_id, state, accepted_at, created_at)
       SELECT gen_random_uuid(), $1, $1, s, $2, $1, 'accepted', $3, $3 FROM (VALUES ('a'), ('b')) AS x (s)`,
      [walk.shop.customerId(one!), NOW],
    );
    await live(walk, 4);
    const first = (await mails(walk)).find(({ number, step }) => number === String(one) && step === 'reminder');
    expect(first).toMatchObject({ state: 'dropped', reason: 'capped' });
    expect((await places(walk)).find(({ number }) => number === String(one))).toMatchObject({
      state: 'inside',
      step: 'wait-1',
    });
  });

  test('each at a local hour outside the quiet ones, over the change of the clocks', async () => {
    const walk = await switchedOn('New York', { timeZone: 'America/New_York', country: 'US', slipping: 60 });
    await live(walk, 30);
    const hours = await walk.engine.database.inStore(walk.shop.storeId, (tx) =>
      tx.rows<{ hour: number; kept: number; zone: string }>(
        `SELECT extract(hour FROM scheduled_at AT TIME ZONE time_zone)::int AS hour, local_hour AS kept, time_zone AS zone FROM messages`,
      ),
    );
    expect(hours.length).toBeGreaterThan(60);
    for (const { hour, kept, zone } of hours) {
      expect(zone).toBe('America/New_York');
      expect(hour).toBe(kept);
      expect(hour).toBeGreaterThanOrEqual(8);
      expect(hour).toBeLessThan(21);
    }
  });

  test('stopping it lets everybody go, drops what was to come, and a new one is drafted the next day', async () => {
    const walk = await switchedOn('Stopped');
    await runJourneys(walk.engine, walk.shop.storeId);
    await schedule(walk.engine, walk.shop.storeId);
    await cancelCampaign(walk.engine, walk.shop.storeId, walk.run, 'user:1');
    expect(await dueStages(walk.engine, walk.shop.storeId)).toContain('journeys');
    await live(walk, 2);
    const people = await places(walk);
    expect(people.filter(({ arm }) => arm === 'treated').every(({ end_reason: why }) => why === 'stopped')).toBe(true);
    expect((await mails(walk)).every(({ state, reason }) => state === 'dropped' && reason === 'cancelled')).toBe(true);
    expect(await walk.shop.runId('slipping-away')).not.toBe(walk.run);
  });
});

describe('the stage', () => {
  test('is due when it is switched on, when scores are new and when a quarter of an hour has passed; never for nothing', async () => {
    const walk = await open('Due');
    const { engine, shop } = walk;
    const due = async () => (await dueStages(engine, shop.storeId)).filter((stage) => ['journeys', 'scheduling', 'delivery'].includes(stage)); // prettier-ignore
    await runStage(engine, shop.storeId, 'journeys');
    expect(await due()).toEqual([]);
    engine.clock.advance(1000);
    await switchOnJourney(engine, shop.storeId, walk.run, 'user:1');
    expect(await due()).toEqual(['journeys']);
    engine.clock.advance(1000);
    await runStage(engine, shop.storeId, 'journeys');
    expect(await due()).toEqual(['scheduling']);
    await runStage(engine, shop.storeId, 'scheduling');
    expect(await due()).toEqual([]);
    engine.clock.advance(16 * 60_000);
    expect(await due()).toContain('journeys');
    await runStage(engine, shop.storeId, 'journeys');
    expect(await due()).not.toContain('journeys');
    await shop.rescore(engine.clock.now());
    expect(await due()).toContain('journeys');
  });

  test('every decision is explained, and comes out the same', async () => {
    const walk = await switchedOn('Explained');
    await live(walk, 16);
    for (const { id, step } of (await mails(walk)).slice(0, 6)) {
      const told = await explain(walk.engine, walk.shop.storeId, { messageId: id });
      const same = Object.fromEntries(told.steps.map((one) => [one.step, one.same]));
      expect(same, step).toMatchObject({ holdout: true, variant: true, hour: true, last_checks: true });
      expect(told.steps.flatMap(({ what }) => what).join(' ')).toContain('“Slipping away”');
    }
  });

  test('its effect is looked at, each person in days of her own', async () => {
    const walk = await switchedOn('Measured', { slipping: 200 });
    await live(walk, 5);
    const people = await places(walk);
    const numbers = people.map(({ number }) => Number(number));
    await walk.shop.order(numbers.slice(0, 120), walk.engine.clock.now());
    // After the days of measuring no order counts any more.
    walk.engine.clock.advance(60 * DAY);
    await walk.shop.order(numbers.slice(120, 160), walk.engine.clock.now());
    expect(await measure(walk.engine, walk.shop.storeId)).toMatchObject({ campaigns: 0, journeys: 1, looks: 1 });
    const [sums] = await walk.engine.database.inStore(walk.shop.storeId, (tx) =>
      tx.rows<{ orders: number; looks: number; verdict: string }>(
        `SELECT (SELECT sum(orders)::int FROM enrolments) AS orders, (SELECT count(*)::int FROM measurements) AS looks,
           (SELECT verdict FROM measurements WHERE metric = 'revenue') AS verdict`,
      ),
    );
    expect(sums).toEqual({ orders: 120, looks: 3, verdict: 'not_yet' });
  });
});
