/** What did I not know? Reads only. */
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { lastLook, openInsights, type Insight } from '../insights/index.ts';
import { factsOf, type StoreFacts } from './facts.ts';

export interface InsightsPage {
  store: StoreFacts;
  insights: Insight[];
  /** When the store was last looked through, and how many comparisons that took; null: not yet */
  look: { at: Date; compared: number } | null;
}

export function readInsights(engine: Engine, storeId: string): Promise<InsightsPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const look = await lastLook(tx);
    const compared = (look?.report as { compared?: unknown } | null)?.compared;
    return {
      store: factsOf(store, engine.clock.now()),
      insights: await openInsights(tx),
      look: look && { at: look.at, compared: typeof compared === 'number' ? compared : 0 },
    };
  });
}
