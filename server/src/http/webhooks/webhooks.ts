/**
 * /webhooks/<vendor>/<store> for those who mail, /webhooks/<platform> for those who have customers (whose store is found by
 * the account that they name): raw body → verify → committed → 200. Whatever fails on our side is answered 5xx, so that the
 * vendor tries again; a webhook is acknowledged only when what it says is in the database.
 */
import { fail, receiveEvents, receivePlatformEvents, type Engine } from '@rekindle/core';
import type { Hono } from 'hono';
import { readBody } from '../body.ts';
import { createLimit } from '../limit.ts';

/** SendGrid sends up to a thousand events at once, some 500 bytes each. */
const LARGEST = 5 * 1024 * 1024;
/** Webhooks of one store, or of one platform, in ten seconds; a vendor that is told to wait tries again. */
const MOST = 500;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function mountWebhooks(app: Hono, engine: Engine): void {
  const limit = createLimit(MOST, 10_000);
  app.post('/webhooks/:vendor/:storeId', async (context) => {
    const { vendor, storeId } = context.req.param();
    if (!UUID.test(storeId)) throw fail('not_found', 'There is no such store.');
    limit.take(storeId);
    const body = await readBody(context.req.raw, LARGEST);
    const applied = await receiveEvents(engine, storeId, vendor, { headers: context.req.header(), body });
    return context.json(applied);
  });
  app.post('/webhooks/:platform', async (context) => {
    const { platform } = context.req.param();
    if (!Object.hasOwn(engine.webhooks, platform)) throw fail('not_found', 'There is nothing at this address.');
    limit.take(platform);
    const body = await readBody(context.req.raw, LARGEST);
    const { pathname, search } = new URL(context.req.url);
    // Some signatures cover the address; the sender knows the public one, whatever stands in between.
    const url = `${engine.publicUrl}${pathname}${search}`;
    await receivePlatformEvents(engine, platform, { headers: context.req.header(), body, method: 'POST', url });
    // The same for everybody: whose account it is, or that it is nobody's, is not the sender's to learn.
    return context.json({ received: true });
  });
}
