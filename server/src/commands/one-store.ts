/** The store that a command is about: the one that is named, by its id or as people call it, or the only one there is. */
import {
  fail,
  keysFrom,
  listStores,
  readConfig,
  systemRandom,
  wallClock,
  type Database,
  type Keys,
  type Random,
} from '@rekindle/core';

export interface AtHand {
  database: Database;
  clock: typeof wallClock;
  keys: Keys;
  random: Random;
  /** APP_SECRET, or the one that REKINDLE_HOME keeps */
  secret: string;
}

/** Runs the work on a stored database. Throws where it cannot be told which store is meant. */
export async function inStore(
  store: string | undefined,
  work: (at: AtHand, storeId: string) => Promise<void>,
): Promise<void> {
  // Loaded when it runs: no other command should wait for it.
  const { withStoredDatabase } = await import('./stored.ts');
  await withStoredDatabase(readConfig(), async ({ database, secret }) => {
    const stores = await database.inDirectory(listStores);
    const [first, ...others] =
      store === undefined ? stores : stores.filter(({ id, name }) => id === store || name === store);
    if (first === undefined)
      throw fail('not_found', store === undefined ? 'There is no store yet.' : `There is no store ${store}.`);
    if (others.length > 0)
      throw fail(
        'bad_request',
        `There are ${String(others.length + 1)} stores${store === undefined ? '' : ` called ${store}`}; --store says which: ${[first, ...others].map(({ id, name }) => `${id} (${name})`).join(', ')}.`,
      );
    await work({ database, clock: wallClock, keys: keysFrom(secret), random: systemRandom(), secret }, first.id);
  });
}
