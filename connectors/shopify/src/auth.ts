/**
 * Signing in: the session token of the embedded page is exchanged for an offline token that expires (an hour) and a refresh
 * token that renews it (90 days, each usable once). https://shopify.dev/docs/apps/build/authentication-authorization
 */
import { RequestedTokenType, type Session } from '@shopify/shopify-api';
import { fail, RekindleError, type Clock, type Credentials } from '@rekindle/core';
import { atAddress } from './address.ts';
import { codeOf, isShopifyAway } from './answer.ts';
import { shopDomain, shopifyLibrary } from './library.ts';
import { shopifyTokens, type ShopifyApp, type ShopifyTokens } from './schema.ts';

export interface SignInOptions {
  app: ShopifyApp;
  clock: Clock;
  /** Another address than the shops' own: a stand-in's */
  baseUrl?: string | undefined;
}

/** A token is renewed so long before it expires, so that none expires on the way. */
const EARLY_MS = 300_000;

/**
 * Exchanges a session token for an expiring offline token. What comes back belongs into the vault. Throws `unauthorised` where
 * the session token is not ours, and `connector_…` where Shopify does not answer or refuses.
 */
export async function shopifySignIn(
  options: SignInOptions,
  shop: string,
  sessionToken: string,
): Promise<ShopifyTokens> {
  const library = shopifyLibrary(options.app);
  const domain = shopDomain(shop);
  try {
    const payload = await library.session.decodeSessionToken(sessionToken);
    if (new URL(payload.dest).host !== domain) throw fail('unauthorised', 'The session token is for another shop.');
  } catch (cause) {
    if (cause instanceof RekindleError) throw cause;
    throw fail('unauthorised', 'The session token is not valid: open the app again in the Shopify admin.');
  }
  return ask(options, 'sign in', () =>
    library.auth.tokenExchange({
      shop: domain,
      sessionToken,
      requestedTokenType: RequestedTokenType.OfflineAccessToken,
      expiring: true,
    }),
  );
}

/** New tokens for a refresh token. Each refresh token may be used once. */
export async function shopifyRefresh(options: SignInOptions, kept: ShopifyTokens): Promise<ShopifyTokens> {
  const library = shopifyLibrary(options.app);
  return ask(options, 'renew the access', () =>
    library.auth.refreshToken({ shop: kept.shop, refreshToken: kept.refreshToken }),
  );
}

/** A token that is good now; `refused` is one that Shopify has just turned down. */
export async function freshToken(
  options: SignInOptions & { account: string; credentials: Credentials },
  refused?: string,
): Promise<ShopifyTokens> {
  const good = (tokens: ShopifyTokens): boolean =>
    tokens.accessToken !== refused && Date.parse(tokens.expiresAt) - EARLY_MS > options.clock.now().getTime();
  const kept = read(await options.credentials.read(), options.account);
  if (good(kept)) return kept;
  const renewed = await options.credentials.renew(async (current) => {
    const now = read(current, options.account);
    // Another process was quicker: its token is as good as ours would be.
    return good(now) ? now : shopifyRefresh(options, now);
  });
  return read(renewed, options.account);
}

function read(kept: unknown, account: string): ShopifyTokens {
  const parsed = shopifyTokens.safeParse(kept);
  if (!parsed.success || parsed.data.shop !== account)
    throw fail('connector_refused', 'The shop is not signed in: open the app in its Shopify admin.');
  return parsed.data;
}

async function ask(
  options: SignInOptions,
  what: string,
  request: () => Promise<{ session: Session }>,
): Promise<ShopifyTokens> {
  let session: Session;
  try {
    ({ session } = await atAddress(options.baseUrl, request));
  } catch (error) {
    if (isShopifyAway(error)) throw fail('connector_unavailable', `Shopify did not answer when asked to ${what}.`);
    throw fail(
      'connector_refused',
      `Shopify refused to ${what} (${codeOf(error)}): open the app again in the shop’s Shopify admin.`,
    );
  }
  const { shop, accessToken = '', scope = '', refreshToken } = session;
  if (accessToken === '' || refreshToken === undefined || !session.expires || !session.refreshTokenExpires)
    throw fail('connector_refused', 'Shopify gave a token that does not expire: the app must ask for expiring ones.');
  // The library reckons by the wall clock; what counts is how long the token lives from now.
  const drift = options.clock.now().getTime() - Date.now();
  const at = (date: Date): string => new Date(date.getTime() + drift).toISOString();
  return {
    shop,
    accessToken,
    scope,
    expiresAt: at(session.expires),
    refreshToken,
    refreshExpiresAt: at(session.refreshTokenExpires),
  };
}
