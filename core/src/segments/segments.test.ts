import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { compileRule, fromCustomers } from './compile.store.ts';
import { sql } from 'kysely';
import { seededRandom, uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, fakeClock, type TestDatabase } from '../testing/index.ts';
import type { Engine } from '../engine.ts';
import { holds } from './evaluate.ts';
import { thresholdOf, type Facts } from './facts.ts';
import {
  BUILT_IN_SEGMENTS,
  countSegment,
  previewSegment,
  refreshSegments,
  ruleSentence,
  segmentRule,
  type Rule,
} from './index.ts';
import { LIFE_STAGES } from '../scoring/index.ts';
import { NUMBER_FIELDS, RANK_FIELDS } from './rule.ts';
import { ruleScope } from './segment.store.ts';

const AS_OF = new Date('2026-06-01T00:00:00Z');
const DAY = 86_400_000;
const PRODUCTS = ['cup', 'tea', 'pot'].map((name) => uuidOf('product', name));
const COUNTRIES = ['ES', 'FR', 'US'];

let db: TestDatabase;
let storeId: string;
let people: Map<string, Facts>;
let engine: Engine;

beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(db.database);
  people = await plant(storeId, 400);
  // Another store's people must never show up.
  await plant(await buildStore(db.database, { name: 'Other' }), 30);
  engine = { database: db.database, clock: fakeClock(AS_OF) } as unknown as Engine;
});
afterAll(() => db.drop());

/** Random customers, some without orders, scores, address or country; returns what was planted as plain facts. */
async function plant(store: string, count: number): Promise<Map<string, Facts>> {
  const random = seededRandom(`segments ${store}`);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  const facts = new Map<string, Facts>();
  await db.database.inStore(store, async (tx) => {
    await tx.run('UPDATE stores SET score_version = 3 WHERE id = $1', [store]);
    await tx.run(
      `INSERT INTO score_runs (store_id, version, as_of, method, customers, data_version, created_at) VALUES ($1, 3, $2, 'test', $3, 1, $2)`,
      [store, AS_OF, count],
    );
    for (const id of PRODUCTS)
      await tx.run(
        `INSERT INTO products (id, store_id, platform, external_id, name, created_at) VALUES ($1, $2, 'csv', $3, 'x', $4)`,
        [uuidOf(store, id), store, id, AS_OF],
      );
    for (let i = 0; i < count; i++) {
      const id = uuidOf('customer', store, String(i));
      const fact = {
        ...Object.fromEntries(NUMBER_FIELDS.map((field) => [field, null])),
        life_stage: null,
        country: random.next() < 0.2 ? null : pick(COUNTRIES),
        language: pick([null, 'en', 'es', 'es-MX', 'EN-gb']),
        has_email: random.next() < 0.8,
        has_phone: random.next() < 0.3,
        bought: [],
      } as unknown as Facts;
      await tx.run(
        `INSERT INTO customers (id, store_id, key, email, phone, country, language, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$8)`,
        [
          id,
          store,
          `csv:${String(i)}`,
          fact.has_email ? `c${String(i)}@example.com` : null,
          fact.has_phone ? '600' : null,
          fact.country,
          fact.language,
          AS_OF,
        ],
      );
      if (random.next() < 0.9) {
        fact.purchase_days = 1 + Math.floor(random.next() * 4);
        fact.orders = fact.purchase_days + Math.floor(random.next() * 2);
        fact.revenue = Math.floor(random.next() * 40) * 100 - 300;
        const firstDaysAgo = Math.floor(random.next() * 40) / 2;
        fact.days_since_first = firstDaysAgo;
        await tx.run(
          `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at) VALUES ($1,$2,$3,$4,$5,$6,$6)`,
          [store, id, fact.purchase_days, fact.orders, fact.revenue, new Date(AS_OF.getTime() - firstDaysAgo * DAY)],
        );
        if (random.next() < 0.6) {
          const product = pick(PRODUCTS);
          const daysAgo = Math.floor(random.next() * 60) / 2;
          const orderId = uuidOf('order', id);
          fact.bought = [{ productId: uuidOf(store, product), daysAgo }];
          if (daysAgo > firstDaysAgo + 1) fact.last_gap_days = daysAgo - firstDaysAgo;
          await tx.run(
            `INSERT INTO orders (id, store_id, customer_id, platform, external_id, ordered_at, amount, currency) VALUES ($1,$2,$3,'csv',$4,$5,100,'EUR')`,
            [orderId, store, id, id, new Date(AS_OF.getTime() - daysAgo * DAY)],
          );
          await tx.run(
            `INSERT INTO order_lines (store_id, order_id, lines, product_ids, quantities, amounts) VALUES ($1,$2,'{1}',ARRAY[$3::uuid],'{1}','{100}')`,
            [store, orderId, uuidOf(store, product)],
          );
        }
      }
      if (random.next() < 0.85) {
        fact.days_since_last = Math.floor(random.next() * 100) / 2;
        fact.life_stage = pick(LIFE_STAGES);
        fact.p_alive = random.next() < 0.2 ? null : Math.floor(random.next() * 11) / 10;
        fact.value_at_risk = random.next() < 0.2 ? null : Math.floor(random.next() * 30) * 10;
        fact.expected_value_365 = random.next() < 0.2 ? null : Math.floor(random.next() * 30) * 10;
        await tx.run(
          `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, p_alive, value_at_risk, expected_value_365, reasons)
           VALUES ($1,3,$2,'scored',$3,$4,$5,$6,$7,'[]')`,
          [store, id, fact.days_since_last, fact.life_stage, fact.p_alive, fact.value_at_risk, fact.expected_value_365],
        );
        // Scores of an older version count for nothing.
        await tx.run(
          `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, p_alive, reasons) VALUES ($1,2,$2,'scored',0,'lapsed',0,'[]')`,
          [store, id],
        );
      }
      facts.set(id, fact);
    }
  });
  return facts;
}

const figure = fc.oneof(
  fc.integer({ min: -5, max: 60 }),
  fc.integer({ min: -400, max: 4000 }),
  fc.constantFrom(0.1, 0.5, 0.9),
);
const field = fc.constantFrom(...NUMBER_FIELDS);
const some = <T>(list: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...list], { minLength: 1 });
const condition: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ field, op: fc.constant('at_least' as const), value: figure }),
  fc.record({ field, op: fc.constant('at_most' as const), value: figure }),
  fc.record({ field, op: fc.constant('between' as const), value: fc.tuple(figure, figure) }),
  fc.record({
    field: fc.constantFrom(...RANK_FIELDS),
    op: fc.constant('top' as const),
    value: fc.constantFrom(0.01, 0.1, 0.2, 0.5, 0.75, 1),
  }),
  fc.record({ field: fc.constant('life_stage' as const), op: fc.constant('in' as const), value: some(LIFE_STAGES) }),
  fc.record({ field: fc.constant('country' as const), op: fc.constant('in' as const), value: some(COUNTRIES) }),
  fc.record({
    field: fc.constant('language' as const),
    op: fc.constant('in' as const),
    value: some(['en', 'es', 'fr']),
  }),
  fc.record({
    field: fc.constantFrom('has_email' as const, 'has_phone' as const),
    op: fc.constant('is' as const),
    value: fc.boolean(),
  }),
  fc.record(
    {
      field: fc.constant('bought_product' as const),
      op: fc.constant('in' as const),
      value: some(PRODUCTS).map((ids) => ids.map((id) => uuidOf(uuidOf('store', 'Test store'), id))),
      withinDays: fc.integer({ min: 1, max: 30 }),
    },
    { requiredKeys: ['field', 'op', 'value'] },
  ),
);
const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    condition,
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((not) => ({ not })),
  ),
}));

function thresholds(name: (typeof RANK_FIELDS)[number], share: number): number | null {
  return thresholdOf(
    [...people.values()].map((one) => one[name]).filter((one) => one !== null),
    share,
  );
}

describe('a rule', () => {
  test('means the same people in SQL as in plain words', async () => {
    await db.database.inStore(storeId, async (tx) => {
      const scope = await ruleScope(tx);
      await fc.assert(
        fc.asyncProperty(rule, async (one) => {
          expect(segmentRule.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
          const { rows } = await sql<{ id: string }>`SELECT c.id FROM ${fromCustomers(scope)}
            WHERE c.store_id = ${storeId}::uuid AND ${compileRule(one, scope)}`.execute(tx.db);
          const expected = [...people].filter(([, facts]) => holds(one, facts, thresholds)).map(([id]) => id);
          expect(rows.map((row) => row.id).toSorted()).toEqual(expected.toSorted());
          expect(ruleSentence(one, 'en')).toMatch(/^\S.*\.$/);
          expect(ruleSentence(one, 'es')).toMatch(/^\S.*\.$/);
        }),
        { numRuns: 100, seed: 1 },
      );
    });
  });

  test('is refused where nobody can mean it', () => {
    let deep: unknown = { field: 'has_email', op: 'is', value: true };
    for (let i = 0; i < 12; i++) deep = { not: [deep] };
    for (const bad of [
      deep,
      { field: 'email', op: 'is', value: true },
      { field: 'revenue', op: 'at_least', value: '1; DROP TABLE orders' },
      { field: 'revenue', op: 'at_least', value: 1, extra: 1 },
      { field: 'country', op: 'in', value: ["ES') OR true --"] },
      { all: [] },
      null,
      'all',
    ])
      expect(segmentRule.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  });

  test('reads as a sentence', () => {
    const winBack: Rule = {
      all: [
        { field: 'life_stage', op: 'in', value: ['slipping', 'lapsed'] },
        { field: 'revenue', op: 'at_least', value: 5000 },
        { not: [{ field: 'country', op: 'in', value: ['FR'] }] },
      ],
    };
    expect(ruleSentence(winBack, 'en')).toBe(
      'Life stage is slipping or lapsed and spent so far: at least €\u00a050 and none of these: (country is France).',
    );
    expect(ruleSentence({ field: 'revenue', op: 'top', value: 0.2 }, 'es')).toBe(
      'Entre el mejor 20\u00a0% por gasto hasta ahora.',
    );
  });

  test('can be tried before it is saved, with the reason for everyone', async () => {
    const tried: Rule = {
      any: [
        { field: 'revenue', op: 'top', value: 0.1 },
        {
          all: [
            { field: 'life_stage', op: 'in', value: ['lapsed'] },
            { field: 'has_email', op: 'is', value: true },
          ],
        },
      ],
    };
    const { count, sample } = await previewSegment(engine, storeId, tried, { limit: 15 });
    expect(count).toBe(await countSegment(engine, storeId, tried));
    expect(sample).toHaveLength(15);
    for (const person of sample) {
      expect(person.why.length).toBeGreaterThan(0);
      expect(person.facts).toEqual(people.get(person.customerId));
    }
  });
});

describe('membership', () => {
  async function members(key: string): Promise<{ customer_id: string; entered_at: Date }[]> {
    return db.database.inStore(storeId, (tx) =>
      tx.rows(
        `SELECT customer_id, entered_at FROM segment_members JOIN segments s ON s.id = segment_id WHERE s.key = $1 ORDER BY 1`,
        [key],
      ),
    );
  }

  test('follows the scores, keeps the day a person came in, and rests when nothing moved', async () => {
    const clock = fakeClock(AS_OF);
    const at: Engine = { ...engine, clock };
    const first = await refreshSegments(at, storeId);
    expect(first).toMatchObject({ segments: BUILT_IN_SEGMENTS.length, refreshed: BUILT_IN_SEGMENTS.length, left: 0 });
    const lapsed = await members('lapsed');
    const expected = [...people].filter(([, facts]) => facts.life_stage === 'lapsed').map(([id]) => id);
    expect(lapsed.map((row) => row.customer_id)).toEqual(expected.toSorted());
    expect(await refreshSegments(at, storeId)).toEqual({
      segments: BUILT_IN_SEGMENTS.length,
      refreshed: 0,
      entered: 0,
      left: 0,
    });

    // A new scoring: one comes back, one lapses.
    clock.advance(DAY);
    const [back] = expected;
    const gone = [...people].find(([, facts]) => facts.life_stage === 'active')?.[0];
    await db.database.inStore(storeId, async (tx) => {
      await tx.run(
        `INSERT INTO score_runs (store_id, version, as_of, method, customers, data_version, created_at) VALUES ($1, 4, $2, 'test', 1, 1, $2)`,
        [storeId, AS_OF],
      );
      await tx.run(
        `INSERT INTO scores (store_id, version, customer_id, state, days_since_last, life_stage, reasons)
         SELECT store_id, 4, customer_id, state, days_since_last, CASE customer_id WHEN $1 THEN 'active' WHEN $2 THEN 'lapsed' ELSE life_stage END, reasons FROM scores WHERE version = 3`,
        [back, gone],
      );
      await tx.run('UPDATE stores SET score_version = 4');
    });
    const second = await refreshSegments(at, storeId);
    expect(second['refreshed']).toBe(BUILT_IN_SEGMENTS.length);
    const now = await members('lapsed');
    expect(now.map((row) => row.customer_id)).toEqual(
      [...expected.filter((id) => id !== back), String(gone)].toSorted(),
    );
    expect(now.find((row) => row.customer_id === gone)?.entered_at).toEqual(clock.now());
    expect(
      now.filter((row) => row.customer_id !== gone).every((row) => row.entered_at.getTime() === AS_OF.getTime()),
    ).toBe(true);
  });

  test('of a store that was never scored waits', async () => {
    const young = await buildStore(db.database, { name: 'Young' });
    expect(await refreshSegments(engine, young)).toEqual({ segments: 0, refreshed: 0, entered: 0, left: 0 });
  });
});
