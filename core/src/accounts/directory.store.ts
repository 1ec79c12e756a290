/** Which store owns a platform's account, and the connections behind it. */
import type { StoreTransaction, Transaction } from '../database/connect.ts';

/** The store of an account; undefined: nobody's. */
export async function findAccount(tx: Transaction, platform: string, account: string): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom('platform_accounts')
    .select('store_id')
    .where('platform', '=', platform)
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.store_id;
}

export interface NewConnection {
  id: string;
  platform: string;
  account: string;
  settings: Record<string, unknown>;
  at: Date;
}

/** Makes the connection, or brings a former one back; it is due at once. Gives its id. */
export async function putConnection(tx: StoreTransaction, connection: NewConnection): Promise<string> {
  const [row] = await tx.rows<{ id: string }>(
    `INSERT INTO connections AS c (id, store_id, platform, account, state, settings, next_pull_at, created_at)
     VALUES ($1, $2, $3, $4, 'connected', $5, $6, $6)
     ON CONFLICT (store_id, platform, account) DO UPDATE SET state = 'connected', settings = c.settings || excluded.settings,
       next_pull_at = CASE WHEN c.state = 'disconnected' THEN excluded.next_pull_at ELSE c.next_pull_at END,
       last_error = CASE WHEN c.state = 'disconnected' THEN NULL ELSE c.last_error END
     RETURNING id`,
    [connection.id, tx.storeId, connection.platform, connection.account, connection.settings, connection.at],
  );
  return row?.id ?? connection.id;
}

/** Claims the account for this store. False: it is another store's. */
export async function claimAccount(tx: StoreTransaction, platform: string, account: string): Promise<boolean> {
  await tx.run(
    'INSERT INTO platform_accounts (platform, account, store_id) VALUES ($1, $2, $3) ON CONFLICT (platform, account) DO NOTHING',
    [platform, account, tx.storeId],
  );
  const mine = await tx.rows('SELECT FROM platform_accounts WHERE store_id = $1 AND platform = $2 AND account = $3', [
    tx.storeId,
    platform,
    account,
  ]);
  return mine.length > 0;
}

export interface FoundConnection {
  id: string;
  state: string;
}

export async function findConnection(
  tx: StoreTransaction,
  platform: string,
  account: string,
): Promise<FoundConnection | undefined> {
  const [row] = await tx.rows<FoundConnection>(
    'SELECT id, state FROM connections WHERE store_id = $1 AND platform = $2 AND account = $3 FOR UPDATE',
    [tx.storeId, platform, account],
  );
  return row;
}

/** Ends a connection and forgets what signed us in. What was pulled stays. */
export async function endConnection(tx: StoreTransaction, connectionId: string): Promise<void> {
  await tx.run(
    `UPDATE connections SET state = 'disconnected', credentials = NULL, next_pull_at = NULL, progress = 0, last_error = NULL
     WHERE store_id = $1 AND id = $2`,
    [tx.storeId, connectionId],
  );
}

/** Asks that a connection is pulled at once, unless it has ended. False: there is none. */
export async function askPull(tx: StoreTransaction, connectionId: string, at: Date): Promise<boolean> {
  const asked = await tx.run(
    `UPDATE connections SET next_pull_at = $3 WHERE store_id = $1 AND id = $2 AND state <> 'disconnected'`,
    [tx.storeId, connectionId, at],
  );
  return asked > 0;
}
