/** Reports that were made, and one of them. Reads only. */
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { listReports, loadReport, type Report } from '../reports/index.ts';
import { UUID } from './customer.ts';
import { factsOf, type StoreFacts } from './facts.ts';

const REPORTS = 60;

export interface ReportsPage {
  store: StoreFacts;
  /** Newest first */
  reports: Report[];
  /** Who gets them by mail */
  to: number;
}

export function readReports(engine: Engine, storeId: string): Promise<ReportsPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    return {
      store: factsOf(store, engine.clock.now()),
      reports: await listReports(tx, REPORTS),
      to: store.settings.reports.to.length,
    };
  });
}

/** Throws `not_found`. */
export function readReport(
  engine: Engine,
  storeId: string,
  id: string,
): Promise<{ store: StoreFacts; report: Report }> {
  return engine.database.inStore(storeId, async (tx) => {
    const report = UUID.test(id) ? await loadReport(tx, id) : undefined;
    if (!report) throw fail('not_found', 'There is no such report in this store.');
    return { store: factsOf(await loadStore(tx), engine.clock.now()), report };
  });
}
