/** The listening socket: opened with one clear sentence when that fails, closed when the last answer is out. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { fail } from '@rekindle/core';
import type { Hono } from 'hono';
import type { Quick } from './public/quick.ts';

export interface Listening {
  /** http://host:port */
  url: string;
  port: number;
  /** Takes no new request and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** Milliseconds that answers under way may take at the end. */
const PATIENCE_MS = 10_000;

/** Listens; port 0 takes any free one. `quick` answers before the app where it can. Throws `port_taken` or `bad_configuration`. */
export async function serveHttp(
  app: Pick<Hono, 'fetch'>,
  { host, port, quick }: { host: string; port: number; quick?: Quick | undefined },
): Promise<Listening> {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, answer) => {
    if (quick?.(request, answer) !== true) void listener(request, answer);
  });
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
      server.closeIdleConnections();
      const force = setTimeout(() => {
        server.closeAllConnections();
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
