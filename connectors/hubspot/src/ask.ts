/** One request of HubSpot's client with the account's tokens, which are renewed when they end. */
import type { Client } from '@hubspot/api-client';
import { currentTokens, renewTokens, type ClientOptions } from './auth.ts';
import { apiClient, patiently } from './client.ts';

/** One request, as often as it takes and is sensible. Throws `connector_unavailable` or `connector_refused`. */
export type Ask = <Answer>(what: string, request: (client: Client) => Promise<Answer>) => Promise<Answer>;

export function hubSpotClient(options: ClientOptions): Ask {
  let known: { token: string; client: Client } | undefined;

  async function signedIn(expired: string | undefined): Promise<Client> {
    const tokens = expired === undefined ? await currentTokens(options) : await renewTokens(options, expired);
    if (known?.token !== tokens.accessToken)
      known = { token: tokens.accessToken, client: apiClient(options.baseUrl, tokens.accessToken) };
    return known.client;
  }

  return async (what, request) => {
    let expired: string | undefined;
    return patiently(options, what, async (failedBecauseExpired) => {
      if (failedBecauseExpired) expired = known?.token;
      return request(await signedIn(expired));
    });
  };
}
