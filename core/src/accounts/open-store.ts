/** Opens a store: an organisation, a store in it, and nothing else yet. */
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { newStore, type NewStore } from './new-store.ts';
import { insertStore } from './open-store.store.ts';

/** Opens the store with this id. False: it is there already. Throws `bad_request`. */
export async function openStore(
  engine: Pick<Engine, 'database' | 'clock' | 'random'>,
  storeId: string,
  store: NewStore,
): Promise<boolean> {
  const parsed = newStore.safeParse(store);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw fail(
      'bad_request',
      `A store cannot be opened: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}.`,
    );
  }
  return engine.database.inDirectory((tx) =>
    insertStore(tx, { id: storeId, ...parsed.data, drawKey: engine.random.uuid(), at: engine.clock.now() }),
  );
}
