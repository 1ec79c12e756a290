/**
 * Staged orders into orders and order_lines, set-based. An order that is already there takes in only lines it has not got,
 * so telling the same lines again, in other pieces or another order, ends in the same rows.
 *
 * Only called under the store's ingest lock: nobody else writes these tables.
 */
import { copyBinary } from '../database/copy.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { ORDER_COLUMNS, type OrderChunk } from './orders.ts';
import { CONSENT_COLUMNS, PEOPLE_COLUMNS, type TakenPeople } from './people.ts';
import { PRODUCT_COLUMNS } from './products.ts';

/**
 * Temporary tables of one transaction. COPY may not write to tables with row-level security, so it writes here. Gives
 * whether the store has no orders yet: then nothing has to be looked up.
 */
export async function openStage(tx: StoreTransaction): Promise<boolean> {
  // The second key is the store: pulls of one store wait for each other, pulls of two stores do not.
  await tx.run(`SELECT pg_advisory_xact_lock(hashtext('rekindle ingest'), hashtext($1))`, [tx.storeId]);
  await tx.run(`SET LOCAL jit = off; SET LOCAL work_mem = '64MB'`);
  await tx.run(`
    CREATE TEMPORARY TABLE staged_orders (id uuid, customer_id uuid, external_id text, returned int, ordered_at timestamptz, amount bigint,
      lines bigint[], product_ids uuid[], quantities int[], amounts bigint[]) ON COMMIT DROP;
    CREATE TEMPORARY TABLE staged_products (id uuid, external_id text, first_at timestamptz, name_word text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE staged_people (id uuid, external_id text, first_at timestamptz, email_word text, country_word text, zone_word text,
      phone text, first_name text, last_name text, language text, listed int) ON COMMIT DROP;
    CREATE TEMPORARY TABLE staged_consents (id uuid, state text, basis text, at timestamptz) ON COMMIT DROP;
    CREATE TEMPORARY TABLE known_orders (id uuid) ON COMMIT DROP;
    CREATE TEMPORARY TABLE grown_orders (id uuid, fresh int) ON COMMIT DROP;
    CREATE TEMPORARY TABLE touched (customer_id uuid) ON COMMIT DROP`);
  const [found] = await tx.rows<{ empty: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM orders WHERE store_id = $1) AS empty',
    [tx.storeId],
  );
  return found?.empty ?? false;
}

/** Appends what was gathered of people and products; merged by mergePeople and mergeProducts. */
export async function stagePeople(
  tx: StoreTransaction,
  rows: TakenPeople & { products: Buffer[] | undefined },
): Promise<void> {
  if (rows.people) await copyBinary(tx.client, 'staged_people', PEOPLE_COLUMNS, rows.people);
  if (rows.consents) await copyBinary(tx.client, 'staged_consents', CONSENT_COLUMNS, rows.consents);
  if (rows.products) await copyBinary(tx.client, 'staged_products', PRODUCT_COLUMNS, rows.products);
}

export interface OrderCounts {
  /** Orders that were not there */
  orders: number;
  /** Lines that were not there */
  lines: number;
  /** Orders that were there and changed */
  changed: number;
}

/**
 * Puts a chunk into the tables. `mayKnow`: whether any of its orders may be there; `note`: whether to note whose totals
 * it touches.
 */
export async function mergeOrders(
  tx: StoreTransaction,
  source: { platform: string; currency: string; toldAt: Date | null },
  chunk: OrderChunk,
  { mayKnow, note }: { mayKnow: boolean; note: boolean },
): Promise<OrderCounts> {
  if (!chunk.orders) return { orders: 0, lines: 0, changed: 0 };
  // Each table that is emptied costs; where nothing can be known the last two stay empty.
  await tx.run(`TRUNCATE staged_orders${mayKnow ? ', known_orders, grown_orders' : ''}`);
  await copyBinary(tx.client, 'staged_orders', ORDER_COLUMNS, chunk.orders);
  const late = source.toldAt !== null && mayKnow ? await leaveOutLate(tx, source.toldAt) : 0;
  // LATERAL … LIMIT: a look into the index an order, however large the table and whatever the planner believes.
  const known = mayKnow
    ? await tx.run(`
        INSERT INTO known_orders SELECT s.id FROM staged_orders s, LATERAL (SELECT FROM orders o WHERE o.id = s.id LIMIT 1) found`)
    : 0;
  const counts = { orders: chunk.orderCount - late - known, lines: 0, changed: 0 };
  const fresh = known === 0 ? '' : 'WHERE NOT EXISTS (SELECT FROM known_orders k WHERE k.id = s.id)';
  if (counts.orders > 0) {
    // No ORDER BY: the staged rows stand in the order of the orders' ids already. One statement: PostgreSQL does not wait for us between.
    await tx.run(
      `WITH heads AS (
        INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency, told_at)
        SELECT id, $1, customer_id, $2, external_id, CASE returned WHEN 0 THEN 'sale' ELSE 'return' END, ordered_at, amount, $3, $4::timestamptz FROM staged_orders s ${fresh}
      )
      INSERT INTO order_lines (store_id, order_id, lines, product_ids, quantities, amounts)
      SELECT $1, id, lines, product_ids, quantities, amounts FROM staged_orders s ${fresh}`,
      [tx.storeId, source.platform, source.currency, source.toldAt],
    );
    counts.lines = mayKnow ? await countLines(tx, fresh) : chunk.lineCount;
    if (note) await tx.run(`INSERT INTO touched SELECT DISTINCT customer_id FROM staged_orders s ${fresh}`);
  }
  if (known > 0) {
    const grown = await growOrders(tx);
    counts.lines += grown.lines;
    counts.changed = grown.changed;
    if (source.toldAt !== null)
      await tx.run('UPDATE orders o SET told_at = $1 FROM known_orders k WHERE o.id = k.id', [source.toldAt]);
  }
  return counts;
}

async function countLines(tx: StoreTransaction, which: string): Promise<number> {
  const [found] = await tx.rows<{ lines: number }>(
    `SELECT coalesce(sum(cardinality(lines)), 0)::int AS lines FROM staged_orders s ${which}`,
  );
  return found?.lines ?? 0;
}

/** What comes after newer words on an order is not told at all. Gives the number of orders left out. */
async function leaveOutLate(tx: StoreTransaction, toldAt: Date): Promise<number> {
  return tx.run('DELETE FROM staged_orders s USING orders o WHERE o.id = s.id AND o.told_at > $1', [toldAt]);
}

/**
 * Orders that were there: new lines come in, a line told again under its own id says what it says now. What is known is
 * only looked at: no row of it is locked or written.
 */
async function growOrders(tx: StoreTransaction): Promise<{ lines: number; changed: number }> {
  // Without it the planner may read the whole of a large table for a handful of orders.
  await tx.run('ANALYZE known_orders');
  await tx.run(
    `WITH told AS MATERIALIZED (
      SELECT s.id AS order_id, now.lines, now.product_ids, now.quantities, now.amounts, now.fresh
      FROM staged_orders s JOIN known_orders k ON k.id = s.id
      LEFT JOIN LATERAL (SELECT f.lines, f.product_ids, f.quantities, f.amounts FROM order_lines f WHERE f.order_id = s.id LIMIT 1) found ON true
      CROSS JOIN LATERAL (
        SELECT array_agg(line ORDER BY line) AS lines, array_agg(CASE WHEN told THEN t.product_id ELSE h.product_id END ORDER BY line) AS product_ids,
          array_agg(coalesce(t.quantity, h.quantity) ORDER BY line) AS quantities, array_agg(coalesce(t.amount, h.amount) ORDER BY line) AS amounts,
          count(*) FILTER (WHERE held IS NULL) AS fresh
        FROM unnest(found.lines, found.product_ids, found.quantities, found.amounts) WITH ORDINALITY AS h (line, product_id, quantity, amount, held)
        FULL JOIN (SELECT *, true AS told FROM unnest(s.lines, s.product_ids, s.quantities, s.amounts)) AS t (line, product_id, quantity, amount, told)
        USING (line)
      ) now
      WHERE (found.lines, found.product_ids, found.quantities, found.amounts) IS DISTINCT FROM (s.lines, s.product_ids, s.quantities, s.amounts)
        AND (found.lines, found.product_ids, found.quantities, found.amounts) IS DISTINCT FROM (now.lines, now.product_ids, now.quantities, now.amounts)
    ), written AS (
      INSERT INTO order_lines (store_id, order_id, lines, product_ids, quantities, amounts)
      SELECT $1, order_id, lines, product_ids, quantities, amounts FROM told ORDER BY order_id
      ON CONFLICT (order_id) DO UPDATE SET lines = excluded.lines, product_ids = excluded.product_ids, quantities = excluded.quantities, amounts = excluded.amounts)
    INSERT INTO grown_orders SELECT order_id, fresh FROM told`,
    [tx.storeId],
  );
  const [grown] = await tx.rows<{ lines: number }>('SELECT coalesce(sum(fresh), 0)::int AS lines FROM grown_orders');
  const [changed] = await tx.rows<{ orders: number }>(
    `WITH changed AS (
      UPDATE orders o SET amount = now.amount, ordered_at = now.ordered_at, kind = now.kind
      FROM (
        SELECT s.id, least(found.ordered_at, s.ordered_at) AS ordered_at, CASE s.returned WHEN 0 THEN 'sale' ELSE found.kind END AS kind,
          CASE WHEN g.id IS NULL THEN found.amount ELSE (SELECT sum(amount)::bigint FROM order_lines l, unnest(l.amounts) amount WHERE l.order_id = s.id) END AS amount
        FROM known_orders k JOIN staged_orders s ON s.id = k.id LEFT JOIN grown_orders g ON g.id = s.id
        CROSS JOIN LATERAL (SELECT f.ordered_at, f.kind, f.amount FROM orders f WHERE f.id = k.id LIMIT 1) found
        WHERE g.id IS NOT NULL OR s.ordered_at < found.ordered_at OR (s.returned = 0 AND found.kind <> 'sale')
      ) now
      WHERE o.id = now.id
      RETURNING o.customer_id
    ), noted AS (INSERT INTO touched SELECT DISTINCT customer_id FROM changed)
    SELECT count(*)::int AS orders FROM changed`,
  );
  return { lines: grown?.lines ?? 0, changed: changed?.orders ?? 0 };
}

/** Staged names into products; the newest word wins. Gives the number of new products. */
export async function mergeProducts(tx: StoreTransaction, platform: string): Promise<number> {
  const [counts] = await tx.rows<{ fresh: number }>(
    `WITH told AS (
      SELECT id, external_id, min(first_at) AS first_at, max(name_word COLLATE "C") AS word FROM staged_products GROUP BY id, external_id
    ), merged AS (
      INSERT INTO products AS p (id, store_id, platform, external_id, name, name_at, created_at)
      SELECT id, $1, $2, external_id, coalesce(substr(word, 25), external_id), left(word, 24)::timestamptz, first_at FROM told ORDER BY id
      ON CONFLICT (store_id, platform, external_id) DO UPDATE SET
        name = CASE WHEN (excluded.name_at, excluded.name COLLATE "C") > (coalesce(p.name_at, '-infinity'), p.name COLLATE "C") THEN excluded.name ELSE p.name END,
        name_at = greatest(p.name_at, excluded.name_at),
        created_at = least(p.created_at, excluded.created_at)
      WHERE excluded.created_at < p.created_at
        OR (excluded.name_at, excluded.name COLLATE "C") > (coalesce(p.name_at, '-infinity'), p.name COLLATE "C")
      RETURNING xmax = 0 AS fresh)
    SELECT count(*) FILTER (WHERE fresh)::int AS fresh FROM merged`,
    [tx.storeId, platform],
  );
  return counts?.fresh ?? 0;
}
