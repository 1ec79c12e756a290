import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import fc from 'fast-check';
import type { Connector, WriteBack, WriteBackKind, WriteBackResult } from '../ports.ts';
import { uuidOf } from '../random.ts';
import { readPanel } from '../reading/index.ts';
import { addReply } from '../replies/index.ts';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import { GIVE_UP_AFTER, retryDelay, scorePayload, touchPayload, writeBack } from './index.ts';

/** A platform that remembers what it was last told of each subject, and how often it was called. */
interface Crm extends Connector {
  known: Map<string, unknown>;
  calls: WriteBack[][];
  answer: (record: WriteBack) => WriteBackResult | undefined;
}

function crm(takes: WriteBackKind[] = ['score', 'outcome', 'consent']): Crm {
  const platform: Crm = {
    platform: 'crm',
    takes,
    known: new Map(),
    calls: [],
    answer: ({ id }) => ({ id, ok: true }),
    async *pull() {
      yield* [];
    },
    push(records) {
      platform.calls.push(records);
      const results = records.map((record) => {
        const result = platform.answer(record);
        if (result?.ok === true) platform.known.set(`${record.kind}:${record.subjectId}`, record.payload);
        return result;
      });
      return Promise.resolve(results.filter((result) => result !== undefined));
    },
  };
  return platform;
}

let base: TestDatabase;
let stores = 0;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

async function storeWith(people: number): Promise<{ storeId: string; engine: TestEngine; platform: Crm }> {
  const storeId = await buildStore(base.database, { name: `Store ${String(++stores)}` });
  const platform = crm();
  const engine = buildEngine(base.database, { connectors: { crm: platform } });
  await base.database.inStore(storeId, async (tx) => {
    await tx.run(
      `INSERT INTO connections (id, store_id, platform, account, created_at) VALUES ($1, $2, 'crm', 'portal', now())`,
      [uuidOf('connection', storeId), storeId],
    );
    await tx.run(
      `INSERT INTO customers (id, store_id, key, created_at, updated_at)
       SELECT id, $1, id::text, now(), now() FROM unnest($2::uuid[]) AS c(id)`,
      [storeId, ids(storeId, people)],
    );
    await tx.run(
      `INSERT INTO identities (store_id, platform, external_id, customer_id)
       SELECT $1, 'crm', 'p' || place, id FROM unnest($2::uuid[]) WITH ORDINALITY AS c(id, place)`,
      [storeId, ids(storeId, people)],
    );
  });
  await scoreAll(storeId, 'lapsed', people);
  return { storeId, engine, platform };
}

const ids = (storeId: string, people: number): string[] =>
  Array.from({ length: people }, (_, number) => uuidOf('customer', storeId, String(number)));

/** A new version of the scores in which all of the first `people` stand at this stage. */
async function scoreAll(storeId: string, stage: string, people: number): Promise<void> {
  await base.database.inStore(storeId, async (tx) => {
    await tx.run('UPDATE stores SET score_version = score_version + 1 WHERE id = $1', [storeId]);
    await tx.run(
      `INSERT INTO scores (store_id, version, customer_id, state, p_return_90, value_at_risk, days_since_last, life_stage, reasons)
       SELECT $1, (SELECT score_version FROM stores WHERE id = $1), id, 'scored', 0.3456, 12345, 90, $3,
         '[{"code":"late","days":71,"usual":38},{"code":"bought_often","times":9,"every":38},{"code":"of_tomorrow"},{"code":"likely_gone","percent":40}]'
       FROM unnest($2::uuid[]) AS c(id)`,
      [storeId, ids(storeId, people), stage],
    );
  });
}

const rowsOf = (storeId: string) =>
  base.database.inStore(storeId, (tx) =>
    tx.rows<{ state: string; attempts: number; error: string | null }>(
      'SELECT subject_id, kind, state, attempts, error FROM write_backs ORDER BY id',
    ),
  );

describe('writing back', () => {
  test('tells a platform what changed, once, in batches', async () => {
    const { storeId, engine, platform } = await storeWith(250);
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 250, pushed: 250, failed: 0 });
    expect(platform.calls.map((call) => call.length)).toEqual([100, 100, 50]);
    expect(platform.known.get('score:p7')).toEqual({
      state: 'scored',
      lifeStage: 'lapsed',
      lifeStageWords: 'Lapsed',
      chanceToReturn: 0.35,
      expectedValue90: null,
      expectedValue365: null,
      valueAtRisk: { amount: 12000, currency: 'EUR' },
      nextOrderOn: null,
      reasons: ['Late: bought 71 days ago, usually every 38 days.', 'Bought on 9 days, about every 38 days.'],
      nextAction: { code: 'check_address', words: 'Ask for an e-mail address: none is known.' },
      scoreVersion: 1,
    });
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0, pushed: 0 });
    await scoreAll(storeId, 'lapsed', 250);
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0, pushed: 0 });
    await scoreAll(storeId, 'active', 250);
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 250, pushed: 250 });
    expect(await rowsOf(storeId)).toHaveLength(250);
  });

  test('sends nothing that the platform has no place for', async () => {
    const { storeId, engine, platform } = await storeWith(3);
    Object.assign(platform, { takes: [] });
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0 });
    expect(platform.calls).toEqual([]);
    Object.assign(platform, { takes: ['consent'] });
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0 });
  });

  test('a newer figure replaces one that has not left yet', async () => {
    const { storeId, engine, platform } = await storeWith(1);
    platform.answer = ({ id }) => ({ id, ok: false, retryable: true, error: 'busy' });
    await writeBack(engine, storeId);
    await scoreAll(storeId, 'active', 1);
    platform.answer = ({ id }) => ({ id, ok: true });
    await writeBack(engine, storeId);
    expect(platform.known.get('score:p1')).toMatchObject({ lifeStage: 'active' });
    expect(await rowsOf(storeId)).toMatchObject([{ state: 'done', attempts: 1 }]);
  });

  test('outcomes and consents go back, a consent never to where it came from', async () => {
    const { storeId, engine, platform } = await storeWith(2);
    const [first = '', second = ''] = ids(storeId, 2);
    const campaign = uuidOf('campaign', storeId);
    await base.database.inStore(storeId, async (tx) => {
      await tx.run(
        `INSERT INTO consents (store_id, customer_id, state, basis, at, source) VALUES
         ($1, $2, 'subscribed', 'express', '2026-01-01Z', 'crm'), ($1, $2, 'unsubscribed', 'none', '2026-02-01Z', 'public'),
         ($1, $3, 'unsubscribed', 'none', '2026-02-01Z', 'crm')`,
        [storeId, first, second],
      );
      await tx.run(
        `INSERT INTO campaigns (id, store_id, key, name, segment_id, state, plan, holdout_share, score_version, planned_at, created_at)
         VALUES ($1, $2, 'a', 'Spring', $1, 'measuring', '{}', 0.2, 1, now(), now())`,
        [campaign, storeId],
      );
      await tx.run(
        `INSERT INTO measurements (store_id, campaign_id, metric, measured_at, treated, holdout, treated_mean, holdout_mean,
           estimate, low, high, confidence, p_value, verdict)
         VALUES ($1, $2, 'revenue', '2026-02-01Z', 80, 20, 5, 4, 1, 0, 2, 0.95, 1, 'not_yet'),
                ($1, $2, 'revenue', '2026-02-02Z', 80, 20, 5, 4, 412000.4, 90000, 730000, 0.95, 0.01, 'won')`,
        [storeId, campaign],
      );
    });
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 4, pushed: 4 });
    expect(platform.known.get(`outcome:${campaign}`)).toEqual({
      name: 'Spring',
      state: 'measuring',
      treated: 80,
      heldBack: 20,
      verdict: 'won',
      verdictWords: '€\u00a04,120 more than without, between €\u00a0900 and €\u00a07,300',
      incrementalRevenue: { amount: 412000, low: 90000, high: 730000, confidence: 0.95, currency: 'EUR' },
      sends: { accepted: 0, opened: 0, clicked: 0, unsubscribed: 0, complained: 0, failed: 0 },
      ordersAfter: 0,
      startedOn: null,
    });
    expect(platform.known.get('consent:p1')).toMatchObject({ state: 'unsubscribed' });
    expect(platform.known.has('consent:p2')).toBe(false);
  });
});

describe('what is told', () => {
  const score = (platform: Crm) => scorePayload.parse(platform.known.get('score:p1'));

  test('fits the shape that connectors parse, in the store’s language', async () => {
    const { storeId, engine, platform } = await storeWith(1);
    await base.database.inStore(storeId, (tx) =>
      tx.run(`UPDATE stores SET language = 'es-ES' WHERE id = $1`, [storeId]),
    );
    await writeBack(engine, storeId);
    expect(score(platform)).toMatchObject({
      reasons: [
        expect.stringMatching(/^Va con retraso: compró hace 71 días/),
        expect.stringMatching(/^Compró en 9 días/),
      ],
      nextAction: { code: 'check_address', words: 'Pedir su dirección de correo: no se conoce.' },
    });
  });

  test('of somebody of whom too little is known says so, with no figure', async () => {
    const { storeId, engine, platform } = await storeWith(1);
    await base.database.inStore(storeId, (tx) =>
      tx.run(`UPDATE scores SET state = 'not_enough_data', reasons = '[{"code":"needs_history","have":3,"need":90}]'`),
    );
    await writeBack(engine, storeId);
    expect(score(platform)).toMatchObject({
      state: 'not_enough_data',
      chanceToReturn: null,
      valueAtRisk: null,
      reasons: ['Not enough data: 3 days of orders, 90 are needed.'],
      nextAction: { code: 'none' },
    });
  });

  test('is told again when what to do next is another thing, and not because another day has gone by', async () => {
    const { storeId, engine, platform } = await storeWith(1);
    const [id = ''] = ids(storeId, 1);
    const run = (sql: string) => base.database.inStore(storeId, (tx) => tx.run(sql, [storeId, id]));
    await run(`UPDATE customers SET email = 'ann@mail.example', country = 'US' WHERE store_id = $1 AND id = $2`);
    await writeBack(engine, storeId);
    expect(score(platform).nextAction.code).toBe('write');
    await run(
      `UPDATE scores SET reasons = jsonb_set(reasons, '{0,days}', '72') WHERE store_id = $1 AND customer_id = $2`,
    );
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0 });
    await run(
      `INSERT INTO consents (store_id, customer_id, state, basis, at, source) VALUES ($1, $2, 'unsubscribed', 'none', '2026-01-01Z', 'crm')`,
    );
    expect(await writeBack(engine, storeId)).toMatchObject({ pushed: 1 });
    expect(score(platform).nextAction).toEqual({ code: 'none', words: 'Nothing: wants no mail.' });
    await run(
      `UPDATE scores SET reasons = jsonb_set(reasons, '{0,days}', '95') WHERE store_id = $1 AND customer_id = $2`,
    );
    expect(await writeBack(engine, storeId)).toMatchObject({ pushed: 1 });
    expect(score(platform).reasons[0]).toContain('95 days ago');
  });

  test('of a mail is the furthest that it got, once each time it got further', async () => {
    const { storeId, engine, platform } = await storeWith(0);
    Object.assign(platform, { takes: ['touch'] });
    const campaign = await buildCampaign(base.database, storeId, { people: 1 });
    const run = (sql: string) => base.database.inStore(storeId, (tx) => tx.run(sql, [storeId, campaign.customerId(0)]));
    await run(`INSERT INTO identities (store_id, platform, external_id, customer_id) VALUES ($1, 'crm', '51', $2)`);
    await run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, accepted_at, created_at)
       SELECT $2, $1, campaign_id, $2, id, 'accepted', '2026-03-01T08:00Z', now() FROM variants WHERE store_id = $1`,
    );
    await writeBack(engine, storeId);
    const told = () => touchPayload.parse(platform.known.get(`touch:${campaign.customerId(0)}`));
    expect(told()).toMatchObject({ externalId: '51', outcome: 'sent', campaignId: campaign.id, orderValue: null });
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0 });
    await run(`UPDATE messages SET opened_at = '2026-03-01T09:00Z' WHERE store_id = $1 AND customer_id = $2`);
    await writeBack(engine, storeId);
    expect(told()).toMatchObject({ outcome: 'opened', words: expect.stringMatching(/^Opened “.+”$/) });
    await run(
      `INSERT INTO outcomes (store_id, campaign_id, customer_id, arm, orders, revenue, first_order_at, updated_at)
       SELECT $1, campaign_id, $2, 'treated', 1, 4200, '2026-03-02Z', now() FROM messages WHERE store_id = $1`,
    );
    await writeBack(engine, storeId);
    expect(told()).toMatchObject({ outcome: 'ordered', orderValue: { amount: 4200, currency: 'EUR' } });
    expect(told().words).toContain('€\u00a042');
  });

  test('of an answer says where it can be read, and that somebody waits; of a pause, that she waits herself', async () => {
    const { storeId, platform, engine } = await storeWith(1);
    const [id = ''] = ids(storeId, 1);
    const run = (sql: string) => base.database.inStore(storeId, (tx) => tx.run(sql, [storeId, id]));
    await buildCampaign(base.database, storeId, { people: 1 });
    await run(`UPDATE customers SET email = 'ann@mail.example', country = 'US' WHERE store_id = $1 AND id = $2`);
    await run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, accepted_at, created_at)
       SELECT $2, $1, campaign_id, $2, id, 'accepted', '2026-03-01T08:00Z', now() FROM variants WHERE store_id = $1`,
    );
    await run(
      `INSERT INTO preferences (store_id, customer_id, at, source, topics_off, paused_until) VALUES ($1, $2, '2026-03-01Z', 'public', '{}', '2999-01-01Z')`,
    );
    await run(`UPDATE scores SET reasons = '[]' WHERE store_id = $1 AND customer_id = $2`);
    const all = { ...engine, pageAddress: (path: string) => `https://pages.example${path}` };
    Object.assign(platform, { takes: ['score', 'touch'] });
    await writeBack(all, storeId);
    expect(score(platform).nextAction).toEqual({ code: 'wait', words: 'Wait: asked for a pause.' });
    const told = () => touchPayload.parse(platform.known.get(`touch:${id}`));
    expect(told()).toMatchObject({ outcome: 'sent', link: null });
    const at = engine.clock.now();
    await base.database.inStore(storeId, async (tx) => {
      const [message] = await tx.rows<{ campaignId: string }>(
        `SELECT campaign_id AS "campaignId" FROM messages WHERE id = $1`,
        [id],
      );
      const campaignId = message?.campaignId ?? '';
      const reply = {
        customerId: id,
        messageId: id,
        campaignId,
        at,
        kind: 'person',
        subject: 'Re: Tea',
        text: 'Hm',
      } as const;
      await addReply(tx, engine.keys, { ...reply, id: uuidOf('reply', id) });
    });
    await writeBack(all, storeId);
    expect(told()).toMatchObject({
      outcome: 'replied',
      words: expect.stringMatching(/^Wrote back to “.+”$/),
      link: `https://pages.example/customers/${id}`,
    });
    expect(score(platform).nextAction.code).toBe('answer');
    const panel = await readPanel(engine, storeId, { platform: 'crm', externalId: 'p1' });
    expect(panel.touches[0]).toMatchObject({ kind: 'replied', words: 'Wrote back: “Hm”' });
    expect(panel.nextAction).toEqual({ code: 'answer', words: 'Answer: wrote back in the last two weeks.' });
    expect(panel.consent.words).toMatch(/^May be mailed.* Paused until 1 January 2999\.$/);
    expect(await writeBack(all, storeId)).toMatchObject({ collected: 0 });
  });

  test('of consent goes to those who believe something else, and is not told in a circle', async () => {
    const { storeId, engine, platform } = await storeWith(1);
    const [id = ''] = ids(storeId, 1);
    const shop = { ...crm(['consent']), platform: 'shop' };
    Object.assign(platform, { takes: ['consent'] });
    const both = buildEngine(base.database, { connectors: { crm: platform, shop }, now: engine.clock.now() });
    const say = (source: string, state: string, at: string) =>
      base.database.inStore(storeId, (tx) =>
        tx.run(
          `INSERT INTO consents (store_id, customer_id, state, basis, at, source) VALUES ($1, $2, $4, 'none', $5, $3)`,
          [storeId, id, source, state, at],
        ),
      );
    await base.database.inStore(storeId, async (tx) => {
      await tx.run(
        `INSERT INTO connections (id, store_id, platform, account, created_at) VALUES ($1, $2, 'shop', 'shop', now())`,
        [uuidOf('shop', storeId), storeId],
      );
      await tx.run(
        `INSERT INTO identities (store_id, platform, external_id, customer_id) VALUES ($1, 'shop', 's1', $2)`,
        [storeId, id],
      );
    });
    await say('shop', 'subscribed', '2026-01-01Z');
    await say('crm', 'subscribed', '2026-01-02Z');
    expect(await writeBack(both, storeId)).toMatchObject({ collected: 0 });
    await say('crm', 'unsubscribed', '2026-02-01Z');
    expect(await writeBack(both, storeId)).toMatchObject({ pushed: 1 });
    expect(shop.known.get('consent:s1')).toMatchObject({ state: 'unsubscribed' });
    // The shop tells it back in its own words.
    await say('shop', 'unsubscribed', '2026-02-02Z');
    expect(await writeBack(both, storeId)).toMatchObject({ collected: 0 });
    await say('public', 'subscribed', '2026-02-03Z');
    expect(await writeBack(both, storeId)).toMatchObject({ pushed: 2 });
    expect(shop.known.get('consent:s1')).toMatchObject({ state: 'subscribed' });
  });
});

describe('what a platform does not take', () => {
  test('is tried again later and later, then left with its reason', async () => {
    const { storeId, engine, platform } = await storeWith(1);
    platform.answer = ({ id }) => ({ id, ok: false, retryable: true, error: 'busy' });
    for (let attempt = 1; attempt < GIVE_UP_AFTER; attempt++) {
      expect(await writeBack(engine, storeId)).toMatchObject({ postponed: 1 });
      expect(await writeBack(engine, storeId)).toMatchObject({ postponed: 0 });
      engine.clock.advance(retryDelay(attempt));
    }
    expect(await writeBack(engine, storeId)).toMatchObject({ postponed: 0, failed: 1 });
    expect(await rowsOf(storeId)).toMatchObject([{ state: 'failed', attempts: GIVE_UP_AFTER, error: 'busy' }]);
    expect(await writeBack(engine, storeId)).toMatchObject({ collected: 0, pushed: 0 });
  });

  test('is left at once where trying again cannot help; no answer can', async () => {
    const { storeId, engine, platform } = await storeWith(2);
    platform.answer = (record) =>
      record.subjectId === 'p1' ? { id: record.id, ok: false, retryable: false, error: 'no such contact' } : undefined;
    expect(await writeBack(engine, storeId)).toMatchObject({ failed: 1, postponed: 1 });
  });

  test('does not hold up another platform', async () => {
    const { storeId, platform } = await storeWith(1);
    await base.database.inStore(storeId, (tx) =>
      tx.run(
        `INSERT INTO connections (id, store_id, platform, account, created_at) VALUES ($1, $2, 'absent', 'x', now())`,
        [uuidOf('connection 2', storeId), storeId],
      ),
    );
    const engine = buildEngine(base.database, { connectors: { crm: platform } });
    expect(await writeBack(engine, storeId)).toMatchObject({ unreachable: 1, pushed: 1 });
    expect(engine.lines).toEqual(['warn a platform could not be told']);
  });
});

test('a kill between the push and its record doubles nothing, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('fine', 'killed', 'refused', 'silent'), { maxLength: 6 }),
      async (fates) => {
        const { storeId, engine, platform } = await storeWith(2);
        for (const fate of [...fates, 'fine']) {
          platform.answer =
            fate === 'refused'
              ? ({ id }) => ({ id, ok: false, retryable: true, error: 'busy' })
              : fate === 'silent'
                ? () => undefined
                : ({ id }) => ({ id, ok: true });
          // The process ends after the platform took it and before we wrote that down.
          const database = { ...base.database };
          if (fate === 'killed') {
            const push = platform.push.bind(platform);
            let armed = false;
            const dying: Connector = {
              ...platform,
              push: async (records) => {
                const results = await push(records);
                armed = true;
                return results;
              },
            };
            database.inStore = (id, work) =>
              armed ? Promise.reject(new Error('killed')) : base.database.inStore(id, work);
            await writeBack(buildEngine(database, { connectors: { crm: dying }, now: engine.clock.now() }), storeId);
          } else await writeBack(engine, storeId);
          engine.clock.advance(6 * 3_600_000);
        }
        expect([...platform.known.keys()].toSorted()).toEqual(['score:p1', 'score:p2']);
        expect((await rowsOf(storeId)).map((row) => row.state)).toEqual(['done', 'done']);
      },
    ),
    { seed: 3, numRuns: 15 },
  );
});
