/**
 * /metrics for Prometheus. Sums only, yet how much a house mails is nobody else's business: with METRICS_TOKEN whoever shows it
 * may read, without it only this machine itself.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fail, type Engine } from '@rekindle/core';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ProcessMeter } from '../meter.ts';
import { visitorOf } from './visitor.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

export function mountMetrics(
  app: Hono,
  engine: Engine,
  options: { meter: ProcessMeter; token?: string | undefined },
): void {
  app.get('/metrics', async (context) => {
    mayRead(context, options.token);
    return context.body(await options.meter.read(engine), 200, { 'Content-Type': options.meter.contentType });
  });
}

function mayRead(context: Context, token: string | undefined): void {
  if (token === undefined) {
    if (LOOPBACK.test(visitorOf(context))) return;
    throw fail('forbidden', 'Figures are told to this machine only. Set METRICS_TOKEN to ask from another one.');
  }
  const shown = context.req.header('authorization') ?? '';
  if (!timingSafeEqual(digest(shown), digest(`Bearer ${token}`)))
    throw fail('unauthorised', 'Figures are told to whoever sends METRICS_TOKEN as a bearer token.');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Times every answer under the pattern of its route; addresses that nobody has are one. */
export function timeRequests(meter: ProcessMeter): MiddlewareHandler {
  return async (context, next) => {
    const from = performance.now();
    await next();
    const route = matchedRoutes(context).findLast((one) => one.method !== 'ALL')?.path ?? 'other';
    meter.timeRequest(route, context.req.method, context.res.status, (performance.now() - from) / 1000);
  };
}
