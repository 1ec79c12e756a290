/** The pages that a salesperson opens, and the proxy that a card's calls go through: it signs them and says who looks. */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Portal } from '../portal.ts';
import { refuse } from '../refusal.ts';
import { sign, type SignedRequest } from '../signing.ts';
import { cardScript } from './bundle.ts';
import { POLICY, recordPage } from './page.ts';

/** Who looks at a card, as HubSpot's proxy adds it to the call. */
export interface Viewer {
  userId: number;
  userEmail: string;
}

export interface Host {
  portal: Portal;
  clientSecret: string;
  /** Where the app's address really is; undefined: nowhere. */
  backend: string | undefined;
}

const SALES: Viewer = { userId: 7, userEmail: 'sales@shop.example' };

const cardCall = z.strictObject({
  url: z.url(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  body: z.record(z.string(), z.unknown()).optional(),
});

interface HostRequest {
  method: string;
  path: string;
  contentType: string | undefined;
  body: Buffer;
}

/** False: there is no such page. */
export async function answerHost(host: Host, request: HostRequest, response: ServerResponse): Promise<boolean> {
  const { method, path } = request;
  if (method === 'GET' && path === '/card.js') {
    const script = await cardScript();
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
    return true;
  }
  if (method === 'POST' && path === '/hs-fetch') {
    // Another site's page could only post a form.
    if (request.contentType !== 'application/json') throw refuse(415, 'BAD_REQUEST', 'JSON is wanted');
    await passOn(host, request.body, response);
    return true;
  }
  const [, portalId, contactId = ''] = /^\/contacts\/(\d+)\/record\/0-1\/(\d+)$/.exec(path) ?? [];
  const contact = host.portal.records.contacts.all.get(contactId);
  if (method !== 'GET' || portalId !== String(host.portal.id) || !contact) return false;
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    .end(recordPage(host.portal, contact));
  return true;
}

async function passOn(host: Host, body: Buffer, response: ServerResponse): Promise<void> {
  const { url, ...call } = cardCall.parse(JSON.parse(body.toString('utf8')));
  const { origin, pathname, search } = new URL(url);
  if (!host.portal.manifest.fetches.includes(origin))
    throw refuse(403, 'FORBIDDEN', `the app may not call ${origin}: its permittedUrls do not name it`);
  if (host.backend === undefined) throw refuse(502, 'BAD_GATEWAY', 'nothing answers there');
  const signed = cardRequest(host, `${host.backend}${pathname}${search}`, SALES, call);
  const answer = await fetch(signed.url, {
    method: signed.method,
    headers: signed.headers,
    ...(signed.method === 'GET' ? {} : { body: signed.body }),
  });
  const type = answer.headers.get('content-type') ?? 'application/json';
  response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
}

/** A card's call as it leaves the proxy. */
export function cardRequest(
  { portal, clientSecret }: Pick<Host, 'portal' | 'clientSecret'>,
  url: string,
  viewer: Viewer,
  { method = 'GET', body }: { method?: string; body?: unknown } = {},
): SignedRequest {
  const address = new URL(url);
  const added = { portalId: String(portal.id), userId: String(viewer.userId), userEmail: viewer.userEmail, appId: '1' };
  for (const [name, value] of Object.entries(added)) address.searchParams.set(name, value);
  const text = body === undefined ? '' : JSON.stringify(body);
  return sign(clientSecret, { method, url: address.href, body: text, at: portal.clock.now() });
}
