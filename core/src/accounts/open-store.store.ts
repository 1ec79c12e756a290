/** New rows of the directory: an organisation and its store. */
import type { Transaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import type { ParsedStore } from './new-store.ts';

export interface StoreRow extends ParsedStore {
  id: string;
  /** Keys the holdout draw */
  drawKey: string;
  at: Date;
}

/** False where the store is there already; then nothing changes. */
export async function insertStore(tx: Transaction, store: StoreRow): Promise<boolean> {
  const organisationId = uuidOf('organisation', store.id);
  await tx.db
    .insertInto('organisations')
    .values({ id: organisationId, name: store.name, created_at: store.at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const inserted = await tx.db
    .insertInto('stores')
    .values({
      id: store.id,
      organisation_id: organisationId,
      name: store.name,
      currency: store.currency,
      time_zone: store.timeZone,
      country: store.country,
      language: store.language,
      website: store.website,
      sender_name: store.name,
      sender_email: store.senderEmail,
      postal_address: store.postalAddress,
      simulated: store.simulated,
      // Nobody knows the domain of a shop that is new here. A merchant who has sent from it before says so.
      settings: JSON.stringify({ warmUp: !store.simulated }),
      draw_key: store.drawKey,
      created_at: store.at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
