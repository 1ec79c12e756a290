/** A person lets a store send again that its complaints or bounces stopped. What came before does not count any more. */
import { noteChange } from '../../accounts/index.ts';
import type { Engine } from '../../engine.ts';
import { fail } from '../../errors.ts';
import { clearStop } from './pace.store.ts';

/** `actor` is who says so (`user:<id>`). Throws `wrong_state` where nothing was stopped. */
export async function goOnSending(
  engine: Pick<Engine, 'database' | 'clock'>,
  storeId: string,
  actor: string,
): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => {
    const at = engine.clock.now();
    if (!(await clearStop(tx, at))) throw fail('wrong_state', 'Mails of this store are not stopped.');
    await noteChange(tx, { at, actor, action: 'sending.resumed', subject: storeId });
  });
}
