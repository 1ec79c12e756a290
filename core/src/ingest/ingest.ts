/**
 * The stage: pulls every source of the store and leaves customers, orders and consents. A source that cannot be reached now
 * holds up none of the others; one that is wrong is reported once all have had their turn.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import { refreshStatistics, type BulkTable } from '../database/statistics.ts';
import type { Engine, StageReport } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import type { Connector, PullBatch } from '../ports.ts';
import { uuidOf } from '../random.ts';
import {
  beginPull,
  countImports,
  failPull,
  loadSources,
  showProgress,
  type SourceConnection,
} from './imports.store.ts';
import { runPull, type PullReport } from './pull.ts';

const FILLED: BulkTable[] = ['customers', 'identities', 'consents', 'orders', 'order_lines', 'customer_totals'];

/**
 * Counts: sources, unreachable, customers, orders, lines (all new ones), changed (customers and orders that were there),
 * rejected, rowsRead. Throws what a source says that trying again will not mend (`bad_file` …); what other sources brought
 * is kept.
 */
export async function ingest(engine: Engine, storeId: string): Promise<StageReport> {
  const report = {
    sources: 0,
    unreachable: 0,
    customers: 0,
    orders: 0,
    lines: 0,
    changed: 0,
    rejected: 0,
    rowsRead: 0,
  };
  const { store, sources } = await engine.database.inStore(storeId, async (tx) => ({
    store: await loadStore(tx),
    sources: await loadSources(tx),
  }));
  const failures: unknown[] = [];
  for (const connection of sources) {
    try {
      const connector = await connectorOf(engine, connection);
      if (!connector) continue;
      report.sources++;
      const pulled = await pullOne(engine, store, connection, connector);
      for (const name of Object.keys(pulled) as (keyof PullReport)[]) report[name] += pulled[name];
    } catch (error) {
      if (!(error instanceof RekindleError && error.retryable)) failures.push(error);
      report.unreachable++;
    }
  }
  if (failures.length > 0) throw failures[0];
  return report;
}

async function connectorOf(engine: Engine, connection: SourceConnection): Promise<Connector | undefined> {
  try {
    return await engine.connector(connection);
  } catch (error) {
    if (error instanceof RekindleError && error.code === 'not_found') return undefined;
    throw error;
  }
}

async function pullOne(
  engine: Engine,
  store: Store,
  connection: SourceConnection,
  connector: Connector,
): Promise<PullReport> {
  const now = engine.clock.now();
  const { database } = engine;
  const importId = await database.inStore(store.id, async (tx) => {
    await beginPull(tx, connection.id);
    return uuidOf('import', connection.id, now.toISOString(), String(await countImports(tx, connection.id)));
  });
  let shown = 0;
  const progress = async (batch: PullBatch): Promise<void> => {
    const { rowsRead } = batch;
    const share = batch.progress ?? 0;
    engine.progress?.({
      stage: 'ingest',
      done: rowsRead,
      ...(share > 0 ? { total: Math.round(rowsRead / share) } : {}),
    });
    const percent = Math.min(99, Math.floor(share * 100));
    if (percent < shown + 10) return;
    shown = percent;
    await database.inStore(store.id, (tx) => showProgress(tx, connection.id, percent));
  };
  try {
    const pulled = await runPull({ engine, store, connection, connector, now, importId, progress });
    // All of it is committed.
    engine.progress?.({ stage: 'ingest', done: pulled.rowsRead, total: pulled.rowsRead });
    const written = pulled.customers + pulled.lines;
    await database.inStore(store.id, (tx) => refreshStatistics(tx, written, FILLED));
    return pulled;
  } catch (error) {
    await noteFailure(engine, store, connection, { importId, startedAt: now, error });
    throw error;
  }
}

async function noteFailure(
  engine: Engine,
  store: Store,
  connection: SourceConnection,
  failed: { importId: string; startedAt: Date; error: unknown },
): Promise<void> {
  // Only sentences of our own are shown: another error's text may hold anything.
  const message = failed.error instanceof RekindleError ? failed.error.message : 'an unexpected error; see the log';
  engine.log.warn(
    { stage: 'ingest', store: store.id, platform: connection.platform, err: failed.error },
    'a source could not be read',
  );
  const { importId, startedAt } = failed;
  const finishedAt = engine.clock.now();
  await engine.database.inStore(store.id, (tx) =>
    failPull(tx, { importId, connection, startedAt, finishedAt, message }),
  );
}
