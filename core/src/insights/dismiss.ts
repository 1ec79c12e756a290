/** A person puts a finding away: it is told again only when there is news. */
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { dismiss } from './insights.store.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws `not_found`. */
export async function dismissInsight(engine: Engine, storeId: string, id: string, actor: string): Promise<void> {
  const at = engine.clock.now();
  const found = UUID.test(id) && (await engine.database.inStore(storeId, (tx) => dismiss(tx, id, { at, actor })));
  if (!found) throw fail('not_found', 'There is no such finding in this store.');
}
