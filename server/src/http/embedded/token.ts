/** A shop's offline token as it lies in the vault (the connector's shape), and as Shopify's library holds it. */
import { shopifyTokens, type ShopifyTokens } from '@rekindle/connector-shopify';
import { fail } from '@rekindle/core';
import { Session } from '@shopify/shopify-app-remix/server';

/** Throws `connector_refused` where Shopify gave a token that never expires: such a one is not kept. */
export function tokensOf(session: Session): ShopifyTokens {
  const parsed = shopifyTokens.safeParse({
    shop: session.shop,
    accessToken: session.accessToken,
    scope: session.scope ?? '',
    expiresAt: session.expires?.toISOString(),
    refreshToken: session.refreshToken,
    refreshExpiresAt: session.refreshTokenExpires?.toISOString(),
  });
  // Without the parser's words: they could quote the token.
  if (!parsed.success) throw fail('connector_refused', 'Shopify gave a token that does not expire. Try again.');
  return parsed.data;
}

/** Undefined where nothing is kept, or nothing of this shop. */
export function sessionOf(kept: unknown, id: string, shop: string): Session | undefined {
  const parsed = shopifyTokens.safeParse(kept);
  if (!parsed.success || parsed.data.shop !== shop) return undefined;
  const { accessToken, scope, expiresAt, refreshToken, refreshExpiresAt } = parsed.data;
  return new Session({
    id,
    shop,
    state: '',
    isOnline: false,
    accessToken,
    scope,
    expires: new Date(expiresAt),
    refreshToken,
    refreshTokenExpires: new Date(refreshExpiresAt),
  });
}
