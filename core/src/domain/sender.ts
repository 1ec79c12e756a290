/** A person says which address mails come from. Nothing starts from it before its domain has passed. */
import { loadStore, noteChange, saveSenderAddress } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { checkDomain } from './check.ts';
import { domainOf, isMailboxDomain } from './alignment.ts';

export interface SenderAddress {
  email: string;
  /** Where answers go; '' to the same address */
  replyTo: string;
}

/** One address, in ASCII, as it may stand in a header. */
const ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{3,253}$/;

/** Saves the address and looks at its domain. `actor` is who says so (`user:<id>`). Throws `bad_request`. */
export async function changeSenderAddress(
  engine: Engine,
  storeId: string,
  change: SenderAddress,
  actor: string,
): Promise<void> {
  const email = change.email.trim();
  const replyTo = change.replyTo.trim();
  const domain = domainOf(email);
  if (!ADDRESS.test(email) || domain === undefined)
    throw fail('bad_request', 'Mails need the address that they come from, such as hello@your-shop.com.');
  if (isMailboxDomain(domain))
    throw fail(
      'bad_request',
      `Mailbox providers refuse mails that others send in the name of ${domain}. Use an address of your own domain.`,
    );
  if (replyTo !== '' && !ADDRESS.test(replyTo))
    throw fail('bad_request', 'The address for answers is not one. Leave it empty to get them at the sender’s.');
  await engine.database.inStore(storeId, async (tx) => {
    await loadStore(tx);
    await saveSenderAddress(tx, { email, replyTo });
    await noteChange(tx, { at: engine.clock.now(), actor, action: 'sender.changed', subject: storeId });
  });
  await checkDomain(engine, storeId);
}
