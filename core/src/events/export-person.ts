/** Hands together what is kept of a person, because she asked (GDPR, article 15): sealed, until an administrator fetches it. */
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { isUuid, uuidOf } from '../random.ts';
import { repliesOf } from '../replies/index.ts';
import { findPerson } from './erase.store.ts';
import { gatherPerson, insertExport, readSealedExport } from './export-person.store.ts';

/** Nobody writes so many. */
const REPLIES = 100_000;

/** False: nobody of that id is known. */
export async function exportPerson(
  engine: Pick<Engine, 'keys'>,
  tx: StoreTransaction,
  asked: { platform: string; externalId: string; at: Date },
): Promise<boolean> {
  const { platform, externalId, at } = asked;
  const { customerIds } = await findPerson(tx, { platform, externalId, email: undefined });
  for (const customerId of customerIds) {
    const id = uuidOf('export', tx.storeId, customerId, at.toISOString());
    const kept = {
      ...(await gatherPerson(tx, customerId)),
      replies: await repliesOf(tx, engine.keys, customerId, REPLIES),
    };
    const body = Buffer.from(JSON.stringify(kept, undefined, 2));
    const sealed = engine.keys.encrypt(contextOf(tx.storeId, id), body);
    await insertExport(tx, { id, customerId, platform, at, sealed });
  }
  return customerIds.length > 0;
}

/** The document, as JSON. Fetching it is noted. Throws `not_found`. */
export function readExport(engine: Engine, storeId: string, id: string): Promise<string> {
  return engine.database.inStore(storeId, async (tx) => {
    const sealed = isUuid(id) ? await readSealedExport(tx, id, engine.clock.now()) : undefined;
    if (sealed === undefined) throw fail('not_found', 'There is no such export (any more).');
    return engine.keys.decrypt(contextOf(storeId, id), sealed).toString();
  });
}

function contextOf(storeId: string, id: string): string {
  return `${storeId}/personal_exports/${id}/body`;
}
