/**
 * Signing in at the fake: session tokens as the admin mints them for embedded pages, their exchange for access tokens, and the
 * renewal of those that expire. What is not just so is refused.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { wallClock } from '@rekindle/core';
import { sessionToken } from './admin/session-token.ts';
import type { FakeToken, ShopState, World } from './state.ts';

export interface SessionTokenOptions {
  /** Id of the member of staff. Default 1 */
  userId?: string;
  /** What shall stand there instead, to make a token that is wrong. */
  claims?: Record<string, unknown>;
  /** Default: the app's secret */
  secret?: string;
}

/** Session tokens live by the wall clock, whatever the fake's other clocks say: the app's library checks them by it. */
const wallSeconds = (): number => Math.floor(wallClock.now().getTime() / 1000);

/** A session token as App Bridge hands it to an embedded page. */
export function mintSessionToken(world: World, shop: string, options: SessionTokenOptions = {}): string {
  return sessionToken({
    shop,
    apiKey: world.app.apiKey,
    apiSecret: options.secret ?? world.app.apiSecret,
    user: options.userId ?? '1',
    now: wallClock.now(),
    ...(options.claims && { claims: options.claims }),
  });
}

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const OFFLINE = 'urn:shopify:params:oauth:token-type:offline-access-token';
const ONLINE = 'urn:shopify:params:oauth:token-type:online-access-token';

const client = { client_id: z.string(), client_secret: z.string() };
const request = z.discriminatedUnion('grant_type', [
  z.strictObject({
    ...client,
    grant_type: z.literal(EXCHANGE),
    subject_token: z.string(),
    subject_token_type: z.literal('urn:ietf:params:oauth:token-type:id_token'),
    requested_token_type: z.enum([OFFLINE, ONLINE]),
    expiring: z.enum(['0', '1']).optional(),
  }),
  z.strictObject({ ...client, grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
]);

const claimsSchema = z.object({
  iss: z.string(),
  dest: z.string(),
  aud: z.string(),
  sub: z.string(),
  exp: z.number(),
  nbf: z.number(),
});

export interface TokenAnswer {
  status: number;
  body: Record<string, unknown>;
}

const refusal = (error: string, status = 400): TokenAnswer => ({ status, body: { error, error_description: error } });

const HOUR = 3600;
const NINETY_DAYS = 7_776_000;
/** Clocks may differ by so much, s. */
const LEEWAY = 10;

/** POST /admin/oauth/access_token */
export function answerTokenRequest(world: World, shop: ShopState, body: unknown): TokenAnswer {
  const parsed = request.safeParse(body);
  if (!parsed.success) return refusal('invalid_request');
  const asked = parsed.data;
  if (asked.client_id !== world.app.apiKey || asked.client_secret !== world.app.apiSecret)
    return refusal('invalid_client', 401);
  if (!shop.granted) return refusal('app_not_installed', 400);
  const now = Math.floor(world.hostClock.now().getTime() / 1000);
  if (asked.grant_type === 'refresh_token') {
    const kept = shop.tokens.find((one) => one.refreshToken === asked.refresh_token && one.refreshExpiresAt > now);
    if (!kept) return refusal('invalid_grant', 401);
    // Each refresh token once, and with it goes the access token that it came with.
    shop.tokens.splice(shop.tokens.indexOf(kept), 1);
    return grant(world, shop, now, { online: false, expiring: true }, '');
  }
  const user = userOf(world, shop, asked.subject_token, wallSeconds());
  if (user === undefined) return refusal('invalid_subject_token');
  const online = asked.requested_token_type === ONLINE;
  return grant(world, shop, now, { online, expiring: asked.expiring === '1' || online }, user);
}

function grant(
  world: World,
  shop: ShopState,
  now: number,
  kind: { online: boolean; expiring: boolean },
  user: string,
): TokenAnswer {
  const scopes = shop.granted ?? [];
  const lifetime = kind.online ? 24 * HOUR : HOUR;
  const renewable = kind.expiring && !kind.online;
  const token: FakeToken = {
    accessToken: `${kind.online ? 'shpua' : 'shpat'}_${world.random.uuid().replaceAll('-', '')}`,
    refreshToken: renewable ? `shprt_${world.random.uuid().replaceAll('-', '')}` : null,
    scopes: [...scopes],
    expiresAt: kind.expiring ? now + lifetime : Number.POSITIVE_INFINITY,
    refreshExpiresAt: renewable ? now + NINETY_DAYS : 0,
    online: kind.online,
  };
  shop.tokens.push(token);
  return {
    status: 200,
    body: {
      access_token: token.accessToken,
      scope: scopes.join(','),
      ...(kind.expiring && { expires_in: lifetime }),
      ...(renewable && { refresh_token: token.refreshToken, refresh_token_expires_in: NINETY_DAYS }),
      ...(kind.online && { associated_user_scope: scopes.join(','), associated_user: staff(user) }),
    },
  };
}

function staff(id: string): Record<string, unknown> {
  return {
    id: Number(id),
    first_name: 'Sam',
    last_name: 'Owner',
    email: 'sam@shop.example',
    email_verified: true,
    account_owner: true,
    locale: 'en',
    collaborator: false,
  };
}

/** Whose session token this is; undefined where it is not one of this shop and app, or not now. */
function userOf(world: World, shop: ShopState, token: string, now: number): string | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || (decoded(header) as { alg?: unknown } | undefined)?.alg !== 'HS256') return undefined;
  const wanted = createHmac('sha256', world.app.apiSecret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const claims = claimsSchema.safeParse(decoded(payload));
  if (!claims.success) return undefined;
  const { iss, dest, aud, sub, exp, nbf } = claims.data;
  const isHere = iss === `https://${shop.domain}/admin` && dest === `https://${shop.domain}`;
  const isNow = exp + LEEWAY > now && nbf - LEEWAY <= now;
  return isHere && isNow && aud === world.app.apiKey ? sub : undefined;
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** The token that a request to the Admin API carries, while it is good. */
export function tokenOf(world: World, shop: ShopState, accessToken: string | undefined): FakeToken | undefined {
  const now = Math.floor(world.hostClock.now().getTime() / 1000);
  return shop.granted && shop.tokens.find((one) => one.accessToken === accessToken && one.expiresAt > now);
}
