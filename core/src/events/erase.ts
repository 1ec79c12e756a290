/**
 * Forgets a person, or all that came of an account (GDPR, article 17; Shopify's compliance topics). What is left of a person is
 * the keyed hash of her address among the suppressions: without it the next import could write to her again.
 */
import { addressHash, suppress } from '../consent/index.ts';
import type { StoreTransaction, Transaction } from '../database/connect.ts';
import type { Keys } from '../ports.ts';
import {
  closeEmptyOrganisations,
  deleteAccount,
  deletePeople,
  deleteStore,
  findPerson,
  onlyOfPlatform,
  othersAreLive,
} from './erase.store.ts';

export interface Erasing {
  platform: string;
  externalId: string;
  /** Her address where the platform says it: she may be known here by nothing else */
  email?: string | undefined;
  at: Date;
}

/** Erases a person from every table of the store. False: nobody of that id or address is known. */
export async function erasePerson(tx: StoreTransaction, keys: Keys, erasing: Erasing): Promise<boolean> {
  const { platform, externalId, at } = erasing;
  const email = erasing.email?.trim().toLowerCase();
  const person = await findPerson(tx, { platform, externalId, email });
  const addresses = new Set([...(email === undefined ? [] : [email]), ...person.emails]);
  await suppress(
    tx,
    [...addresses].map((address) => ({
      addressHash: addressHash(keys, tx.storeId, address),
      reason: 'erased' as const,
      at,
      source: platform,
    })),
  );
  if (person.customerIds.length === 0) return addresses.size > 0;
  await deletePeople(tx, person.customerIds);
  return true;
}

/** Erases what came of an account. The last account of a store takes the store with it. */
export const eraseAccount = {
  async inStore(tx: StoreTransaction, account: { platform: string; account: string }): Promise<void> {
    if (!(await othersAreLive(tx, account))) {
      await deleteStore(tx);
      return;
    }
    await deletePeople(tx, await onlyOfPlatform(tx, account.platform));
    await deleteAccount(tx, account);
  },
  /** Organisations that have no store left; in a transaction over the directory. */
  closeOrganisations: (tx: Transaction): Promise<void> => closeEmptyOrganisations(tx),
};
