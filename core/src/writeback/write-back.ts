/**
 * The stage: finds what the platforms have not been told yet, puts it into the outbox, and pushes what is due there. A
 * platform that cannot be reached holds up none of the others.
 */
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine, StageReport } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import type { Connector, WriteBackKind } from '../ports.ts';
import { loadStore } from '../accounts/index.ts';
import { collectConsents, collectOutcomes, collectScores, collectTouches, type Collecting } from './collect.store.ts';
import { loadConnections } from './outbox.store.ts';
import { pushDue } from './push.ts';
import { readerOf } from './words.ts';

const COLLECT: Record<WriteBackKind, (tx: StoreTransaction, collecting: Collecting) => Promise<number>> = {
  score: collectScores,
  outcome: collectOutcomes,
  touch: collectTouches,
  consent: collectConsents,
};

/** Counts: collected (new in the outbox), pushed, postponed, failed, unreachable (connections). */
export async function writeBack(engine: Engine, storeId: string): Promise<StageReport> {
  const report = { collected: 0, pushed: 0, postponed: 0, failed: 0, unreachable: 0 };
  const { connections, reader } = await engine.database.inStore(storeId, async (tx) => ({
    connections: await loadConnections(tx),
    reader: readerOf(await loadStore(tx)),
  }));
  const link = (customerId: string) => engine.pageAddress?.(`/customers/${customerId}`, connections) ?? null;
  for (const connection of connections) {
    try {
      const connector = await engine.connector(connection);
      if (connector.takes.length === 0) continue;
      report.collected += await collect(engine, storeId, connector);
      const pushed = await pushDue(engine, storeId, connector, { reader, link });
      report.pushed += pushed.pushed;
      report.postponed += pushed.postponed;
      report.failed += pushed.failed;
    } catch (error) {
      // A connection that is no platform of customers: a mail provider, a writer.
      if (error instanceof RekindleError && error.code === 'not_found') continue;
      report.unreachable++;
      engine.log.warn(
        { stage: 'writeback', store: storeId, platform: connection.platform, err: error },
        'a platform could not be told',
      );
    }
  }
  return report;
}

function collect(engine: Engine, storeId: string, connector: Connector): Promise<number> {
  return engine.database.inStore(storeId, async (tx) => {
    let collected = 0;
    for (const kind of connector.takes)
      collected += await COLLECT[kind](tx, {
        platform: connector.platform,
        now: engine.clock.now(),
        keys: engine.keys,
      });
    return collected;
  });
}
