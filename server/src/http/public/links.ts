/**
 * The open pixel and the click redirect. They read a signed token and answer without the database; what happened is recorded
 * after. A click leads only where we signed that it leads: there is no address in the request to redirect to.
 */
import { fail, readLink, type Engine } from '@rekindle/core';
import type { Context, Hono } from 'hono';
import type { Limit } from '../limit.ts';
import { visitorOf } from '../visitor.ts';
import type { HitBuffer } from './hits.ts';

/** One transparent pixel (GIF89a). */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export function mountLinks(app: Hono, engine: Engine, { hits, guesses }: { hits: HitBuffer; guesses: Limit }): void {
  function unknown(context: Context): never {
    guesses.take(visitorOf(context));
    throw fail('not_found', 'This address is not one of ours, or not all of it.');
  }
  const seen = (context: Context) => ({
    at: engine.clock.now(),
    method: context.req.method,
    userAgent: context.req.header('user-agent'),
  });

  app.get('/o/:token', (context) => {
    const link = readLink(engine.keys, 'open', context.req.param('token'));
    if (link === undefined) return unknown(context);
    hits.add({ kind: 'open', storeId: link.storeId, messageId: link.messageId, ...seen(context) });
    return context.body(PIXEL, 200, { 'Content-Type': 'image/gif', 'Cross-Origin-Resource-Policy': 'cross-origin' });
  });

  app.get('/c/:token', (context) => {
    const link = readLink(engine.keys, 'click', context.req.param('token'));
    if (link === undefined) return unknown(context);
    const { storeId, messageId, url } = link;
    hits.add({ kind: 'click', storeId, messageId, url, ...seen(context) });
    return context.redirect(new URL(url).href, 302);
  });
}
