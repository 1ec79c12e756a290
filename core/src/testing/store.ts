/** A store to test in. */
import type { Database } from '../database/connect.ts';
import { uuidOf } from '../random.ts';

export interface StoreOptions {
  name?: string;
  currency?: string;
  timeZone?: string;
  country?: string;
  language?: string;
  createdAt?: Date;
  simulated?: boolean;
  controlShare?: number;
}

/** Makes an organisation with one store and gives the store's id, the same for the same name. */
export async function buildStore(database: Database, options: StoreOptions = {}): Promise<string> {
  const name = options.name ?? 'Test store';
  const organisationId = uuidOf('organisation', name);
  const storeId = uuidOf('store', name);
  const at = options.createdAt ?? new Date('2026-01-01T00:00:00Z');
  await database.inDirectory(async ({ db }) => {
    await db.insertInto('organisations').values({ id: organisationId, name, created_at: at }).execute();
    await db
      .insertInto('stores')
      .values({
        id: storeId,
        organisation_id: organisationId,
        name,
        currency: options.currency ?? 'EUR',
        time_zone: options.timeZone ?? 'Europe/Madrid',
        country: options.country ?? 'ES',
        language: options.language ?? 'en',
        website: 'https://shop.example',
        sender_name: name,
        sender_email: 'hello@shop.example',
        postal_address: '1 Test Street, 28001 Madrid, Spain',
        simulated: options.simulated ?? false,
        draw_key: uuidOf('draw', name),
        control_share: options.controlShare ?? 0,
        created_at: at,
      })
      .execute();
  });
  return storeId;
}
