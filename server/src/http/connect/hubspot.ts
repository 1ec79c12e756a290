/**
 * Connecting a HubSpot account: whoever may see the pages is sent to HubSpot, says yes there, and comes back with a code. The
 * way back is reached under the public address and needs no session: what it may do is sealed in `state`.
 */
import { connectAccount, fail, pullSoon, RekindleError, type Engine } from '@rekindle/core';
import { hubSpotAuthorizeUrl, hubSpotSignIn, type HubSpotApp } from '@rekindle/connector-hubspot';
import type { Context, Hono } from 'hono';
import { PAGE_POLICY, renderPage } from '../public/page.ts';
import { noteReturn } from './returned.store.ts';
import { openState, sealState, type State } from './state.ts';

export const CONNECT_HUBSPOT = '/connect/hubspot';
const CALLBACK = `${CONNECT_HUBSPOT}/callback`;
const PLATFORM = 'hubspot';

/** Sends somebody who was let in to HubSpot. `origin`: of the pages, where she is led back to. */
export function toHubSpot(
  engine: Engine,
  app: HubSpotApp,
  about: { storeId: string; actor: string; origin: string },
): Response {
  const state = sealState(engine.keys, PLATFORM, about, app.clock.now());
  const location = hubSpotAuthorizeUrl(app, { redirectUri: redirectUri(engine), state });
  return new Response(null, { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' } });
}

/** Mounts the address to which HubSpot sends her back. */
export function mountHubSpotReturn(http: Hono, engine: Engine, app: HubSpotApp): void {
  http.get(CALLBACK, async (context) => {
    const state = openState(engine.keys, PLATFORM, context.req.query('state') ?? '', app.clock.now());
    try {
      const account = await finish(engine, app, state, context.req.query('code'));
      return await tell(
        context,
        200,
        'HubSpot is connected',
        `Account ${account}. The first sync begins at once.`,
        state,
      );
    } catch (error) {
      if (!(error instanceof RekindleError) || error.code === 'internal') throw error;
      return tell(context, error.status, 'HubSpot is not connected', error.message, state);
    }
  });
}

async function finish(
  engine: Engine,
  app: HubSpotApp,
  state: State | undefined,
  code: string | undefined,
): Promise<string> {
  if (state === undefined)
    throw fail('forbidden', 'This way back is not one of ours, or too old. Begin again on the connections page.');
  const { storeId, actor, name } = state;
  const way = { name, at: engine.clock.now(), actor };
  if (!(await engine.database.inStore(storeId, (tx) => noteReturn(tx, way))))
    throw fail('forbidden', 'This way back was used before. Begin again on the connections page.');
  if (code === undefined || code === '')
    throw fail('connector_refused', 'HubSpot was not allowed to let Rekindle in. Nothing was changed.');
  const { account, tokens, settings } = await hubSpotSignIn(app, { code, redirectUri: redirectUri(engine) });
  const id = await connectAccount(engine, {
    platform: PLATFORM,
    account,
    storeId,
    credentials: tokens,
    settings,
    actor,
  });
  // A connection that is brought back may be resting after a failure.
  await pullSoon(engine, storeId, id);
  return account;
}

function redirectUri(engine: Engine): string {
  return engine.publicUrl + CALLBACK;
}

async function tell(
  context: Context,
  status: number,
  heading: string,
  body: string,
  state: State | undefined,
): Promise<Response> {
  const website = state && { url: `${state.origin}/connections`, name: 'Back to the connections' };
  const page = await renderPage({ language: 'en', title: `${heading} · Rekindle`, heading, body, website });
  return new Response(page, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAGE_POLICY },
  });
}
