import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { uuidOf } from '@rekindle/core';
import { buildStore } from '@rekindle/core/testing';
import { createMeter } from '../meter.ts';
import { buildHttp } from './build.ts';
import { get, openSite, type Site } from './testing/site.ts';

const DOCS = path.resolve(import.meta.dirname, '../../../docs/operations');

let site: Site;
beforeAll(async () => {
  site = await openSite(inject('testServer'));
});
afterAll(() => site.close());

/** The figure of a line such as `name{a="b"} 3`. */
function figure(text: string, line: string): number | undefined {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

async function mails(storeId: string, campaignState: string, count: number, minutesLate: number): Promise<void> {
  const campaignId = uuidOf('campaign', storeId, campaignState);
  const now = site.engine.clock.now();
  await site.engine.database.inStore(storeId, async (tx) => {
    await tx.run(
      `INSERT INTO campaigns (id, store_id, key, name, segment_id, state, plan, holdout_share, score_version, planned_at, created_at)
       VALUES ($1, $2, $3, $3, $1, $3, '{}', 0.1, 1, $4, $4)`,
      [campaignId, storeId, campaignState, now],
    );
    await tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, scheduled_at, created_at)
       SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), $2, 'scheduled', $3, $3 FROM generate_series(1, $4)`,
      [storeId, campaignId, new Date(now.getTime() - minutesLate * 60_000), count],
    );
  });
}

describe('/metrics', () => {
  test('sums what waits in all stores, and says since when', async () => {
    const other = await buildStore(site.engine.database, { name: 'Other' });
    await mails(site.storeId, 'running', 2, 10);
    await mails(other, 'running', 3, 25);
    await mails(other, 'paused', 7, 99);
    await mails(site.storeId, 'paused', 5, -60);
    const text = await (await get(`${site.server.url}/metrics`)).text();
    expect(figure(text, 'rekindle_stores')).toBe(2);
    expect(figure(text, 'rekindle_waiting{pile="messages"}')).toBe(5);
    expect(figure(text, 'rekindle_waiting_oldest_seconds{pile="messages"}')).toBe(1500);
    expect(figure(text, 'rekindle_waiting{pile="in_doubt"}')).toBe(0);
  });

  test('counts events and answers, under the pattern of their route and never under a token', async () => {
    const { messageId, link } = await site.person();
    const event = { vendorEventId: 'm1', kind: 'delivered', at: '2026-03-01T09:59:30Z', messageId };
    await site.hook(JSON.stringify([event]));
    await get(link('unsubscribe'));
    await get(`${site.server.url}/nowhere/anna@customers.example`);
    const text = await (await get(`${site.server.url}/metrics`)).text();
    expect(figure(text, 'rekindle_events_total{kind="delivered"}')).toBe(1);
    expect(figure(text, 'rekindle_event_lag_seconds_sum')).toBe(30);
    expect(text).toContain('route="/webhooks/:vendor/:storeId",method="POST",status="200"');
    expect(text).toContain('route="other",method="GET",status="404"');
    for (const secret of [site.storeId, messageId, 'customers.example', link('unsubscribe').split('/').at(-1) ?? ''])
      expect(text).not.toContain(secret);
  });

  test('is told to this machine, or to whoever has the token', async () => {
    const { engine, readiness, hits } = site;
    const open = buildHttp(engine, { readiness, hits, metrics: { meter: createMeter() } });
    // Asked without a socket: from who knows where.
    expect((await open.request('/metrics')).status).toBe(403);
    const token = 'a token of the tests';
    const closed = buildHttp(engine, { readiness, hits, metrics: { meter: createMeter(), token } });
    const ask = (authorization: string) => closed.request('/metrics', { headers: { authorization } });
    expect((await closed.request('/metrics')).status).toBe(401);
    expect((await ask('Bearer another')).status).toBe(401);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
  });

  test('tokens of the language model have a price where one is configured', async () => {
    const meter = createMeter({ input: 2, output: 8 });
    meter.countTokens({ input: 500_000, output: 250_000 });
    const text = await meter.read(site.engine);
    expect(figure(text, 'rekindle_model_tokens_total{direction="output"}')).toBe(250_000);
    expect(figure(text, 'rekindle_model_cost_dollars_total')).toBe(3);
  });

  test.each(['alerts.yml', 'grafana.json'])('every figure that %s names is there', async (file) => {
    const text = await createMeter().read(site.engine);
    const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((found) => found[1]));
    const named = [...readFileSync(path.join(DOCS, file), 'utf8').matchAll(/\b(?:rekindle|nodejs)_[a-z0-9_]+/g)];
    expect(named.length).toBeGreaterThan(8);
    for (const [name] of named) expect(names).toContain(name.replace(/_(bucket|count|sum)$/, ''));
  });
});
