/**
 * POST /api/v1/pixel: what the shop's web pixel saw. It runs in a sandbox on the shop's pages and has no origin of its own, so any
 * origin may ask, without cookies; the body may come as text, which spares the browser a question before it.
 */
import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { fail, PIXEL_KINDS, recordPixelEvents, type Engine } from '@rekindle/core';
import { readBody } from '../body.ts';
import { createLimit } from '../limit.ts';
import { visitorOf } from '../visitor.ts';
import { problems } from './problems.ts';
import { idText } from './text.ts';

const LARGEST = 32 * 1024;
/** A page tells a handful at once. */
const MOST_EVENTS = 20;
/** Requests of one address in a minute, and of one shop's pixel. */
const BY_VISITOR = 120;
const BY_SHOP = 6000;

const told = z
  .object({
    key: z.string().min(1).max(100).openapi({ description: 'The shop’s pixel key, from its settings' }),
    events: z
      .array(
        z
          .object({
            id: idText(100),
            kind: z.enum(PIXEL_KINDS),
            at: z.iso.datetime({ offset: true }),
            customerId: idText(100).openapi({ description: 'Shopify’s id of the customer' }),
            title: z.string().max(300).optional(),
            url: z.url().max(2000).optional(),
          })
          .strict(),
      )
      .min(1)
      .max(MOST_EVENTS),
  })
  .strict()
  .openapi('PixelEvents');

const ANYBODY = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };

export function mountPixel<Env extends object>(api: OpenAPIHono<Env>, engine: Engine): void {
  const visitors = createLimit(BY_VISITOR, 60_000);
  const shops = createLimit(BY_SHOP, 60_000);
  api.openAPIRegistry.registerPath({
    method: 'post',
    path: '/pixel',
    summary: 'What the shop’s web pixel saw',
    request: {
      body: { required: true, content: { 'application/json': { schema: told }, 'text/plain': { schema: told } } },
    },
    responses: { 202: { description: 'Taken; of people who are nobody’s customer nothing is kept' }, ...problems },
  });
  api.options('/pixel', (context) =>
    context.body(null, 204, {
      ...ANYBODY,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Content-Type',
      'Access-Control-Max-Age': '86400',
    }),
  );
  api.post('/pixel', async (context) => {
    visitors.take(visitorOf(context));
    const { key, events } = parse(await readBody(context.req.raw, LARGEST));
    shops.take(key);
    await recordPixelEvents(
      engine,
      key,
      'shopify',
      events.map((event) => ({ ...event, at: new Date(event.at) })),
    );
    return context.body(null, 202, ANYBODY);
  });
}

function parse(body: Uint8Array): z.infer<typeof told> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw fail('bad_request', 'The body is not JSON.');
  }
  const parsed = told.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail('bad_request', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not as it must be'}.`);
}
