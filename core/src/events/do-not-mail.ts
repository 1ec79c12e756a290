/** Somebody beside the record in a CRM says for the person that she wants no more mail. Committed before the panel answers. */
import { unsubscribe } from '../consent/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { customerOfIdentity } from './recipient.store.ts';

/** Saying it again changes nothing. Throws `not_found`. */
export async function recordDoNotMail(
  engine: Pick<Engine, 'database' | 'keys' | 'clock'>,
  storeId: string,
  who: { platform: string; externalId: string },
): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => {
    const customerId = await customerOfIdentity(tx, who.platform, who.externalId);
    // Not the platform itself says so: it is told of it, like all the others.
    const source = `panel:${who.platform}`;
    const wish = { customerId: customerId ?? '', at: engine.clock.now(), source };
    if (customerId === undefined || !(await unsubscribe(engine.keys, tx, wish)))
      throw fail('not_found', 'This person is not known here yet. The next sync brings her in; then try again.');
  });
}
