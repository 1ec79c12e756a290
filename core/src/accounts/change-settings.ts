/** A person changes what mails may do and who they are from; who did it is noted. */
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { noteChange, saveSender, saveSettings } from './accounts.store.ts';
import { storeSettings, type StoreSettings } from './settings.ts';

export interface SettingsChange {
  settings: StoreSettings;
  /** Stands in every mail; the law asks for the address. */
  sender: { name: string; postalAddress: string };
}

/** Saves all of it or nothing. `actor` is who says so (`user:<id>`). Throws `bad_request`. */
export async function changeSettings(
  engine: Engine,
  storeId: string,
  change: SettingsChange,
  actor: string,
): Promise<void> {
  const settings = storeSettings.safeParse(change.settings);
  if (!settings.success)
    throw fail(
      'bad_request',
      `These settings cannot be saved: ${settings.error.issues[0]?.message ?? 'unknown reason'}.`,
    );
  const name = change.sender.name.trim();
  const postalAddress = change.sender.postalAddress.trim();
  if (name === '' || /[\r\n]/.test(name)) throw fail('bad_request', 'Mails need the name of a sender, on one line.');
  if (postalAddress === '') throw fail('bad_request', 'Mails need a postal address: the law asks for it.');
  await engine.database.inStore(storeId, async (tx) => {
    await saveSettings(tx, settings.data);
    await saveSender(tx, { name, postalAddress });
    await noteChange(tx, { at: engine.clock.now(), actor, action: 'settings.changed', subject: storeId });
  });
}
