/**
 * Shopify around the app, over TLS on this machine: admin.shopify.com with the app in its frame, cdn.shopify.com with what
 * stands for App Bridge, {shop}.myshopify.com for tokens and the Admin API, and the app under its public name. One server
 * plays them all; a browser and the app come to it through a proxy that leads nowhere else, so neither is told of any of it
 * by an address of its own.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin, answerBridge, type AdminOptions, type ShopInAdmin } from './admin.ts';
import { makeCertificate } from './certificate.ts';
import type { PlayedApp } from './pages.ts';
import { startProxy } from './proxy.ts';

export { sessionToken, type TokenOptions } from './session-token.ts';
export type { PlayedApp } from './pages.ts';

export interface AdminFakeOptions {
  app: PlayedApp & { apiSecret: string };
  shops: PlayedShopBehind[];
  /** Number of the person who is signed in. Default 7001 */
  user?: string;
  /** Pages under other names: https://{host}/ gives the text. For sites that are not Shopify's. */
  others?: Record<string, string>;
  /** Default: the wall clock */
  clock?: () => Date;
}

export interface PlayedShopBehind extends ShopInAdmin {
  /** http://127.0.0.1:port of the shop's Admin API and its tokens; it is told the shop's name by X-Forwarded-Host */
  apiUrl: string;
}

export interface AdminFake {
  /** https://admin.shopify.com/store/{shop}/apps/{handle}, as a browser behind the proxy sees it */
  addressOf(shop: string): string;
  /** What a browser or a process takes as its proxy */
  proxyUrl: string;
  /** PEM of the authority that a process has to trust */
  authority: string;
  /** Names that were wanted and are not played: nobody may want any */
  readonly refused: string[];
  /** Where the app listens, once it does: http://127.0.0.1:port */
  leadTo(appUrl: string): void;
  close(): Promise<void>;
}

const ADMIN = 'admin.shopify.com';
const CDN = 'cdn.shopify.com';

/** Starts on free ports of loopback. */
export async function startAdminFake(options: AdminFakeOptions): Promise<AdminFake> {
  const clock = options.clock ?? (() => new Date());
  const appHost = new URL(options.app.url).host;
  const others = options.others ?? {};
  const shopHosts = new Map(options.shops.map((shop) => [`${shop.name}.myshopify.com`, shop]));
  const names = [ADMIN, CDN, appHost, ...shopHosts.keys(), ...Object.keys(others)];
  const admin: AdminOptions = {
    app: options.app,
    origin: `https://${ADMIN}`,
    user: options.user ?? '7001',
    clock,
    shop: (name) => shopHosts.get(`${name}.myshopify.com`),
  };
  let appUrl: string | undefined;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const host = incoming.headers.host ?? '';
    const shop = shopHosts.get(host);
    if (shop) return pass(incoming, outgoing, shop.apiUrl);
    if (host === appHost) {
      if (appUrl !== undefined) return pass(incoming, outgoing, appUrl);
      return send(outgoing, new Response('The app is not started.\n', { status: 502 }));
    }
    if (host === ADMIN) return send(outgoing, await answerAdmin(admin, webRequest(incoming, host)));
    if (host === CDN && incoming.url === '/shopifycloud/app-bridge.js')
      return send(outgoing, await answerBridge(admin));
    const other = others[host];
    if (other !== undefined)
      return send(outgoing, new Response(other, { headers: { 'Content-Type': 'text/html; charset=utf-8' } }));
    return send(outgoing, new Response(null, { status: 404 }));
  }

  const certificate = await makeCertificate(names, clock());
  const server = createServer(certificate, (incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startProxy((host) => names.includes(host), (server.address() as AddressInfo).port);
  return {
    addressOf: (shop) => `https://${ADMIN}/store/${shop}/apps/${options.app.handle}`,
    proxyUrl: proxy.url,
    authority: certificate.cert,
    refused: proxy.refused,
    leadTo(url) {
      appUrl = url;
    },
    async close() {
      await proxy.close();
      await closeServer(server);
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

function webRequest(incoming: IncomingMessage, host: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value);
  return new Request(`https://${host}${incoming.url ?? '/'}`, { method: incoming.method ?? 'GET', headers });
}

async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body) for await (const chunk of response.body) outgoing.write(chunk);
  outgoing.end();
}

/** As a server in front of another that ends TLS: the same request in plain HTTP, with the name that was asked for. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, to: string): void {
  const headers = {
    ...incoming.headers,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': incoming.headers.host ?? '',
  };
  const behind = forward(new URL(incoming.url ?? '/', to), { method: incoming.method, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  behind.on('error', () => outgoing.destroy());
  outgoing.once('close', () => behind.destroy());
  incoming.pipe(behind);
}
