/** What a merchant may set, as it stands. Reads only. */
import { loadStore, type StoreSettings } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { factsOf, type StoreFacts } from './facts.ts';

export interface SettingsPage {
  store: StoreFacts;
  settings: StoreSettings;
  sender: { name: string; email: string; replyTo: string; postalAddress: string };
  website: string;
  /** Share of customers who never get anything, to measure the whole */
  controlShare: number;
}

export async function readSettings(engine: Engine, storeId: string): Promise<SettingsPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    return {
      store: factsOf(store, engine.clock.now()),
      settings: store.settings,
      sender: store.sender,
      website: store.website,
      controlShare: store.controlShare,
    };
  });
}
