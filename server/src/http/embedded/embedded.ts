/**
 * Who is asking from inside the Shopify admin. Shopify's own library checks the session token (HS256 under the app's secret,
 * audience, time), trades it for the shop's offline token where none is kept, and sends a browser without one through the
 * bounce page, where App Bridge fetches it. No cookie and no storage of the browser is used, so nothing of a third party
 * needs to be allowed. A person sees the store of the token's shop and no other, whatever the address says.
 */
import '@shopify/shopify-app-remix/adapters/node';
import type { ShopifyApp } from '@rekindle/connector-shopify';
import { fail, findStoreOfAccount, RekindleError, type Engine } from '@rekindle/core';
import { ApiVersion, LogSeverity, shopifyApp, type JwtPayload } from '@shopify/shopify-app-remix/server';
import { loginPage, notNow } from './doorstep.ts';
import { isShop } from './shop-name.ts';
import { PLATFORM, vaultSessions } from './session-storage.ts';

export interface Embedded {
  /** Name and port under which the app is reached; whoever asks under it is asked for a session token. */
  readonly host: string;
  /** The same with its scheme, as browsers write it */
  readonly origin: string;
  /** The app's public name at Shopify, which App Bridge wants to know */
  readonly apiKey: string;
  /** Lets a request in, or gives what it gets instead: a redirect, the bounce page, 401, 410 for a robot. */
  enter(request: Request): Promise<Entered | Response>;
}

export interface Entered {
  shop: string;
  session: { storeId: string; actor: string; stores: { id: string; name: string }[] };
}

const LOGIN = '/auth/login';
/** The library says no more of a token exchange that failed. */
const AWAY = 'Shopify did not confirm the sign-in.';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Opens the way in for the pages inside the Shopify admin. */
export function openShopifyAdmin(engine: Engine, app: ShopifyApp): Embedded {
  const shopify = shopifyApp({
    apiKey: app.apiKey,
    apiSecretKey: app.apiSecret,
    appUrl: app.url,
    apiVersion: ApiVersion.July26,
    sessionStorage: vaultSessions(engine, app),
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    logger: {
      // Below a warning the library writes tokens.
      level: LogSeverity.Warning,
      log: (_, message) => {
        engine.log.warn({ platform: PLATFORM }, message);
        return Promise.resolve();
      },
    },
  });

  async function admit(request: Request): Promise<Entered | Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === LOGIN) return loginPage(searchParams.get('shop'), app.apiKey);
    const bearer = /^Bearer ./.test(request.headers.get('authorization') ?? '');
    // Only App Bridge in our own page can send it; what another site sends, and whoever asks for bare data, has none.
    if (!bearer && (!SAFE.has(request.method) || pathname.endsWith('.data'))) return refusal();
    const { session, sessionToken } = await shopify.authenticate.admin(request);
    if (!agrees(sessionToken, session.shop, searchParams.get('shop'))) return refusal();
    const storeId = await findStoreOfAccount(engine, { platform: PLATFORM, account: session.shop });
    if (storeId === undefined)
      throw fail('not_found', 'This shop has no store here. Open the app again from the admin.');
    return {
      shop: session.shop,
      session: { storeId, actor: `user:${sessionToken.sub}`, stores: [{ id: storeId, name: session.shop }] },
    };
  }

  return {
    host: new URL(app.url).host,
    origin: new URL(app.url).origin,
    apiKey: app.apiKey,
    async enter(request) {
      try {
        return await admit(request);
      } catch (thrown) {
        if (thrown instanceof Response) return thrown.status < 500 ? thrown : notNow(AWAY, thrown.status);
        // A signed token for something that is no shop.
        if (thrown instanceof Error && thrown.constructor.name === 'InvalidShopError') return refusal();
        if (thrown instanceof RekindleError && thrown.code !== 'internal') return notNow(thrown.message, thrown.status);
        throw thrown;
      }
    },
  };
}

/** The library believes the signature; that all parts of the token and the address speak of one shop is asked here. */
function agrees(token: JwtPayload, shop: string, named: string | null): boolean {
  return (
    isShop(shop) &&
    token.dest === `https://${shop}` &&
    token.iss === `https://${shop}/admin` &&
    typeof token.exp === 'number' &&
    /^\d+$/.test(token.sub) &&
    (named === null || named === shop)
  );
}

function refusal(): Response {
  return new Response('Open this page from the Shopify admin.\n', {
    status: 401,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
