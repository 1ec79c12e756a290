/** For the tests of this folder: a store with platforms that tell whatever the test wants. */
import type { TestDatabase, FakeClock } from '../../testing/index.ts';
import { buildEngine, buildStore } from '../../testing/index.ts';
import type { StageReport } from '../../engine.ts';
import { fail } from '../../errors.ts';
import type { Connector, PullBatch, PullRequest, SourceOrderLine } from '../../ports.ts';
import { uuidOf } from '../../random.ts';
import { ingest } from '../index.ts';

export interface Told {
  commit?: 'whole' | 'batch';
  pull(request: PullRequest): Iterable<PullBatch> | AsyncIterable<PullBatch>;
}

export interface ToldShop {
  storeId: string;
  clock: FakeClock;
  run(): Promise<StageReport>;
  rows<Row extends object>(sql: string): Promise<Row[]>;
}

let stores = 0;

/** One connection for each platform, in their order; a platform that tells nothing has no customers. */
export async function toldShop(base: TestDatabase, sources: Record<string, Told | undefined>): Promise<ToldShop> {
  const storeId = await buildStore(base.database, { name: `Told ${String(stores++)}` });
  const connectors: Record<string, Connector> = {};
  for (const [place, [platform, told]] of Object.entries(sources).entries()) {
    await base.database.inStore(storeId, ({ db }) =>
      db
        .insertInto('connections')
        .values({
          id: uuidOf('connection', storeId, platform),
          store_id: storeId,
          platform,
          account: platform,
          created_at: new Date(place),
        })
        .execute(),
    );
    if (told) connectors[platform] = connectorOf(platform, told);
  }
  const built = buildEngine(base.database, { now: '2026-03-01T12:00:00Z' });
  const engine = {
    ...built,
    connector: ({ platform }: { platform: string }) => {
      const connector = connectors[platform];
      return connector ? Promise.resolve(connector) : Promise.reject(fail('not_found', 'no customers there'));
    },
  };
  return {
    storeId,
    clock: built.clock,
    run: () => ingest(engine, storeId),
    rows: (sql) => base.database.inStore(storeId, (tx) => tx.rows(sql)),
  };
}

function connectorOf(platform: string, told: Told): Connector {
  return {
    platform,
    takes: [],
    commit: told.commit ?? 'batch',
    async *pull(request) {
      yield* told.pull(request);
    },
    push: () => Promise.resolve([]),
  };
}

export function line(
  customerId: string,
  orderId: string,
  day: string,
  amount: number,
  more: Partial<SourceOrderLine> = {},
): SourceOrderLine {
  return {
    customerId,
    orderId,
    kind: amount < 0 ? 'return' : 'sale',
    orderedAt: new Date(`${day}T10:00:00Z`),
    amount,
    currency: 'EUR',
    quantity: 1,
    ...more,
  };
}
