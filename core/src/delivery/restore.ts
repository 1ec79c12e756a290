/**
 * The database is an older one, restored from a backup: what was handed over since is not in it, and whoever goes on as if
 * nothing had happened sends it all again. So every mail whose time had come is in doubt, as after a killed worker: the
 * provider's word settles it (SendGrid sends its events again for a day), and what no word comes of is given up, never sent.
 * What was not due yet cannot have gone and goes at its time.
 */
import { listStores } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { doubtDue } from './restore.store.ts';

/** To be done before any worker starts. Doing it again changes nothing. Gives how many messages are in doubt for it. */
export async function doubtAfterRestore(engine: Pick<Engine, 'database' | 'clock'>): Promise<number> {
  let doubted = 0;
  for (const { id } of await engine.database.inDirectory((tx) => listStores(tx)))
    doubted += await engine.database.inStore(id, (tx) => doubtDue(tx, engine.clock.now()));
  return doubted;
}
