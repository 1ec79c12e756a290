/**
 * Where Shopify's library keeps a shop's offline token: in the vault of the shop's connection, the same place from which the
 * connector takes it. The first token of a shop opens its store. Loading and storing at once, as parallel requests of a first
 * load do, ends with one store, one connection and one token.
 */
import { credentialsOf, disconnectAccount, findStoreOfAccount, openAccount, type Engine } from '@rekindle/core';
import { readShop, type ShopifyApp } from '@rekindle/connector-shopify';
import type { Session } from '@shopify/shopify-app-remix/server';
import { findShopConnection } from './connection.store.ts';
import { setUpShop } from './shop-setup.ts';
import { sessionOf, tokensOf } from './token.ts';

export const PLATFORM = 'shopify';
const OFFLINE = 'offline_';
/** Milliseconds that Shopify may take for one answer; a person is waiting. */
const PATIENCE_MS = 10_000;

/** What Shopify's library asks of a storage. */
export function vaultSessions(engine: Engine, app: ShopifyApp) {
  async function connectionOf(shop: string) {
    const storeId = await findStoreOfAccount(engine, { platform: PLATFORM, account: shop });
    if (storeId === undefined) return undefined;
    const found = await engine.database.inStore(storeId, (tx) => findShopConnection(tx, shop));
    return found && { ...found, storeId };
  }

  async function load(id: string): Promise<Session | undefined> {
    const shop = id.slice(OFFLINE.length);
    const connection = await connectionOf(shop);
    // Where a pull failed the token may be one that Shopify has taken back: a new one costs one request.
    if (connection === undefined || connection.state === 'failed' || connection.state === 'disconnected')
      return undefined;
    return sessionOf(await credentialsOf(engine, connection).read(), id, shop);
  }

  async function forget(id: string): Promise<boolean> {
    const shop = id.slice(OFFLINE.length);
    const connection = await connectionOf(shop);
    if (connection)
      await disconnectAccount(engine, connection.storeId, { platform: PLATFORM, account: shop }, 'platform:shopify');
    return true;
  }

  return {
    async storeSession(session: Session): Promise<boolean> {
      const { shop, accessToken } = session;
      const connection = await connectionOf(shop);
      if (accessToken === undefined) {
        // Shopify refused the token that was kept: without one the next request asks for another.
        if (connection) await credentialsOf(engine, connection).renew(() => Promise.resolve(undefined));
        return true;
      }
      const credentials = tokensOf(session);
      const account = { platform: PLATFORM, account: shop, credentials, actor: 'platform:shopify' };
      const asked = { app, timeoutMs: PATIENCE_MS };
      const opened = await openAccount(engine, account, await readShop(asked, credentials));
      const kept = credentialsOf(engine, { id: opened.connectionId, storeId: opened.storeId });
      await setUpShop(engine, opened.storeId, { ...asked, account: shop, credentials: kept });
      return true;
    },
    loadSession: (id: string) => load(id),
    deleteSession: (id: string) => forget(id),
    async deleteSessions(ids: string[]): Promise<boolean> {
      for (const id of ids) await forget(id);
      return true;
    },
    async findSessionsByShop(shop: string): Promise<Session[]> {
      const session = await load(OFFLINE + shop);
      return session ? [session] : [];
    },
  };
}
