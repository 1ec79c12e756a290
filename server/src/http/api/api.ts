/**
 * /api/v1: what the panels in the CRMs and the shop's web pixel ask, and nothing else. The document at /api/v1/openapi.json is
 * made of the routes. Errors are problems (RFC 9457), as everywhere.
 */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { fail, panel, readPanel, recordDoNotMail, type Engine } from '@rekindle/core';
import type { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { readBody } from '../body.ts';
import { openCallers, type Caller, type CallerOptions } from './caller.ts';
import { mountPixel } from './pixel.ts';
import { problems } from './problems.ts';
import { idText } from './text.ts';

const LARGEST = 16 * 1024;
const PLATFORMS = ['hubspot', 'salesforce', 'shopify'] as const;

const person = z.object({
  platform: z.enum(PLATFORMS).openapi({ description: 'Which platform’s id it is' }),
  externalId: idText(255).openapi({ description: 'Id of the person on the platform', example: '123' }),
});

// Made anew: only what is made after the library was loaded can be named in the document.
const shown = z.object(panel.shape).openapi('Panel');
const security = [{ storeKey: [] }, { hubSpotSignature: [] }];

const readRoute = createRoute({
  method: 'get',
  path: '/panel',
  summary: 'What a salesperson sees of one person',
  description: 'Somebody unknown has a panel, too: its state is `unknown`.',
  security,
  request: { query: person },
  responses: {
    200: { description: 'Every word ready to be shown', content: { 'application/json': { schema: shown } } },
    ...problems,
  },
});

const refuseRoute = createRoute({
  method: 'post',
  path: '/panel/do-not-mail',
  summary: 'The person wants no more mail',
  description: 'Holds before the answer is given, and is told to all platforms. Saying it again changes nothing.',
  security,
  request: { body: { required: true, content: { 'application/json': { schema: person } } } },
  responses: {
    200: { description: 'The panel as it is now', content: { 'application/json': { schema: shown } } },
    ...problems,
  },
});

/** The API of a server with the one engine. Also what the document is made of. */
export function buildApi(engine: Engine, options: CallerOptions) {
  const api = new OpenAPIHono<{ Variables: { caller: Caller } }>({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      throw fail('bad_request', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not as it must be'}.`);
    },
  });
  const callers = openCallers(engine, options);
  // Before anything of the request is looked at.
  const admit = createMiddleware<{ Variables: { caller: Caller } }>(async (context, next) => {
    context.set('caller', await callers.admit(context));
    await next();
  });
  for (const path of ['/panel', '/panel/*']) {
    api.use(
      path,
      createMiddleware(async (context, next) => {
        const body = await readBody(context.req.raw, LARGEST);
        // Where whoever reads it next looks for it: the signature's check and the route's validator.
        Object.assign(context.req.bodyCache, { arrayBuffer: Promise.resolve(new Uint8Array(body).buffer) });
        await next();
      }),
    );
    api.use(path, admit);
  }
  api.openapi(readRoute, async (context) => {
    const { storeId, only } = context.get('caller');
    const who = context.req.valid('query');
    return context.json(await readPanel(engine, storeId, allowed(who, only)), 200);
  });
  api.openapi(refuseRoute, async (context) => {
    const { storeId, only } = context.get('caller');
    const who = allowed(context.req.valid('json'), only);
    await recordDoNotMail(engine, storeId, who);
    return context.json(await readPanel(engine, storeId, who), 200);
  });
  mountPixel(api, engine);
  api.openAPIRegistry.registerComponent('securitySchemes', 'storeKey', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'hubSpotSignature', {
    type: 'apiKey',
    in: 'header',
    name: 'X-HubSpot-Signature-v3',
    description: 'HubSpot’s signature, version 3, with portalId in the query',
  });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Rekindle', version: '1' },
    servers: [{ url: '/api/v1' }],
  });
  return api;
}

export function mountApi(app: Hono, engine: Engine, options: CallerOptions): void {
  app.route('/api/v1', buildApi(engine, options));
}

function allowed<Who extends { platform: string }>(who: Who, only: string | undefined): Who {
  if (only !== undefined && who.platform !== only)
    throw fail('forbidden', `A call that ${only} signs is about people of ${only}.`);
  return who;
}
