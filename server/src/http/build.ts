/**
 * Every route of the server, in one place: health for all roles, webhooks and the pages of the mails (always up, no
 * session), and the dashboard. One error mapper behind all of them.
 */
import { fail, type Engine } from '@rekindle/core';
import { Hono, type Context, type Next } from 'hono';
import type { ProcessMeter } from '../meter.ts';
import { mountApi } from './api/api.ts';
import type { VerifyHubSpot } from './api/caller.ts';
import { secureHeaders } from './headers.ts';
import { mountHealth, type Readiness } from './health.ts';
import { createLimit } from './limit.ts';
import { mountMetrics, timeRequests } from './metrics.ts';
import { problemOf, problemResponse } from './problem.ts';
import type { HitBuffer } from './public/hits.ts';
import { mountLinks } from './public/links.ts';
import { mountPreferences } from './public/preferences.ts';
import { mountWishes, wordsPage } from './public/wishes.ts';
import { mountReplies } from './webhooks/replies.ts';
import { mountWebhooks } from './webhooks/webhooks.ts';

export interface HttpOptions {
  readiness: Readiness;
  hits: HitBuffer;
  /** Serves the process's figures at /metrics. Absent: there are none. */
  metrics?: { meter: ProcessMeter; token?: string | undefined };
  /** Checks that HubSpot signed a call of its card. Absent: HubSpot is not set up. */
  verifyHubSpot?: VerifyHubSpot | undefined;
  /** False for a worker, which answers for its health only. Default true. */
  publicPages?: boolean;
  /** Mounts the dashboard; it takes all addresses that nobody else has. Absent: there is none. */
  dashboard?: ((app: Hono) => void) | undefined;
}

/** Wrong tokens of one visitor in a minute: a person with a broken link tries a few times, a guesser more. */
const GUESSES = 60;
/** Where people look, not programs: what goes wrong there is said in a page. */
const FOR_PEOPLE = /^\/(u|p|c)\//;

export function buildHttp(engine: Engine, options: HttpOptions): Hono {
  const app = new Hono();
  if (options.metrics) app.use(timeRequests(options.metrics.meter));
  app.use(refuseNoAddress);
  app.use(secureHeaders(engine.publicUrl.startsWith('https:')));
  app.onError((error, context) => answerError(engine, error, context));
  app.notFound((context) => answerError(engine, fail('not_found', 'There is nothing at this address.'), context));
  mountHealth(app, engine, options.readiness);
  if (options.metrics) mountMetrics(app, engine, options.metrics);
  if (options.publicPages !== false) {
    const guesses = createLimit(GUESSES, 60_000);
    mountWebhooks(app, engine);
    mountReplies(app, engine, guesses);
    mountApi(app, engine, { verifyHubSpot: options.verifyHubSpot });
    mountLinks(app, engine, { hits: options.hits, guesses });
    mountWishes(app, engine, guesses);
    mountPreferences(app, engine, guesses);
  }
  options.dashboard?.(app);
  return app;
}

/** A Host header can be anything, and then there is no address that a request could be made of. */
async function refuseNoAddress(context: Context, next: Next): Promise<void> {
  if (!URL.canParse(context.req.url)) throw fail('bad_request', 'The Host header names no host.');
  await next();
}

function answerError(engine: Engine, error: unknown, context: Context): Response | Promise<Response> {
  const problem = problemOf(error, engine.log);
  const wantsPage = FOR_PEOPLE.test(context.req.path) && context.req.header('accept')?.includes('text/html') === true;
  if (!wantsPage) return problemResponse(problem);
  if (problem.status === 429) return wordsPage(context, 'busy', problem.status);
  return wordsPage(context, problem.status >= 500 ? 'broken' : 'unknown', problem.status);
}
