/**
 * Connecting a platform by its own sign-in page: out to HubSpot with a state, back with a code. Both ends are asked only by who
 * may see the pages. From inside the Shopify admin one comes back without a session (a cookie of ours would be a third party's
 * there), so the way back leads through the admin, which sends the session token along.
 */
import { connectAccount, fail, pullSoon, RekindleError, wallClock, type Clock, type Engine } from '@rekindle/core';
import { hubSpotAuthorizeUrl, hubSpotSignIn, type HubSpotApp } from '@rekindle/connector-hubspot';
import { hubSpotApp, type HubSpotKeys } from '../../platforms.ts';
import { refusedPage } from '../embedded/doorstep.ts';
import { takeWayBack } from './connect.store.ts';
import { readState, stateFor, type Leaving } from './state.ts';

export const OUT = '/connect/hubspot';
export const BACK = '/connect/hubspot/callback';
const PLATFORM = 'hubspot';
/** Milliseconds that HubSpot may take for one answer; a person is waiting. */
const PATIENCE_MS = 20_000;

/** Who asks, and from where. */
export interface Visitor {
  storeId: string;
  actor: string;
  /** Of the address under which these pages are reached */
  origin: string;
  /** In whose admin they are shown */
  shop?: string;
}

export interface Connecting {
  /** Whether it is an address of ours. */
  handles(request: Request): boolean;
  /** In the admin: through it for who comes back from the platform without a session. Undefined: already inside. */
  inside(request: Request, apiKey: string): Response | undefined;
  /** The answer for somebody who was let in. */
  answer(request: Request, visitor: Visitor): Promise<Response>;
}

/** Undefined where HubSpot is not set up. `clock`: states and tokens live by real time. */
export function openConnecting(engine: Engine, config: HubSpotKeys, clock: Clock = wallClock): Connecting | undefined {
  if (config.HUBSPOT_CLIENT_ID === undefined || config.HUBSPOT_CLIENT_SECRET === undefined) return undefined;
  const app: HubSpotApp = { ...hubSpotApp(config), clock, timeoutMs: PATIENCE_MS };
  const around = { keys: engine.keys, clock };

  function leave(request: Request, { storeId, actor, shop, origin }: Visitor): Response {
    const state = stateFor(around, { platform: PLATFORM, storeId, actor, ...(shop !== undefined && { shop }) });
    const url = hubSpotAuthorizeUrl(app, { redirectUri: origin + BACK, state });
    // A page in a frame leaves it by itself: HubSpot may not be shown in one.
    if (request.headers.get('accept')?.includes('application/json') === true) return Response.json({ url });
    return new Response(null, { status: 302, headers: { Location: url } });
  }

  async function comeBack(request: Request, visitor: Visitor): Promise<Response> {
    const words = new URL(request.url).searchParams;
    const left = readState(around, words.get('state') ?? '');
    if (left.platform !== PLATFORM || left.storeId !== visitor.storeId || left.actor !== visitor.actor)
      throw fail('forbidden', 'This was begun by somebody else, or for another store.');
    await takeOnce(left);
    const code = words.get('code');
    if (words.has('error') || code === null)
      throw fail('connector_refused', 'HubSpot says that the app was not allowed.');
    const signedIn = await hubSpotSignIn(app, { code, redirectUri: visitor.origin + BACK });
    const id = await connectAccount(engine, {
      storeId: visitor.storeId,
      platform: PLATFORM,
      account: signedIn.account,
      credentials: signedIn.tokens,
      settings: signedIn.settings,
      actor: visitor.actor,
    });
    await pullSoon(engine, visitor.storeId, id);
    for (const word of ['code', 'state']) words.delete(word);
    return new Response(null, { status: 302, headers: { Location: `/connections?${words.toString()}` } });
  }

  async function takeOnce({ storeId, nonce, actor }: Leaving): Promise<void> {
    const first = await engine.database.inStore(storeId, (tx) => takeWayBack(tx, { nonce, actor, at: clock.now() }));
    if (!first) throw fail('forbidden', 'This way back was taken before.');
  }

  return {
    handles: (request) => [OUT, BACK].includes(new URL(request.url).pathname) && request.method === 'GET',
    inside(request, apiKey) {
      const { pathname, search, searchParams } = new URL(request.url);
      if (pathname !== BACK || searchParams.has('shop') || request.headers.has('authorization')) return undefined;
      return told(() => {
        const { shop } = readState(around, searchParams.get('state') ?? '');
        if (shop === undefined) throw fail('forbidden', 'This was not begun in a Shopify admin.');
        const admin = `https://admin.shopify.com/store/${shop.split('.')[0] ?? ''}/apps/${apiKey}`;
        return new Response(null, { status: 302, headers: { Location: `${admin}${BACK}${search}` } });
      });
    },
    answer: (request, visitor) =>
      new URL(request.url).pathname === OUT
        ? Promise.resolve(leave(request, visitor))
        : comeBack(request, visitor).catch(refusal),
  };
}

function told(work: () => Response): Response {
  try {
    return work();
  } catch (error) {
    return refusal(error);
  }
}

/** What was expected to go wrong is said in a page; a defect is nobody's to read. */
function refusal(error: unknown): Response {
  if (!(error instanceof RekindleError) || error.code === 'internal') throw error;
  return refusedPage('HubSpot was not connected', `${error.message} Nothing was connected.`, error.status);
}
