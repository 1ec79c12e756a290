/** A scored store whose people come into the ready-made journeys, to let them walk in a test; told in days before `now`. */
import type { Database } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import { refreshSegments } from '../segments/index.ts';
import { runJourneys } from '../journeys/index.ts';
import { writeCampaigns } from '../generation/index.ts';
import type { TestEngine } from './engine.ts';
import { buildStore, type StoreOptions } from './store.ts';

const DAY = 86_400_000;

export interface JourneyStoreOptions extends StoreOptions {
  /** Regulars who are late: they come into “Slipping away”. Default 20 */
  slipping?: number;
  /** Bought once and are late: they come into “The second order never came”. Default 0 */
  once?: number;
  country?: string;
  timeZone?: string;
}

export interface BuiltJourneyStore {
  storeId: string;
  /** Person n, from 0: the slipping ones first */
  customerId(number: number): string;
  email(number: number): string;
  /** The run of a ready-made journey */
  runId(key: string): Promise<string>;
  /** Scores everybody again, so that segments and journeys look afresh */
  rescore(now: Date): Promise<void>;
  /** An order of each of these people, as the pull would leave it */
  order(numbers: number[], at: Date, amount?: number): Promise<void>;
}

/** Makes the store, its segments, and its journeys: drafted, written, and waiting for a yes. */
export async function buildJourneyStore(
  engine: TestEngine,
  options: JourneyStoreOptions = {},
): Promise<BuiltJourneyStore> {
  const database: Database = engine.database;
  const storeId = await buildStore(database, options);
  const { slipping = 20, once = 0 } = options;
  const numbers = Array.from({ length: slipping + once }, (_, number) => number);
  const customerId = (number: number): string => uuidOf('customer', storeId, String(number));
  const email = (number: number): string => `person${String(number)}@example.com`;
  const now = engine.clock.now();
  const ago = (days: number): Date => new Date(now.getTime() - days * DAY);
  let version = 0;

  const built: BuiltJourneyStore = {
    storeId,
    customerId,
    email,
    async runId(key) {
      const rows = await database.inStore(storeId, (tx) =>
        tx.rows<{ id: string }>(
          `SELECT c.id FROM campaigns c JOIN journeys j ON j.id = c.journey_id WHERE c.store_id = $1 AND j.key = $2
           ORDER BY c.planned_at DESC LIMIT 1`,
          [storeId, key],
        ),
      );
      return rows[0]?.id ?? '';
    },
    async rescore(at) {
      version++;
      await database.inStore(storeId, async (tx) => {
        await tx.run(
          `INSERT INTO score_runs (store_id, version, as_of, method, customers, data_version, created_at) VALUES ($1, $2, $3, 'test', 1, 1, $3)`,
          [storeId, version, at],
        );
        // Whoever ordered in the last 30 days is active again.
        await tx.run(
          `INSERT INTO scores (store_id, version, customer_id, state, value_at_risk, days_since_last, life_stage, reasons)
           SELECT $1, $2, customer_id, 'scored', 12000, floor(extract(epoch FROM $3 - last_order_at) / 86400),
             CASE WHEN last_order_at > $3::timestamptz - interval '30 days' THEN 'active' ELSE 'slipping' END, '[]'
           FROM customer_totals WHERE store_id = $1`,
          [storeId, version, at],
        );
        await tx.run('UPDATE stores SET score_version = $2 WHERE id = $1', [storeId, version]);
      });
      await refreshSegments(engine, storeId);
    },
    async order(numbers, at, amount = 4000) {
      const people = numbers.map(customerId);
      await database.inStore(storeId, async (tx) => {
        await tx.run(
          `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
           SELECT gen_random_uuid(), $1, id, 'csv', gen_random_uuid()::text, 'sale', $3, $4, 'EUR' FROM unnest($2::uuid[]) AS p (id)`,
          [storeId, people, at, amount],
        );
        await tx.run(
          `UPDATE customer_totals SET last_order_at = greatest(last_order_at, $3), orders = orders + 1, revenue = revenue + $4,
             purchase_days = purchase_days + 1 WHERE store_id = $1 AND customer_id = ANY ($2)`,
          [storeId, people, at, amount],
        );
        await tx.run('UPDATE stores SET data_version = data_version + 1 WHERE id = $1', [storeId]);
      });
    },
  };

  await database.inStore(storeId, async (tx) => {
    const people = [storeId, numbers.map(customerId), numbers.map(String), numbers.map(email)];
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, first_name, country, time_zone, created_at, updated_at)
       SELECT id, $1, 'csv:' || key, email, 'Person ' || key, $5, $6, $7, $7
       FROM unnest($2::uuid[], $3::text[], $4::text[]) AS p (id, key, email)`,
      [...people, options.country ?? 'ES', options.timeZone ?? null, ago(400)],
    );
    await tx.run(
      `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at)
       SELECT $1, id, n, n, n * 3000, CASE WHEN n > 1 THEN $4::timestamptz ELSE $5 END, $5
       FROM unnest($2::uuid[], $3::int[]) AS p (id, n)`,
      [storeId, numbers.map(customerId), numbers.map((number) => (number < slipping ? 3 : 1)), ago(300), ago(90)],
    );
    await tx.run(
      `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
       SELECT gen_random_uuid(), $1, id, 'csv', id || '-' || k, 'sale', CASE WHEN k = n THEN $5::timestamptz ELSE $4::timestamptz + k * interval '40 days' END,
         3000, 'EUR' FROM unnest($2::uuid[], $3::int[]) AS p (id, n), generate_series(1, n) k`,
      [storeId, numbers.map(customerId), numbers.map((number) => (number < slipping ? 3 : 1)), ago(300), ago(90)],
    );
  });
  await built.rescore(now);
  await runJourneys(engine, storeId);
  await writeCampaigns(engine, storeId);
  return built;
}
