/**
 * Session tokens as the Shopify admin issues them: a JWT under the app's secret that is good for a minute.
 * https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens
 */
import { createHmac, randomUUID } from 'node:crypto';

export interface TokenOptions {
  /** example.myshopify.com */
  shop: string;
  /** The app's client id */
  apiKey: string;
  apiSecret: string;
  /** Number of the person who is signed in to the admin */
  user: string;
  now: Date;
  /** Claims that are to be other than they should, for tokens that must be refused; undefined leaves one out */
  claims?: Record<string, unknown>;
  /** Default HS256; `none` leaves the signature out. */
  algorithm?: 'HS256' | 'HS512' | 'none';
}

const LIFE_SECONDS = 60;

export function sessionToken(options: TokenOptions): string {
  const { shop, algorithm = 'HS256' } = options;
  const now = Math.floor(options.now.getTime() / 1000);
  const claims = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: options.apiKey,
    sub: options.user,
    exp: now + LIFE_SECONDS,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    sid: randomUUID(),
    ...options.claims,
  };
  const signed = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  if (algorithm === 'none') return `${signed}.`;
  const digest = algorithm === 'HS256' ? 'sha256' : 'sha512';
  return `${signed}.${createHmac(digest, options.apiSecret).update(signed).digest('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
