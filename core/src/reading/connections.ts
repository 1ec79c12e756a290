/** Which platforms is the store connected to, and does it work? Reads only. */
import { loadStore, pixelKey } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { listExports, type ListedExport } from '../events/index.ts';
import { connectionFacts, type ConnectionFacts } from './connections.store.ts';
import { factsOf, type StoreFacts } from './facts.ts';

export interface ConnectionsPage {
  store: StoreFacts;
  connections: ConnectionFacts[];
  /** What people have asked to see of what is kept of them */
  exports: ListedExport[];
  /** For the shop's web pixel; no secret */
  pixelKey: string;
}

export function readConnections(engine: Engine, storeId: string): Promise<ConnectionsPage> {
  return engine.database.inStore(storeId, async (tx) => ({
    store: factsOf(await loadStore(tx), engine.clock.now()),
    connections: await connectionFacts(tx),
    exports: await listExports(tx),
    pixelKey: pixelKey(engine.keys, storeId),
  }));
}
