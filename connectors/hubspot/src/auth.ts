/**
 * Signing in to HubSpot: OAuth 2.0 with a code, and tokens that live half an hour. A refresh token may be used by one process
 * at a time; `Credentials.renew` sees to that.
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth
 */
import { fail, type Credentials } from '@rekindle/core';
import { apiClient, patiently, type HubSpotApp } from './client.ts';
import { accountDetails, hubSpotTokens, tokenAnswer, type HubSpotSettings, type HubSpotTokens } from './schema.ts';

export interface ClientOptions extends HubSpotApp {
  credentials: Credentials;
}

/** All that is asked for, and nothing that is not used (a test compares them with the app's own manifest). */
export const HUBSPOT_SCOPES = [
  'communication_preferences.read_write',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.deals.read',
  'crm.objects.marketing_events.read',
  'crm.objects.marketing_events.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
  'oauth',
  'timeline',
] as const;

/** Tokens that end this soon are renewed before they are used. */
const EARLY_MS = 60_000;
const OFFICIAL = 'https://api.hubapi.com';

export interface HubSpotSignIn {
  /** The portal's id */
  account: string;
  tokens: HubSpotTokens;
  settings: HubSpotSettings;
  timeZone: string;
}

/**
 * Where an administrator is sent to allow the app. `state` comes back unchanged and must be compared. The page stands on
 * another host than the API; of a stand-in it is the same one.
 */
export function hubSpotAuthorizeUrl(
  app: Pick<HubSpotApp, 'clientId' | 'baseUrl'>,
  request: { redirectUri: string; state: string },
): string {
  const host = app.baseUrl === undefined || app.baseUrl === OFFICIAL ? 'https://app.hubspot.com' : app.baseUrl;
  const url = new URL('/oauth/authorize', host);
  url.searchParams.set('client_id', app.clientId);
  url.searchParams.set('redirect_uri', request.redirectUri);
  url.searchParams.set('scope', HUBSPOT_SCOPES.join(' '));
  url.searchParams.set('state', request.state);
  return url.href;
}

/** The code that the administrator came back with → tokens and what account they are for. */
export async function hubSpotSignIn(
  app: HubSpotApp,
  request: { code: string; redirectUri: string },
): Promise<HubSpotSignIn> {
  // A code works once: no second attempt.
  const tokens = await patiently(
    app,
    'signing in',
    () => askForTokens(app, { grant: 'authorization_code', code: request.code, redirectUri: request.redirectUri }),
    1,
  );
  const details = await patiently(app, 'reading the account', async () => {
    const answer = await apiClient(app.baseUrl, tokens.accessToken).apiRequest({
      path: '/account-info/v3/details',
    });
    if (!answer.ok) throw Object.assign(new Error('no account'), { code: answer.status });
    return accountDetails.parse(await answer.json());
  });
  return {
    account: String(details.portalId),
    tokens,
    settings: { currency: details.companyCurrency },
    timeZone: details.timeZone,
  };
}

/** The tokens that are kept, renewed where they end soon. */
export async function currentTokens(options: ClientOptions): Promise<HubSpotTokens> {
  const kept = parseTokens(await options.credentials.read());
  return isFresh(kept, options) ? kept : renewTokens(options, kept.accessToken);
}

/** New tokens in place of `old`; those that another process has fetched meanwhile, if it has. */
export async function renewTokens(options: ClientOptions, old: string): Promise<HubSpotTokens> {
  const renew: Parameters<Credentials['renew']>[0] = async (current) => {
    const kept = parseTokens(current);
    if (kept.accessToken !== old && isFresh(kept, options)) return kept;
    return patiently(options, 'renewing the access', () =>
      askForTokens(options, { grant: 'refresh_token', refreshToken: kept.refreshToken }),
    );
  };
  return parseTokens(await options.credentials.renew(renew));
}

function isFresh(tokens: HubSpotTokens, { clock }: Pick<HubSpotApp, 'clock'>): boolean {
  return tokens.expiresAt - clock.now().getTime() > EARLY_MS;
}

function parseTokens(kept: unknown): HubSpotTokens {
  const parsed = hubSpotTokens.safeParse(kept);
  if (!parsed.success) throw fail('connector_refused', 'HubSpot is not signed in to. Connect the account again.');
  return parsed.data;
}

type Grant =
  { grant: 'authorization_code'; code: string; redirectUri: string } | { grant: 'refresh_token'; refreshToken: string };

async function askForTokens(app: HubSpotApp, request: Grant): Promise<HubSpotTokens> {
  const [code, redirectUri, refreshToken] =
    request.grant === 'authorization_code'
      ? [request.code, request.redirectUri, undefined]
      : [undefined, undefined, request.refreshToken];
  const answer = tokenAnswer.parse(
    await apiClient(app.baseUrl).oauth.tokensApi.create(
      request.grant,
      code,
      redirectUri,
      app.clientId,
      app.clientSecret,
      refreshToken,
    ),
  );
  return {
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken,
    expiresAt: app.clock.now().getTime() + answer.expiresIn * 1000,
  };
}
