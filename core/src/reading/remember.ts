/**
 * Sums over a whole store that change only when its data do: made once a version, then kept. Never for what a person may
 * change with a click.
 */
import type { Database } from '../database/connect.ts';

/** Values kept at most, the least recently used go first: a few numbers each. */
const MOST = 2000;

const kept = new WeakMap<Database, Map<string, unknown>>();

/** The value made at this version of this store, made now if it is not kept. `what` names it. */
export async function remember<Value>(
  database: Database,
  key: { storeId: string; what: string; version: number | string },
  make: () => Promise<Value>,
): Promise<Value> {
  const values = kept.get(database) ?? new Map<string, unknown>();
  kept.set(database, values);
  const name = JSON.stringify([key.storeId, key.what, key.version]);
  const value = values.has(name) ? (values.get(name) as Value) : await make();
  values.delete(name);
  values.set(name, value);
  for (const oldest of values.keys()) {
    if (values.size <= MOST) break;
    values.delete(oldest);
  }
  return value;
}
