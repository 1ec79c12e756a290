/**
 * The list of customers, a page at a time. Paging is by the last row seen, never by number, so that the thousandth page
 * costs what the first does; each life stage is walked along its index and the walks are merged.
 */
import type { StoreTransaction } from '../database/connect.ts';
import type { LifeStage } from '../scoring/index.ts';

export interface CustomerFacts {
  id: string;
  /** Platform and id there; the last resort for a name */
  key: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  lifeStage: LifeStage;
  /** scored, not_enough_data */
  state: string;
  daysSinceLast: number;
  usualIntervalDays: number | null;
  /** Minor units a year */
  valueAtRisk: number | null;
  /** 0..1 */
  returnChance90: number | null;
  lastOrderAt: Date | null;
  orders: number;
  reasons: unknown;
}

const COLUMNS = `s.customer_id AS id, c.key, c.first_name AS "firstName", c.last_name AS "lastName", c.email,
  s.life_stage AS "lifeStage", s.state, s.days_since_last AS "daysSinceLast", s.usual_interval_days AS "usualIntervalDays",
  s.value_at_risk AS "valueAtRisk", s.p_return_90 AS "returnChance90", t.last_order_at AS "lastOrderAt",
  coalesce(t.orders, 0) AS orders, s.reasons`;

const JOINS = `JOIN customers c ON c.id = s.customer_id
  LEFT JOIN customer_totals t ON t.store_id = s.store_id AND t.customer_id = s.customer_id`;

/** Where a page ended: the sorted value of its last row (null: among those without one) and that row's customer. */
export interface Place {
  value: number | null;
  id: string;
}

export interface CustomersAt {
  version: number;
  stages: string[];
  /** risk: most value at risk first, people without a figure last. silence: longest without an order first */
  sort: 'risk' | 'silence';
  after?: Place | undefined;
  limit: number;
}

export async function listCustomerFacts(tx: StoreTransaction, at: CustomersAt): Promise<CustomerFacts[]> {
  if (at.sort === 'silence') return walk(tx, at, { column: 'days_since_last', valued: true, after: at.after });
  const column = 'value_at_risk';
  if (at.after?.value === null) return walk(tx, at, { column, valued: false, after: at.after });
  const valued = await walk(tx, at, { column, valued: true, after: at.after });
  if (valued.length === at.limit) return valued;
  const rest = await walk(tx, { ...at, limit: at.limit - valued.length }, { column, valued: false });
  return [...valued, ...rest];
}

interface Walk {
  column: 'value_at_risk' | 'days_since_last';
  /** Rows with a figure, or those without */
  valued: boolean;
  after?: Place | undefined;
}

function walk(tx: StoreTransaction, at: CustomersAt, { column, valued, after }: Walk): Promise<CustomerFacts[]> {
  const from = !after ? '' : valued ? `AND (${column}, customer_id) < ($5, $6)` : 'AND customer_id < $5';
  const order = valued ? `${column} DESC, customer_id DESC` : 'customer_id DESC';
  return tx.rows<CustomerFacts>(
    `SELECT ${COLUMNS} FROM (
       SELECT one.* FROM unnest($3::text[]) AS stage CROSS JOIN LATERAL (
         SELECT * FROM scores
          WHERE store_id = $1 AND version = $2 AND life_stage = stage
            AND ${column} IS ${valued ? 'NOT NULL' : 'NULL'} ${from}
          ORDER BY ${order} LIMIT $4) one
       ORDER BY ${order} LIMIT $4) s ${JOINS}
     ORDER BY ${valued ? `s.${column} DESC,` : ''} s.customer_id DESC`,
    [
      tx.storeId,
      at.version,
      at.stages,
      at.limit,
      ...(after === undefined ? [] : valued ? [after.value, after.id] : [after.id]),
    ],
  );
}

/**
 * People whose first or last name begins with these words, or whose e-mail address or id on a platform is exactly them;
 * dearest first, `limit` at most. Accents and capitals do not count in names. Every branch is an index walk of its own.
 */
export async function findCustomerFacts(
  tx: StoreTransaction,
  search: { version: number; words: string; limit: number },
): Promise<CustomerFacts[]> {
  const words = search.words.split(/\s+/).filter(Boolean).slice(0, 8);
  // Where the first name ends is not known: every place is tried.
  const splits = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]);
  return tx.rows<CustomerFacts>(
    // Comparisons of stored text, not LIKE: under row-level security only they may use an index. No text sorts behind the
    // last character there is.
    `WITH given AS MATERIALIZED (
       SELECT rekindle_name_key($3) AS whole, rekindle_name_key($3) || U&'\\+10FFFF' AS whole_end),
     splits AS MATERIALIZED (
       SELECT rekindle_name_key(head) AS head, rekindle_name_key(head) || U&'\\+10FFFF' AS head_end,
              rekindle_name_key(tail) AS tail, rekindle_name_key(tail) || U&'\\+10FFFF' AS tail_end
         FROM unnest($4::text[], $5::text[]) AS s (head, tail)),
     found AS (
       (SELECT c.id FROM given CROSS JOIN LATERAL (SELECT id FROM customers
         WHERE store_id = $1 AND last_name_key >= whole AND last_name_key < whole_end LIMIT $6) c)
       UNION (SELECT c.id FROM given CROSS JOIN LATERAL (SELECT id FROM customers
         WHERE store_id = $1 AND first_name_key >= whole AND first_name_key < whole_end LIMIT $6) c)
       UNION (SELECT c.id FROM splits CROSS JOIN LATERAL (SELECT id FROM customers
         WHERE store_id = $1 AND last_name_key >= tail AND last_name_key < tail_end
           AND first_name_key >= head AND first_name_key < head_end LIMIT $6) c)
       UNION (SELECT id FROM customers WHERE store_id = $1 AND email = lower($7))
       UNION (SELECT customer_id FROM identities WHERE store_id = $1 AND external_id = $7
                 AND platform = ANY (SELECT DISTINCT platform FROM connections WHERE store_id = $1)))
     SELECT ${COLUMNS} FROM found f
       JOIN scores s ON s.store_id = $1 AND s.version = $2 AND s.customer_id = f.id ${JOINS}
     ORDER BY s.value_at_risk DESC NULLS LAST, s.customer_id DESC LIMIT $6`,
    [
      tx.storeId,
      search.version,
      words.join(' '),
      splits.map(([head]) => head),
      splits.map(([, tail]) => tail),
      search.limit,
      search.words.trim(),
    ],
  );
}
