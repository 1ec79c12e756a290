/** Who asks, as far as the connection says: the address of the socket. Headers are not believed. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

export function visitorOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? 'unknown';
  } catch {
    // Asked without a socket (app.request in a test).
    return 'unknown';
  }
}
