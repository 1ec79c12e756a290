/** OAuth as HubSpot does it: a page that sends the administrator back with a code, access that ends after half an hour. */
import { createHash } from 'node:crypto';
import type { Clock, Random } from '@rekindle/core';
import { refuse, type Refusal } from './refusal.ts';

export interface OAuthOptions {
  clientId: string;
  clientSecret: string;
  scopes: string[];
  clock: Clock;
  random: Random;
}

export interface OAuth {
  /** Where the administrator goes after she has said yes. Throws a Refusal where the request is not the app's. */
  authorize(query: URLSearchParams): string;
  token(form: URLSearchParams): { access_token: string; refresh_token: string; expires_in: number; token_type: string };
  /** Throws a Refusal where the access is none, has ended or lacks the scope. */
  check(authorization: string | undefined, scope: string): void;
  /** Ends every access that was given so far; refreshing goes on working. */
  expireAll(): void;
  /** The administrator removes the app: nothing works any more. */
  remove(): void;
  readonly refreshes: number;
}

const LIFETIME_S = 1800;

export function oauth({ clientId, clientSecret, scopes, clock, random }: OAuthOptions): OAuth {
  const codes = new Map<string, string>();
  const access = new Map<string, number>();
  let refreshToken: string | undefined;
  let refreshes = 0;

  function authorize(query: URLSearchParams): string {
    const asked = (query.get('scope') ?? '').split(' ').toSorted();
    const redirect = query.get('redirect_uri');
    if (query.get('client_id') !== clientId || redirect === null)
      throw refuse(400, 'BAD_REQUEST', 'no such app, or no address to go back to');
    if (asked.join(' ') !== scopes.join(' '))
      throw refuse(400, 'BAD_REQUEST', 'the scopes are not those of the app’s configuration');
    const code = random.uuid();
    codes.set(code, redirect);
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    return back.href;
  }

  function token(form: URLSearchParams): ReturnType<OAuth['token']> {
    const bad = (word: string): Refusal => refuse(400, word, 'wrong or used up', { status: word });
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      throw bad('BAD_CLIENT_SECRET');
    if (form.get('grant_type') === 'authorization_code') {
      const code = form.get('code') ?? '';
      if (codes.get(code) !== form.get('redirect_uri')) throw bad('BAD_AUTH_CODE');
      codes.delete(code);
      refreshToken ??= random.uuid();
    } else if (form.get('grant_type') === 'refresh_token') {
      if (refreshToken === undefined || form.get('refresh_token') !== refreshToken) throw bad('BAD_REFRESH_TOKEN');
      refreshes++;
    } else throw bad('BAD_GRANT_TYPE');
    const made = createHash('sha256').update(random.uuid()).digest('base64url');
    access.set(made, clock.now().getTime() + LIFETIME_S * 1000);
    return { access_token: made, refresh_token: refreshToken, expires_in: LIFETIME_S, token_type: 'bearer' };
  }

  return {
    authorize,
    token,
    check(authorization, scope) {
      const ends = access.get(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '');
      if (ends === undefined) throw refuse(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
      if (ends <= clock.now().getTime())
        throw refuse(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired.');
      if (!scopes.includes(scope)) throw refuse(403, 'MISSING_SCOPES', `this needs ${scope}`);
    },
    expireAll() {
      for (const made of access.keys()) access.set(made, 0);
    },
    remove() {
      access.clear();
      codes.clear();
      refreshToken = undefined;
    },
    get refreshes() {
      return refreshes;
    },
  };
}
