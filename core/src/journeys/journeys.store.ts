/** Journeys as rows: what each is, apart from its runs (which are campaigns). */
import type { StoreTransaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import { journeyDefinition, type JourneyDefinition } from './definition.ts';

export interface Journey {
  id: string;
  /** The recipe it was made from */
  key: string;
  name: string;
  definition: JourneyDefinition;
}

/** All journeys of the store, in the order in which they were made. */
export async function listJourneys(tx: StoreTransaction): Promise<Journey[]> {
  const rows = await tx.db
    .selectFrom('journeys')
    .selectAll()
    .where('store_id', '=', tx.storeId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, key, name, definition }) => ({
    id,
    key,
    name,
    definition: journeyDefinition.parse(definition),
  }));
}

/** One journey; undefined: there is none. */
export async function findJourney(tx: StoreTransaction, id: string): Promise<Journey | undefined> {
  return (await listJourneys(tx)).find((one) => one.id === id);
}

/** Keeps a journey as it is to be from now on; gives its id. */
export async function keepJourney(tx: StoreTransaction, one: Omit<Journey, 'id'>, now: Date): Promise<string> {
  const id = uuidOf('journey', tx.storeId, one.key);
  const definition = JSON.stringify(one.definition);
  await tx.run(
    `INSERT INTO journeys (id, store_id, key, name, definition, created_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
     ON CONFLICT (store_id, key) DO UPDATE SET name = excluded.name, definition = excluded.definition
       WHERE journeys.name <> excluded.name OR journeys.definition <> excluded.definition`,
    [id, tx.storeId, one.key, one.name, definition, now],
  );
  return id;
}
