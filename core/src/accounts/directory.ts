/**
 * Accounts of platforms and the stores that own them: found, connected, disconnected and brought back. An account belongs to
 * one store at a time; its name stays with the store after a disconnection, so that a shop that comes back finds its data, and
 * what a platform still has to say of it finds the store.
 */
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { isUuid, uuidOf } from '../random.ts';
import { noteChange } from './accounts.store.ts';
import { keepCredentials } from './credentials.ts';
import { askPull, claimAccount, endConnection, findAccount, findConnection, putConnection } from './directory.store.ts';
import type { NewStore } from './new-store.ts';
import { openStore } from './open-store.ts';

type Around = Pick<Engine, 'database' | 'keys' | 'clock' | 'random'>;

export interface Account {
  platform: string;
  /** What the platform calls it: a shop's domain, a portal's id, an org's id */
  account: string;
}

export interface AccountConnection extends Account {
  storeId: string;
  /** Replaces what is kept where it is given */
  credentials?: unknown;
  /** Added to the settings that are there */
  settings?: Record<string, unknown> | undefined;
  /** user:<id>, platform */
  actor: string;
}

/** The store that an account belongs to; undefined where it is nobody's. A disconnected account still has its store. */
export async function findStoreOfAccount(
  engine: Pick<Engine, 'database'>,
  account: Account,
): Promise<string | undefined> {
  // No account's name has a null character, and the database would not even look for it.
  if (account.account.includes('\0')) return undefined;
  return engine.database.inDirectory((tx) => findAccount(tx, account.platform, account.account));
}

/** Connects a store to an account, or brings a former connection back. Gives the connection's id. Throws `conflict`. */
export function connectAccount(engine: Around, connection: AccountConnection): Promise<string> {
  return engine.database.inStore(connection.storeId, (tx) => connectInStore(engine, tx, connection));
}

async function connectInStore(engine: Around, tx: StoreTransaction, one: AccountConnection): Promise<string> {
  const at = engine.clock.now();
  const { platform, account, actor } = one;
  const before = await findConnection(tx, platform, account);
  const id = await putConnection(tx, {
    id: uuidOf('connection', tx.storeId, platform, account),
    platform,
    account,
    settings: one.settings ?? {},
    at,
  });
  if (!(await claimAccount(tx, platform, account)))
    throw fail('conflict', `${account} is connected to another store. Disconnect it there first.`);
  if (one.credentials !== undefined) await keepCredentials(engine.keys, tx, id, one.credentials);
  if (before?.state !== 'connected' && before?.state !== 'syncing')
    await noteChange(tx, { at, actor, action: 'connection.opened', subject: id });
  return id;
}

/**
 * The store of an account that comes by itself (a shop that installs the app): the one it has, reconnected, or a new one in an
 * organisation of its own. Asked twice at once it makes one store.
 */
export async function openAccount(
  engine: Around,
  account: Account & { credentials?: unknown; settings?: Record<string, unknown>; actor: string },
  store: NewStore,
): Promise<{ storeId: string; connectionId: string; fresh: boolean }> {
  const known = await findStoreOfAccount(engine, account);
  // An id made of the account's name: of two first loads at once the second finds what the first has made.
  const storeId = known ?? uuidOf('store', account.platform, account.account);
  const fresh = known === undefined && (await openStore(engine, storeId, store));
  const connectionId = await connectAccount(engine, { ...account, storeId });
  return { storeId, connectionId, fresh };
}

/** Ends the connection to an account and forgets its credentials. Saying it again changes nothing. */
export async function disconnectAccount(
  engine: Around,
  storeId: string,
  account: Account,
  actor: string,
): Promise<void> {
  await engine.database.inStore(storeId, (tx) => disconnectInStore(engine, tx, account, actor));
}

/** The same in a transaction that is under way. False: there was nothing to end. */
export async function disconnectInStore(
  engine: Pick<Engine, 'clock'>,
  tx: StoreTransaction,
  { platform, account }: Account,
  actor: string,
): Promise<boolean> {
  const connection = await findConnection(tx, platform, account);
  if (connection === undefined || connection.state === 'disconnected') return false;
  await endConnection(tx, connection.id);
  await noteChange(tx, { at: engine.clock.now(), actor, action: 'connection.closed', subject: connection.id });
  return true;
}

/** Asks that a connection is pulled now instead of at its next turn. Throws `not_found`. */
export async function pullSoon(engine: Around, storeId: string, connectionId: string): Promise<void> {
  const asked =
    isUuid(connectionId) &&
    (await engine.database.inStore(storeId, (tx) => askPull(tx, connectionId, engine.clock.now())));
  if (!asked) throw fail('not_found', 'There is no such connection, or it has ended. Connect it again.');
}
