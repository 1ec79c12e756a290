import type { StoreTransaction, Transaction } from '../database/connect.ts';
import { fail } from '../errors.ts';
import { storeSettings, type StoreSettings } from './settings.ts';
import type { Store } from './store.ts';

/** The store of this transaction. Throws `not_found`. */
export async function loadStore(tx: StoreTransaction): Promise<Store> {
  const row = await tx.db.selectFrom('stores').selectAll().where('id', '=', tx.storeId).executeTakeFirst();
  if (!row) throw fail('not_found', `There is no store ${tx.storeId}.`);
  return {
    id: row.id,
    organisationId: row.organisation_id,
    name: row.name,
    currency: row.currency,
    timeZone: row.time_zone,
    country: row.country,
    language: row.language,
    website: row.website,
    sender: {
      name: row.sender_name,
      email: row.sender_email,
      replyTo: row.reply_to,
      postalAddress: row.postal_address,
    },
    simulated: row.simulated,
    drawKey: row.draw_key,
    controlShare: row.control_share,
    settings: storeSettings.parse(row.settings),
    dataVersion: row.data_version,
    scoreVersion: row.score_version,
    createdAt: row.created_at,
  };
}

/** Ids and names of all stores, oldest first: for the worker's round and the local frame's store switch. */
export function listStores(tx: Transaction): Promise<{ id: string; name: string; simulated: boolean }[]> {
  return tx.db.selectFrom('stores').select(['id', 'name', 'simulated']).orderBy('created_at').orderBy('id').execute();
}

/** Replaces the store's settings. */
export async function saveSettings(tx: StoreTransaction, settings: StoreSettings): Promise<void> {
  await tx.db
    .updateTable('stores')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', tx.storeId)
    .execute();
  // What was held back under the limits of before is looked at anew.
  await tx.db
    .updateTable('sending_states')
    .set({ held_until: null, held_reason: null })
    .where('store_id', '=', tx.storeId)
    .execute();
}

/** Replaces what mails say of their sender. */
export async function saveSender(tx: StoreTransaction, sender: { name: string; postalAddress: string }): Promise<void> {
  await tx.db
    .updateTable('stores')
    .set({ sender_name: sender.name, postal_address: sender.postalAddress })
    .where('id', '=', tx.storeId)
    .execute();
}

/** Replaces the address that mails come from, and where answers go. */
export async function saveSenderAddress(
  tx: StoreTransaction,
  sender: { email: string; replyTo: string },
): Promise<void> {
  await tx.db
    .updateTable('stores')
    .set({ sender_email: sender.email, reply_to: sender.replyTo })
    .where('id', '=', tx.storeId)
    .execute();
}

/** Who did what: a line in the store's audit log. */
export async function noteChange(
  tx: StoreTransaction,
  entry: { at: Date; actor: string; action: string; subject: string },
): Promise<void> {
  await tx.db
    .insertInto('audit_entries')
    .values({ store_id: tx.storeId, detail: '{}', ...entry })
    .execute();
}
