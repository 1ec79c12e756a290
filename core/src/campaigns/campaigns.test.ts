import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { saveSettings, storeSettings } from '../accounts/index.ts';
import { addressHash, suppress, type RefusalReason } from '../consent/index.ts';
import { draw } from '../measurement/index.ts';
import { uuidOf } from '../random.ts';
import { refreshSegments, segmentId } from '../segments/index.ts';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase, type TestEngine } from '../testing/index.ts';
import { assign } from './assignment.ts';
import { leaveOut, LEFT_OUT_REASONS, orderedSince } from './audience.ts';
import { moveCampaign } from './campaign.store.ts';
import {
  approveCampaign,
  cancelCampaign,
  CAMPAIGN_STATES,
  loadCampaign,
  mayMove,
  pauseCampaign,
  planCampaigns,
  resumeCampaign,
  type CampaignState,
} from './index.ts';
import { mayPlan } from './state.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const DAY = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

/** People of one kind each, all lapsed a year ago but for what their kind says. */
const KINDS = [
  'fine',
  'fine',
  'fine',
  'fine',
  'no_email',
  'suppressed',
  'unsubscribed',
  'consent_pending',
  'no_consent',
  'consent_expired',
  'not_enough_data',
  'ordered_recently',
  'capped',
  'asked_pause',
  'asked_topic',
  'asked_fewer',
] as const;

/** Those that go together with any other. */
const BESIDE = ['suppressed', 'unsubscribed', 'not_enough_data', 'ordered_recently', 'capped'] as const;

/** The first half of 1600 people is of one kind each, the second half of two. */
function kindsOf(i: number): (typeof KINDS)[number][] {
  const kind = KINDS[i % KINDS.length] ?? 'fine';
  const second = BESIDE[Math.floor(i / KINDS.length) % BESIDE.length] ?? 'capped';
  // An order mends an expired consent: these two do not go together.
  return i < 800 || kind === 'fine' || kind === 'consent_expired' ? [kind] : [kind, second];
}

async function plant(name: string, people: number, options: { controlShare?: number; language?: string } = {}) {
  const storeId = await buildStore(db.database, { name, ...options });
  const engine = buildEngine(db.database, { now: NOW });
  const has = (i: number, kind: (typeof KINDS)[number]): boolean => kindsOf(i).includes(kind);
  const id = (i: number): string => uuidOf('customer', storeId, String(i));
  const all = Array.from({ length: people }, (_, i) => i);
  await db.database.inStore(storeId, async (tx) => {
    await tx.run('UPDATE stores SET score_version = 1 WHERE id = $1', [storeId]);
    await tx.run(
      `INSERT INTO score_runs (store_id, version, as_of, method, customers, data_version, created_at) VALUES ($1, 1, $2, 'test', 1, 1, $2)`,
      [storeId, NOW],
    );
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, country, created_at, updated_at)
       SELECT id, $1, 'csv:' || key, email, country, $5, $5 FROM unnest($2::uuid[], $3::text[], $4::text[], $6::text[]) AS p (id, key, email, country)`,
      [
        storeId,
        all.map(id),
        all.map(String),
        all.map((i) => (has(i, 'no_email') ? null : `p${String(i)}@example.com`)),
        NOW,
        all.map((i) => (has(i, 'consent_expired') ? 'KR' : has(i, 'no_consent') ? 'PL' : 'ES')),
      ],
    );
    const last = (i: number): Date => daysAgo(has(i, 'ordered_recently') ? 2 : 300);
    await tx.run(
      `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at)
       SELECT $1, id, 2, 2, 5000, $3, at FROM unnest($2::uuid[], $4::timestamptz[]) AS p (id, at)`,
      [storeId, all.map(id), daysAgo(400), all.map(last)],
    );
    await tx.run(
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
       SELECT gen_random_uuid(), $1, id, 'csv', id || kind, kind, at, amount, 'EUR' FROM unnest($2::uuid[]) AS p (id),
         (VALUES ('sale', $3::timestamptz, 3000), ('return', $4::timestamptz, -1000), ('old sale', $5::timestamptz, 99)) AS o (kind, at, amount)`,
      [storeId, all.map(id), daysAgo(300), daysAgo(290), daysAgo(366)],
    );
    await tx.run(
      `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, reasons)
       SELECT $1, 1, id, state, 300, 'lapsed', '[]' FROM unnest($2::uuid[], $3::text[]) AS p (id, state)`,
      [storeId, all.map(id), all.map((i) => (has(i, 'not_enough_data') ? 'not_enough_data' : 'scored'))],
    );
    const said = all.filter((i) => has(i, 'unsubscribed') || has(i, 'consent_pending'));
    await tx.run(
      `INSERT INTO consents (store_id, customer_id, state, basis, at, source) SELECT $1, id, state, 'none', $4, 'test' FROM unnest($2::uuid[], $3::text[]) AS p (id, state)`,
      [storeId, said.map(id), said.map((i) => (has(i, 'unsubscribed') ? 'unsubscribed' : 'pending')), daysAgo(10)],
    );
    await suppress(
      tx,
      all
        .filter((i) => has(i, 'suppressed'))
        .map((i) => ({
          addressHash: addressHash(engine.keys, storeId, `p${String(i)}@example.com`),
          reason: 'hard_bounce' as const,
          at: daysAgo(1),
          source: 'test',
        })),
    );
    await tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, variant_id, state, accepted_at, created_at)
       SELECT gen_random_uuid(), $1, $1, step, id, $1, 'accepted', $3, $3 FROM unnest($2::uuid[]) AS p (id), (VALUES ('a'), ('b')) AS s (step)`,
      [storeId, all.filter((i) => has(i, 'capped')).map(id), daysAgo(3)],
    );
    const fewer = all.filter((i) => has(i, 'asked_fewer')).map(id);
    await tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, accepted_at, created_at)
       SELECT gen_random_uuid(), $1, $1, id, $1, 'accepted', $3, $3 FROM unnest($2::uuid[]) AS p (id)`,
      [storeId, fewer, daysAgo(29)],
    );
    // What was asked for before counts no more; the newest word does.
    for (const [people, at, said] of [
      [all.map(id), 20, { topics: ['offers', 'news'], until: daysAgo(-5), between: null }],
      [all.map(id), 10, { topics: ['news'], until: daysAgo(1), between: null }],
      [all.filter((i) => has(i, 'asked_pause')).map(id), 5, { topics: [], until: daysAgo(-1), between: null }],
      [all.filter((i) => has(i, 'asked_topic')).map(id), 5, { topics: ['offers'], until: null, between: null }],
      [fewer, 5, { topics: [], until: null, between: 30 }],
    ] as const)
      await tx.run(
        `INSERT INTO preferences (store_id, customer_id, at, source, topics_off, days_between, paused_until)
         SELECT $1, id, $3, 'test', $4::text[], $5, $6 FROM unnest($2::uuid[]) AS p (id)`,
        [storeId, people, daysAgo(at), said.topics, said.between, said.until],
      );
  });
  await refreshSegments(engine, storeId);
  return { storeId, engine };
}

interface Placed {
  key: string;
  arm: string;
  reason: string | null;
  draw: number;
  variant_key: string | null;
  pre_revenue: number;
  pre_orders: number;
}

function placed(storeId: string): Promise<Placed[]> {
  return db.database.inStore(storeId, (tx) =>
    tx.rows<Placed>(
      `SELECT c.key, h.arm, h.reason, h.draw, h.variant_key, h.pre_revenue, h.pre_orders
       FROM holdouts h JOIN customers c ON c.id = h.customer_id ORDER BY c.key`,
    ),
  );
}

async function soleCampaign(storeId: string): Promise<string> {
  const rows = await db.database.inStore(storeId, (tx) => tx.rows<{ id: string }>('SELECT id FROM campaigns'));
  return rows[0]?.id ?? '';
}

async function toState(engine: TestEngine, storeId: string, id: string, to: CampaignState): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => moveCampaign(tx, await loadCampaign(tx, id), to));
}

describe('planning', () => {
  test('gives everyone of the segment one place, with the reason for those left out', async () => {
    const { storeId, engine } = await plant('Reasons', 1600);
    const report = await planCampaigns(engine, storeId);
    const rows = await placed(storeId);
    expect(rows).toHaveLength(1600);
    for (const row of rows) {
      const kinds = kindsOf(Number(row.key.slice(4)));
      const of = LEFT_OUT_REASONS.find((reason) => kinds.some((kind) => kind === reason));
      if (of === undefined) expect(row).toMatchObject({ reason: null, pre_revenue: 2000, pre_orders: 1 });
      else expect(row).toMatchObject({ arm: 'left_out', reason: of });
    }
    const count = (arm: string): number => rows.filter((row) => row.arm === arm).length;
    expect(report).toEqual({
      planned: 1,
      audience: 400,
      treated: count('treated'),
      holdout: count('holdout'),
      leftOut: 1200,
    });
    const id = await soleCampaign(storeId);
    const campaign = await db.database.inStore(storeId, (tx) => loadCampaign(tx, id));
    expect(campaign).toMatchObject({
      id: uuidOf('campaign', storeId, 'win-back-2026-06-01'),
      name: 'Win back customers, 1 June 2026',
      segmentId: segmentId(storeId, 'win-back'),
      state: 'draft',
      holdoutShare: 0.2,
      plan: { goal: 'win_back', offer: null, sendDays: 7, measureDays: 60, randomHourShare: 0.1 },
      funnel: { segment: 1600, audience: 400, treated: count('treated'), holdout: count('holdout'), storeControl: 0 },
    });
    for (const [reason, people] of Object.entries(campaign.funnel.leftOut))
      expect(people).toBe(rows.filter((row) => row.reason === reason).length);
    // 400 draws at .2: five standard deviations around 80.
    expect(Math.abs(count('holdout') - 80)).toBeLessThan(40);
    const a = rows.filter((row) => row.variant_key === 'a').length;
    expect(Math.abs(a - count('treated') / 2)).toBeLessThan(45);
  });

  test('can be replayed by anyone with the key', async () => {
    const { storeId, engine } = await plant('Replay', 130, { controlShare: 0.25, language: 'es' });
    await planCampaigns(engine, storeId);
    const drawKey = uuidOf('draw', 'Replay');
    const rows = await placed(storeId);
    for (const row of rows) {
      const again = assign(row.key, row.reason === 'store_control' ? null : (row.reason as RefusalReason | null), {
        drawKey,
        campaignKey: 'win-back-2026-06-01',
        holdoutShare: 0.2,
        controlShare: 0.25,
        offer: null,
      });
      expect(row).toMatchObject({
        arm: again.arm,
        reason: again.reason,
        draw: again.draw,
        variant_key: again.variantKey,
      });
      expect(row.draw).toBe(draw(drawKey, 'win-back-2026-06-01', row.key));
      if (row.reason === 'store_control') expect(draw(drawKey, '*', row.key)).toBeLessThan(0.25);
    }
    const campaign = await db.database.inStore(storeId, async (tx) => loadCampaign(tx, await soleCampaign(storeId)));
    expect(campaign.name).toBe('Recuperar clientes, 1 de junio de 2026');
    const { leftOut, audience, storeControl, segment } = campaign.funnel;
    expect(storeControl).toBe(rows.filter((row) => row.reason === 'store_control').length);
    expect(Object.values(leftOut).reduce((sum, one) => sum + one, 0) + audience + storeControl).toBe(segment);
  });

  test('waits while a campaign is open and until its people are free again', async () => {
    const { storeId, engine } = await plant('Patience', 52);
    expect(await planCampaigns(engine, storeId)).toMatchObject({ planned: 1 });
    expect(await planCampaigns(engine, storeId)).toEqual({ planned: 0 });
    const id = await soleCampaign(storeId);
    await toState(engine, storeId, id, 'awaiting_approval');
    await approveCampaign(engine, storeId, id, 'user:1');
    await toState(engine, storeId, id, 'measuring');
    await toState(engine, storeId, id, 'completed');
    engine.clock.advance(59 * DAY);
    expect(await planCampaigns(engine, storeId)).toEqual({ planned: 0 });
    engine.clock.advance(DAY);
    expect(await planCampaigns(engine, storeId)).toMatchObject({ planned: 1 });
  });

  test('two workers at once plan one campaign', async () => {
    const { storeId, engine } = await plant('Race', 52);
    const reports = await Promise.all([planCampaigns(engine, storeId), planCampaigns(engine, storeId)]);
    expect(reports.reduce((sum, report) => sum + Number(report['planned']), 0)).toBe(1);
    expect(await placed(storeId)).toHaveLength(52);
  });

  test('plans nothing for nobody', async () => {
    const storeId = await buildStore(db.database, { name: 'Nobody' });
    expect(await planCampaigns(buildEngine(db.database, { now: NOW }), storeId)).toEqual({ planned: 0 });
  });
});

describe('a person decides', () => {
  test('approval starts the clocks and is written down', async () => {
    const { storeId, engine } = await plant('Approval', 26);
    await planCampaigns(engine, storeId);
    const id = await soleCampaign(storeId);
    await expect(approveCampaign(engine, storeId, id, 'user:7')).rejects.toMatchObject({ code: 'wrong_state' });
    await toState(engine, storeId, id, 'awaiting_approval');
    engine.clock.advance(DAY);
    await approveCampaign(engine, storeId, id, 'user:7');
    const at = engine.clock.now();
    const campaign = await db.database.inStore(storeId, (tx) => loadCampaign(tx, id));
    expect(campaign).toMatchObject({
      state: 'running',
      approvedAt: at,
      approvedBy: 'user:7',
      sendFrom: at,
      sendUntil: new Date(at.getTime() + 7 * DAY),
      measureUntil: new Date(at.getTime() + 60 * DAY),
    });
    await pauseCampaign(engine, storeId, id, 'user:7');
    await expect(approveCampaign(engine, storeId, id, 'user:7')).rejects.toMatchObject({ code: 'wrong_state' });
    await resumeCampaign(engine, storeId, id, 'user:8');
    await cancelCampaign(engine, storeId, id, 'user:8');
    await expect(resumeCampaign(engine, storeId, id, 'user:8')).rejects.toMatchObject({ code: 'wrong_state' });
    const entries = await db.database.inStore(storeId, (tx) =>
      tx.rows('SELECT actor, action, subject FROM audit_entries ORDER BY id'),
    );
    expect(entries).toEqual(
      [
        ['stage:campaigns', 'planned'],
        ['user:7', 'approved'],
        ['user:7', 'paused'],
        ['user:8', 'resumed'],
        ['user:8', 'cancelled'],
      ].map(([actor, action]) => ({ actor, action: `campaign.${String(action)}`, subject: id })),
    );
    // Some may have had their mail: the cancelled campaign's people stay out of the next one until its window is over.
    engine.clock.advance(DAY);
    expect(await planCampaigns(engine, storeId)).toEqual({ planned: 0 });
  });

  test('not when its offer would end too early; a campaign that was never approved binds nobody', async () => {
    const { storeId, engine } = await plant('Offer', 26);
    await db.database.inStore(storeId, (tx) =>
      saveSettings(tx, storeSettings.parse({ offer: { kind: 'percent', value: 10, code: 'BACK10' } })),
    );
    await planCampaigns(engine, storeId);
    const id = await soleCampaign(storeId);
    const { plan } = await db.database.inStore(storeId, (tx) => loadCampaign(tx, id));
    // 7 days of sending and 28 more, to the end of the day in Madrid.
    expect(plan.offer?.until).toEqual(new Date('2026-07-06T21:59:59.999Z'));
    await toState(engine, storeId, id, 'awaiting_approval');
    engine.clock.advance(29 * DAY);
    await expect(approveCampaign(engine, storeId, id, 'user:1')).rejects.toThrow(/offer .* ends on 2026-07-06/);
    await cancelCampaign(engine, storeId, id, 'user:1');
    expect(await planCampaigns(engine, storeId)).toMatchObject({ planned: 1 });
  });

  test('in another store there is no such campaign', async () => {
    const { storeId, engine } = await plant('Mine', 26);
    await planCampaigns(engine, storeId);
    const other = await buildStore(db.database, { name: 'Not mine' });
    await expect(approveCampaign(engine, other, await soleCampaign(storeId), 'user:1')).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the rules', () => {
  test('nothing leaves an end, and running is reached only through an approval or a pause', () => {
    for (const from of CAMPAIGN_STATES) {
      expect(mayMove(from, from)).toBe(false);
      expect(mayMove('completed', from) || mayMove('cancelled', from)).toBe(false);
      expect(mayMove(from, 'running')).toBe(from === 'awaiting_approval' || from === 'paused');
    }
  });

  test('no plan beside an open campaign or inside a window', () => {
    const campaign = fc.record({
      state: fc.constantFrom(...CAMPAIGN_STATES),
      approvedAt: fc.constantFrom(null, daysAgo(30)),
      measureUntil: fc.constantFrom(daysAgo(1), daysAgo(-1)),
    });
    fc.assert(
      fc.property(fc.array(campaign), (earlier) => {
        if (!mayPlan(earlier, NOW)) return;
        expect(earlier.every((one) => one.state === 'completed' || one.state === 'cancelled')).toBe(true);
        expect(earlier.every((one) => one.approvedAt === null || one.measureUntil <= NOW)).toBe(true);
      }),
    );
  });

  test('the first reason that holds is the one that is told', () => {
    const facts = {
      hasEmail: true,
      suppressed: false,
      refusal: null,
      asked: null,
      scoreState: 'scored',
      lastOrderAt: null,
      mails: 0,
      leaveChance: null,
      uplift: null,
    };
    const rules = { now: NOW, scoredAt: daysAgo(10), cap: { messages: 2, days: 7 }, topic: 'offers' };
    expect(leaveOut(facts, rules)).toBeUndefined();
    expect(leaveOut({ ...facts, hasEmail: false, suppressed: true, mails: 9 }, rules)).toBe('no_email');
    expect(leaveOut({ ...facts, suppressed: true, refusal: 'no_consent' }, rules)).toBe('suppressed');
    expect(leaveOut({ ...facts, refusal: 'consent_expired', scoreState: null }, rules)).toBe('consent_expired');
    expect(leaveOut({ ...facts, asked: 'asked_pause', scoreState: null }, rules)).toBe('asked_pause');
    expect(leaveOut({ ...facts, scoreState: null, mails: 9 }, rules)).toBe('not_enough_data');
    expect(leaveOut({ ...facts, lastOrderAt: daysAgo(9), mails: 9 }, rules)).toBe('ordered_recently');
    expect(leaveOut({ ...facts, lastOrderAt: daysAgo(11), mails: 2 }, rules)).toBe('capped');
    expect(leaveOut({ ...facts, leaveChance: 0.03, uplift: -0.1 }, rules)).toBe('would_leave');
    expect(leaveOut({ ...facts, leaveChance: 0.01, uplift: -0.001 }, rules)).toBe('sleeping_dog');
    expect(leaveOut({ ...facts, leaveChance: 0.01, uplift: 0.001 }, rules)).toBeUndefined();
    expect(orderedSince({ now: NOW, scoredAt: NOW })).toEqual(daysAgo(7));
  });
});
