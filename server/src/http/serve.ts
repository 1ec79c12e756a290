/** The listening socket: opened with one clear sentence when that fails, closed when the last answer is out. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { fail } from '@rekindle/core';
import type { Hono } from 'hono';

export interface Listening {
  /** http://host:port */
  url: string;
  port: number;
  /** Takes no new request and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** Milliseconds that answers under way may take at the end. */
const PATIENCE_MS = 10_000;

/** Listens; port 0 takes any free one. Throws `port_taken` or `bad_configuration`. */
export async function serveHttp(
  app: Pick<Hono, 'fetch'>,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explain(error, host, port);
  }
  const taken = (server.address() as AddressInfo).port;
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    url: `http://${shown}:${String(taken)}`,
    port: taken,
    async close() {
      const closed = once(server, 'close');
      server.close();
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      const force = setTimeout(() => {
        if ('closeAllConnections' in server) server.closeAllConnections();
      }, PATIENCE_MS);
      await closed;
      clearTimeout(force);
    },
  };
}

function explain(error: unknown, host: string, port: number): Error {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE')
    return fail(
      'port_taken',
      `Port ${String(port)} is in use by another program. Stop it, or set PORT to another one (0 takes any).`,
      { cause: error },
    );
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return fail(
      'bad_configuration',
      `This machine may not listen on ${host}, port ${String(port)}. Correct HOST and PORT.`,
      { cause: error },
    );
  return error instanceof Error ? error : new Error(String(error));
}
