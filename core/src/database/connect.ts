/**
 * The database as the rest of the code sees it: transactions that belong to one store. Row-level security does the rest
 * (prisma/migrations): a query outside such a transaction sees no row and writes none.
 *
 * One transaction is one connection with three ways to use it: `db` (Kysely, typed from the Prisma schema), `rows` (plain
 * SQL where a set is too clever for a builder) and `copyIn` (COPY into a temporary table, for rows by the thousand).
 * PostgreSQL refuses COPY into a table with row-level security, hence "temporary": copy, then INSERT … SELECT.
 */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { fail } from '../errors.ts';
import { copyRows, type CopyValue } from './copy.ts';
import type { DB } from './schema.ts';

export interface Transaction {
  readonly db: Kysely<DB>;
  /** Runs one statement and gives its rows. `values` are $1, $2, … */
  rows<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Runs a statement for its effect and gives the number of rows it touched. */
  run(sql: string, values?: unknown[]): Promise<number>;
  /** COPY … FROM STDIN into a temporary table (text format). Gives the number of rows. */
  copyIn(table: string, columns: string[], rows: Iterable<CopyValue[]> | AsyncIterable<CopyValue[]>): Promise<number>;
  /** The connection itself, for what none of the above can do (a COPY of ready-made bytes, a cursor). */
  readonly client: pg.PoolClient;
}

/** A uuid[] parameter. Ids need no quotes, and to be asked for them one by one takes longer than the statement. */
export function uuids(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

export interface StoreTransaction extends Transaction {
  readonly storeId: string;
}

export interface Database {
  /** A transaction in which only this store's rows exist. */
  inStore<Result>(storeId: string, work: (tx: StoreTransaction) => Promise<Result>): Promise<Result>;
  /** A transaction over the directory only: organisations, stores, users. No tenant table has a row in it. */
  inDirectory<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Address of the database for those that need a connection of their own (the queue). */
  readonly url: string;
  close(): Promise<void>;
}

// bigint columns hold money in minor units and counters: numbers up to 2^53, never beyond.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw fail('internal', `bigint ${text} is beyond 2^53`);
  return value;
});

export interface ConnectOptions {
  /** postgresql://rekindle_app:…@host:port/database */
  url: string;
  /** Connections held at most. Default 10. */
  connections?: number;
}

export function connectDatabase(options: ConnectOptions): Database {
  const pool = new pg.Pool({ connectionString: options.url, max: options.connections ?? 10 });
  // An idle connection that PostgreSQL ended (a restart) is not an error: the pool opens another.
  pool.on('error', () => undefined);

  async function transact<Result>(
    settings: Record<string, string>,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const client = await pool.connect();
    let broken: Error | undefined;
    // A connection that ends between two statements says so here, and a word that nobody hears would end the process. The
    // next statement fails, and with it the transaction.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      const names = Object.keys(settings);
      const calls = names.map((_, i) => `set_config($${String(i * 2 + 1)}, $${String(i * 2 + 2)}, true)`);
      await client.query('BEGIN');
      await client.query(`SELECT ${calls.join(', ')}`, Object.entries(settings).flat());
      const result = await work(onClient(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: unknown) => {
        broken = cause instanceof Error ? cause : new Error(String(cause));
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  return {
    url: options.url,
    inStore: (storeId, work) => transact({ 'app.store_id': storeId }, (tx) => work({ ...tx, storeId })),
    inDirectory: (work) => transact({ 'app.directory': 'on' }, work),
    close: () => pool.end(),
  };
}

function onClient(client: pg.PoolClient): Transaction {
  const borrowed = { query: client.query.bind(client), release: () => undefined };
  return {
    client,
    db: new Kysely<DB>({
      dialect: new PostgresDialect({
        pool: { options: {}, connect: () => Promise.resolve(borrowed as pg.PoolClient), end: () => Promise.resolve() },
      }),
    }),
    rows: async <Row extends object>(sql: string, values?: unknown[]) => (await client.query<Row>(sql, values)).rows,
    run: async (sql, values) => (await client.query(sql, values)).rowCount ?? 0,
    copyIn: (table, columns, rows) => copyRows(client, table, columns, rows),
  };
}
