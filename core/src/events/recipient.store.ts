/** How things stand with one person, as far as our pages may show it to whoever holds her link. */
import { addressHash } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { newestPreferenceSql } from '../preferences/index.ts';
import type { Keys } from '../ports.ts';

export interface Recipient {
  /** blocked: no yes of hers can change it (a complaint, a dead mailbox, erased) */
  state: 'subscribed' | 'unsubscribed' | 'blocked';
  storeName: string;
  /** '' where the store has none */
  website: string;
  /** BCP 47: the one she asked for, else the one the platforms know, else the store's */
  language: string;
  /** Her address with most of it hidden: `a•••@example.com`; '' where there is none */
  hint: string;
}

/** Undefined where there is no such customer. */
export async function loadRecipient(
  tx: StoreTransaction,
  keys: Keys,
  customerId: string,
): Promise<Recipient | undefined> {
  const rows = await tx.rows<{
    email: string | null;
    language: string | null;
    name: string;
    website: string;
    store_language: string;
    consent: string | null;
  }>(
    `SELECT c.email, coalesce(q.language, c.language) AS language, s.name, s.website, s.language AS store_language,
       (SELECT state FROM consents WHERE store_id = $1 AND customer_id = c.id AND channel = 'email'
        ORDER BY at DESC, id DESC LIMIT 1) AS consent
     FROM customers c JOIN stores s ON s.id = c.store_id ${newestPreferenceSql('c.id')}
     WHERE c.store_id = $1 AND c.id = $2`,
    [tx.storeId, customerId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const suppression =
    row.email === null
      ? undefined
      : (
          await tx.rows<{ reason: string }>(
            'SELECT reason FROM suppressions WHERE store_id = $1 AND address_hash = $2',
            [tx.storeId, addressHash(keys, tx.storeId, row.email)],
          )
        )[0]?.reason;
  return {
    state: stateOf(suppression, row.consent),
    storeName: row.name,
    website: row.website,
    language: row.language ?? row.store_language,
    hint: hintOf(row.email),
  };
}

function stateOf(suppression: string | undefined, consent: string | null): Recipient['state'] {
  if (suppression !== undefined && suppression !== 'unsubscribed') return 'blocked';
  return suppression === 'unsubscribed' || consent === 'unsubscribed' ? 'unsubscribed' : 'subscribed';
}

function hintOf(email: string | null): string {
  const at = email?.lastIndexOf('@') ?? -1;
  return email === null || at < 1 ? '' : `${email.slice(0, 1)}•••${email.slice(at)}`;
}

/** Who this customer is now: a link in an old mail may name one who has become part of another since. */
export async function currentCustomer(tx: StoreTransaction, customerId: string): Promise<string> {
  const [row] = await tx.rows<{ id: string }>(
    `WITH RECURSIVE now (id, depth) AS (
       SELECT $2::uuid, 0
       UNION ALL SELECT m.kept_id, n.depth + 1 FROM now n JOIN merges m ON m.store_id = $1 AND m.gone_id = n.id AND m.undone_at IS NULL
       WHERE n.depth < 100
     ) SELECT id FROM now ORDER BY depth DESC LIMIT 1`,
    [tx.storeId, customerId],
  );
  return row?.id ?? customerId;
}

/** The customer whom a platform calls so; undefined: nobody. */
export async function customerOfIdentity(
  tx: StoreTransaction,
  platform: string,
  externalId: string,
): Promise<string | undefined> {
  const [row] = await tx.rows<{ customer_id: string }>(
    'SELECT customer_id FROM identities WHERE store_id = $1 AND platform = $2 AND external_id = $3',
    [tx.storeId, platform, externalId],
  );
  return row?.customer_id;
}
