/**
 * One pull of one connection into the tables. Reading and gathering go on here while PostgreSQL merges the piece before, so
 * the slower of the two sets the pace and not their sum.
 */
import type { Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import type { Connector, PullBatch } from '../ports.ts';
import {
  endPull,
  growDataVersion,
  readCursor,
  saveImport,
  type ImportState,
  type SourceConnection,
} from './imports.store.ts';
import { mergeTold, mergeTwins } from './merge.ts';
import { mergeOrders, mergeProducts, openStage, stagePeople, type OrderCounts } from './orders.store.ts';
import { stageOrders, type OrderChunk, type Staging } from './orders.ts';
import { mergePeople } from './people.store.ts';
import type { TakenPeople } from './people.ts';
import { noneRejected, reject } from './rejected.ts';
import { Tally } from './tally.ts';
import { dayStarts, insertTotals, refreshTotals } from './totals.store.ts';
import { zonesOfCountries } from './zones.ts';

/**
 * Lines (or people of a list) gathered before they are merged: large enough to amortise, small enough to stay within what a
 * session of PostgreSQL holds of its temporary tables (temp_buffers, 8 MB).
 */
const PIECE = 48_000;
/** The first piece is small, so that PostgreSQL soon has something to do; each is twice the one before. */
const FIRST_PIECE = 8_000;

export interface PullReport {
  customers: number;
  orders: number;
  lines: number;
  /** Customers and orders that were there and changed */
  changed: number;
  rejected: number;
  rowsRead: number;
}

export interface Pull {
  engine: Engine;
  store: Store;
  connection: SourceConnection;
  connector: Connector;
  /** As of when; also the start of the import */
  now: Date;
  importId: string;
  /** Told after every batch */
  progress(batch: PullBatch): Promise<void>;
}

export function runPull(pull: Pull): Promise<PullReport> {
  return pull.connector.commit === 'whole' ? pullWhole(pull) : pullByBatch(pull);
}

/** All of it or nothing: one transaction. */
function pullWhole(pull: Pull): Promise<PullReport> {
  const { engine, store, connector, now } = pull;
  return engine.database.inStore(store.id, async (tx) => {
    const work = beginWork(pull);
    work.begin(await openStage(tx));
    await work.reckon(tx);
    let cursor: unknown;
    let merging: Promise<void> = Promise.resolve();
    let piece = FIRST_PIECE;
    try {
      const request = { cursor: (await readCursor(tx, pull.connection.id)) ?? undefined, until: now };
      for await (const batch of connector.pull(request)) {
        work.gather(batch);
        cursor = batch.cursor ?? cursor;
        await pull.progress(batch);
        if (work.held() < piece) continue;
        piece = Math.min(PIECE, piece * 2);
        // Made ready while the one before is still being merged: else PostgreSQL would wait for it.
        const taken = work.take();
        await merging;
        merging = work.merge(tx, taken);
        // A failure is met by the next await; until then it must not count as unhandled.
        merging.catch(() => undefined);
      }
    } finally {
      // The connection is busy with the piece: nobody may use it before, not even to roll back.
      await merging.catch(() => undefined);
    }
    await merging;
    await work.finish(tx, { cursor, done: true });
    return work.report();
  });
}

/** Each batch in its transaction with its cursor. Stops where another process has pulled meanwhile: that one goes on. */
async function pullByBatch(pull: Pull): Promise<PullReport> {
  const { engine, store, connection, connector, now } = pull;
  const before = await engine.database.inStore(store.id, (tx) => readCursor(tx, connection.id));
  let expected = JSON.stringify(before);
  const work = beginWork(pull);
  for await (const batch of connector.pull({ cursor: before ?? undefined, until: now })) {
    work.gather(batch);
    const mine = await engine.database.inStore(store.id, async (tx) => {
      work.begin(await openStage(tx));
      if (JSON.stringify(await readCursor(tx, connection.id)) !== expected) return false;
      await work.merge(tx, work.take());
      await work.finish(tx, { cursor: batch.cursor, done: false });
      expected = JSON.stringify(await readCursor(tx, connection.id));
      return true;
    });
    if (!mine) return work.report();
    await pull.progress(batch);
  }
  await engine.database.inStore(store.id, (tx) => work.close(tx));
  return work.report();
}

interface Taken {
  chunk: OrderChunk;
  people: TakenPeople & { products: Buffer[] | undefined };
}

interface Work {
  /** Begins a transaction. `empty`: whether the store has no orders yet. */
  begin(empty: boolean): void;
  /** All of the pull is this one transaction: where nothing is there yet, totals can be reckoned on the way. */
  reckon(tx: StoreTransaction): Promise<void>;
  gather(batch: PullBatch): void;
  /** Lines and people gathered and not merged */
  held(): number;
  /** What was gathered and is whole; it is held no more. */
  take(): Taken;
  merge(tx: StoreTransaction, taken: Taken): Promise<void>;
  /** Merges people and products, reckons totals, notes the cursor and what the import has come to. */
  finish(tx: StoreTransaction, end: { cursor: unknown; done: boolean }): Promise<void>;
  /** Notes that there is no more. */
  close(tx: StoreTransaction): Promise<void>;
  report(): PullReport;
}

function beginWork(pull: Pull): Work {
  const { store, connection, connector, now } = pull;
  const rejected = noneRejected();
  const platform = connector.platform;
  // A file is one word, as of the start; a platform that is asked batch by batch speaks as of each.
  const repeats = connector.commit !== 'whole';
  let at = now;
  const staging = stageOrders({ storeId: store.id, platform, currency: store.currency, rejected });
  const total: OrderCounts & { customers: number; told: number; merged: number } = {
    orders: 0,
    lines: 0,
    changed: 0,
    customers: 0,
    told: 0,
    merged: 0,
  };
  const merges: NonNullable<PullBatch['merged']> = [];
  let rowsRead = 0;
  /** All counts together at the last look: more means that something new is committed. */
  let grown = 0;
  let listed = 0;
  let empty = false;
  let lowest = '';
  let highest = '';
  /** Whether no order was told that may have been told before */
  let once = true;

  async function merge(tx: StoreTransaction, { chunk, people }: Taken): Promise<void> {
    // Ids stand in the order of the platform's numbers: beyond those so far none can be there already.
    const beyond = lowest === '' || chunk.lowest > highest || chunk.highest < lowest;
    const mayKnow = !empty || (chunk.orderCount > 0 && !beyond);
    if (mayKnow) once = false;
    if (chunk.orderCount > 0) {
      if (chunk.highest > highest) highest = chunk.highest;
      if (lowest === '' || chunk.lowest < lowest) lowest = chunk.lowest;
    }
    const source = { platform, currency: store.currency, toldAt: repeats ? at : null };
    const counts = await mergeOrders(tx, source, chunk, { mayKnow, note: !empty });
    await stagePeople(tx, people);
    total.orders += counts.orders;
    total.lines += counts.lines;
    total.changed += counts.changed;
  }

  async function note(tx: StoreTransaction, done: boolean): Promise<void> {
    if (rowsRead === 0 && rejected.total === 0) return;
    const state: ImportState = {
      id: pull.importId,
      connection,
      state: done ? 'done' : 'running',
      startedAt: now,
      finishedAt: done ? now : null,
      rowsRead,
      customers: total.customers,
      orders: total.orders,
      rejected,
      error: null,
    };
    await saveImport(tx, state);
  }

  return {
    begin(isEmpty) {
      empty = isEmpty;
    },
    async reckon(tx) {
      if (!empty) return;
      const starts = await dayStarts(tx, store.timeZone);
      if (starts) staging.reckon(new Tally(starts));
    },
    gather(batch) {
      if (repeats) at = pull.engine.clock.now();
      for (const customer of batch.customers ?? []) staging.people.fromList(customer, at.getTime());
      for (const line of batch.orderLines ?? []) staging.add(line);
      for (const row of batch.rejected ?? []) reject(rejected, row);
      merges.push(...(batch.merged ?? []));
      listed += batch.customers?.length ?? 0;
      rowsRead = batch.rowsRead;
    },
    held: () => staging.size() + listed,
    take() {
      listed = 0;
      return { chunk: staging.take('complete'), people: takePeople(staging, 'written') };
    },
    merge,
    async finish(tx, end) {
      const chunk = staging.take('all');
      const totals = staging.totals();
      await merge(tx, { chunk, people: takePeople(staging, 'all') });
      const telling = { platform, at, repeats, once: staging.people.overflows() === 0 };
      const people = await mergePeople(tx, telling, zonesOfCountries());
      if (repeats) total.merged += await mergeTwins(tx, pull.engine.keys, at);
      for (const pair of merges.splice(0)) {
        const told = { ...pair, platform, actor: 'stage:ingest' };
        if (await mergeTold(tx, pull.engine.keys, told, at)) total.merged++;
      }
      const products = await mergeProducts(tx, platform);
      // Totals go by the ids that people have alone: right where every order has stayed with that one.
      if (totals && once && people.moved === 0 && total.merged === 0) await insertTotals(tx, totals.rows);
      else await refreshTotals(tx, store.timeZone, empty ? 'all' : 'touched');
      total.customers += people.customers;
      total.changed += people.changed;
      total.told += people.consents + products;
      const before = total.told + total.merged + total.orders + total.lines + total.changed + total.customers;
      if (before > grown) await growDataVersion(tx);
      grown = before;
      await endPull(tx, connection.id, { cursor: end.cursor, at: now, done: end.done });
      await note(tx, end.done);
    },
    async close(tx) {
      await endPull(tx, connection.id, { cursor: undefined, at: now, done: true });
      await note(tx, true);
    },
    report: () => ({
      customers: total.customers,
      orders: total.orders,
      lines: total.lines,
      changed: total.changed,
      rejected: rejected.total,
      rowsRead,
    }),
  };
}

function takePeople(staging: Staging, whom: 'written' | 'all'): Taken['people'] {
  return { ...staging.people.take(whom), products: staging.products.take(whom) };
}
