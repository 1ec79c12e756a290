/**
 * A person says stop, or yes again. One transaction makes it hold everywhere: once it is committed no mail to her starts,
 * because delivery looks once more before a mail starts, and waits for this (starts.store.ts).
 */
import type { StoreTransaction } from '../database/connect.ts';
import type { Keys } from '../ports.ts';
import { addressHash } from './address.ts';
import { lockCustomerEmail, recordConsent } from './consent.store.ts';
import { liftUnsubscription, suppress } from './suppression.store.ts';

export interface Wish {
  customerId: string;
  at: Date;
  /** Page or platform where it was said */
  source: string;
  evidence?: Record<string, unknown>;
}

/** Records the refusal and suppresses the address. Saying it again changes nothing. False: there is no such customer. */
export async function unsubscribe(keys: Keys, tx: StoreTransaction, wish: Wish): Promise<boolean> {
  const email = await lockCustomerEmail(tx, wish.customerId);
  if (email === undefined) return false;
  await recordConsent(tx, [{ ...wish, state: 'unsubscribed', basis: 'none' }]);
  if (email !== null)
    await suppress(tx, [
      { addressHash: addressHash(keys, tx.storeId, email), reason: 'unsubscribed', at: wish.at, source: wish.source },
    ]);
  return true;
}

/** Records an express yes and lifts an older unsubscription; bounces and complaints stay. */
export async function resubscribe(keys: Keys, tx: StoreTransaction, wish: Wish): Promise<boolean> {
  const email = await lockCustomerEmail(tx, wish.customerId);
  if (email === undefined) return false;
  await recordConsent(tx, [{ ...wish, state: 'subscribed', basis: 'express' }]);
  if (email !== null) await liftUnsubscription(tx, addressHash(keys, tx.storeId, email), wish.at);
  return true;
}
