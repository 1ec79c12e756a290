/** How the work of all stores stands, for operators: sums and the oldest of each, nothing of any one store or person. */
import type { Engine } from '../engine.ts';

/** A pile of work: how much waits, and for how long the oldest of it has. */
export interface Pile {
  count: number;
  /** Seconds; 0 where nothing waits */
  oldestSeconds: number;
}

export interface Pulse {
  stores: number;
  /** Mails whose time has come */
  due: Pile;
  /** Mails of which nobody knows whether they went */
  inDoubt: Pile;
  /** Webhooks that were kept and not yet recorded */
  inbox: Pile;
  /** What the platforms have not been told yet */
  writeBacks: Pile;
  /** Stages of stores whose last run failed */
  failingStages: number;
  /** Stores that their complaints or bounces have slowed down, and stopped */
  slowedStores: number;
  stoppedStores: number;
}

interface Row {
  stores: number;
  due: number;
  oldest_due: Date | null;
  in_doubt: number;
  oldest_doubt: Date | null;
  inbox: number;
  oldest_inbox: Date | null;
  write_backs: number;
  oldest_write_back: Date | null;
  failing_stages: number;
  slowed_stores: number;
  stopped_stores: number;
}

/** One statement; it grows with the number of stores and with what is due in them. */
export async function readPulse(engine: Pick<Engine, 'database' | 'clock'>): Promise<Pulse> {
  const now = engine.clock.now();
  const [row] = await engine.database.inDirectory((tx) => tx.rows<Row>('SELECT * FROM rekindle_pulse($1)', [now]));
  if (!row) throw new Error('rekindle_pulse gives one row');
  const pile = (count: number, oldest: Date | null): Pile => ({
    count,
    oldestSeconds: oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0,
  });
  return {
    stores: row.stores,
    due: pile(row.due, row.oldest_due),
    inDoubt: pile(row.in_doubt, row.oldest_doubt),
    inbox: pile(row.inbox, row.oldest_inbox),
    writeBacks: pile(row.write_backs, row.oldest_write_back),
    failingStages: row.failing_stages,
    slowedStores: row.slowed_stores,
    stoppedStores: row.stopped_stores,
  };
}
