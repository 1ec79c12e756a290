/** Totals reckoned on the way in are those that the database finds afterwards, and its days are the database's. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { ID } from './ids.ts';
import { Names } from './names.ts';
import { Tally } from './tally.ts';
import { dayStarts, insertTotals, refreshTotals } from './totals.store.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

const HOUR = 3_600_000;

/** Ids 1, 2, 3 … of as many people. */
function idsOf(people: number): Uint8Array {
  const ids = new Uint8Array(ID * people);
  for (let person = 0; person < people; person++) ids[ID * person + ID - 1] = person + 1;
  return ids;
}

const orders = fc.array(
  fc.record({
    person: fc.integer({ min: 0, max: 2 }),
    at: fc.integer({ min: 0, max: 90 * 24 }).map((hours) => Date.UTC(2025, 1, 1) + hours * HOUR),
    amount: fc.integer({ min: 0, max: 500 }),
    returned: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

test.each(['Europe/Madrid', 'America/Havana', 'Pacific/Apia'])('in whatever order of time, in %s', async (timeZone) => {
  const storeId = await buildStore(base.database, { name: timeZone, timeZone });
  await fc.assert(
    fc.asyncProperty(orders, async (made) => {
      const found = await base.database
        .inStore(storeId, async (tx) => {
          const starts = await dayStarts(tx, timeZone);
          const tally = new Tally(starts ?? new Float64Array());
          for (const { person, at, amount, returned } of made) tally.add(person, at, amount, returned);
          await insertTotals(tx, tally.take(idsOf(3)));
          const look = 'DELETE FROM customer_totals RETURNING to_jsonb(customer_totals)::text AS row';
          const reckoned = await tx.rows<{ row: string }>(look);
          await tx.run(
            `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
            SELECT gen_random_uuid(), $1, lpad(to_hex(person + 1), 32, '0')::uuid, 'csv', at::text, CASE WHEN returned THEN 'return' ELSE 'sale' END,
              to_timestamp(at / 1000), amount, 'EUR'
            FROM jsonb_to_recordset($2) AS o (person int, at bigint, amount bigint, returned boolean)`,
            [storeId, JSON.stringify(made)],
          );
          await refreshTotals(tx, timeZone, 'all');
          throw new Found(tally.exact, reckoned, await tx.rows<{ row: string }>(look));
        })
        .catch((error: unknown) => {
          if (error instanceof Found) return error;
          throw error;
        });
      expect(found.exact).toBe(true);
      expect(found.reckoned.map(({ row }) => row).toSorted()).toEqual(found.expected.map(({ row }) => row).toSorted());
    }),
    { numRuns: 25 },
  );
});

/** Carries what was found out of a transaction that leaves nothing behind. */
class Found extends Error {
  readonly exact: boolean;
  readonly reckoned: { row: string }[];
  readonly expected: { row: string }[];
  constructor(exact: boolean, reckoned: { row: string }[], expected: { row: string }[]) {
    super('found');
    this.exact = exact;
    this.reckoned = reckoned;
    this.expected = expected;
  }
}

test('each hour of the clock’s odd days lies in the day that the database names', async () => {
  const storeId = await buildStore(base.database, { name: 'Days' });
  for (const zone of ['Europe/Madrid', 'America/Havana', 'America/Sao_Paulo', 'Asia/Beirut', 'Pacific/Apia', 'UTC']) {
    const { starts, days } = await base.database.inStore(storeId, async (tx) => ({
      starts: await dayStarts(tx, zone),
      // Every half hour of the years in which each of them changed its clocks in its own way.
      days: await tx.rows<{ at: number; day: number }>(
        `SELECT extract(epoch FROM at)::float8 * 1000 AS at, (at AT TIME ZONE $1)::date - '1995-01-01'::date AS day
        FROM generate_series('2010-01-01Z'::timestamptz, '2012-01-01Z'::timestamptz, '30 minutes') AS at`,
        [zone],
      ),
    }));
    expect(starts).toBeDefined();
    let day = 0;
    const wrong = days.filter((one) => {
      while (one.at >= (starts?.[day + 1] ?? Number.POSITIVE_INFINITY)) day++;
      return day !== one.day;
    });
    expect(wrong).toEqual([]);
  }
  // A minute after midnight the clock went back to the day before.
  expect(await base.database.inStore(storeId, (tx) => dayStarts(tx, 'America/St_Johns'))).toBeUndefined();
});

test('what it cannot reckon it says', () => {
  const starts = Float64Array.from([0, 24 * HOUR, 48 * HOUR]);
  const before = new Tally(starts);
  before.add(0, -1, 1, false);
  expect(before.exact).toBe(false);
  const after = new Tally(starts);
  after.add(0, 47 * HOUR, 1, false);
  expect(after.exact).toBe(true);
  // When the last day ends is not known.
  after.add(0, 48 * HOUR, 1, false);
  expect(after.exact).toBe(false);
  const large = new Tally(starts);
  for (let order = 0; order < 3; order++) large.add(0, 0, Number.MAX_SAFE_INTEGER / 2, false);
  large.take(idsOf(1));
  expect(large.exact).toBe(false);
});

test('texts have the numbers of a map', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3000 }), (texts) => {
      const names = new Names();
      const map = new Map<string, number>();
      for (const text of texts) {
        if (!map.has(text)) map.set(text, map.size);
        expect(names.numberOf(text)).toBe(map.get(text));
      }
      expect(names.texts).toEqual([...map.keys()]);
      names.clear();
      expect(names.numberOf('anew')).toBe(0);
    }),
    { numRuns: 20 },
  );
});
