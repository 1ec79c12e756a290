/** A site to test: a real server on a free port with a real database behind it, one store, and people with a mail each. */
import path from 'node:path';
import { fail, linkAddress, pendingMigrations, uuidOf } from '@rekindle/core';
import type { EmailProvider, Link, LinkKind, PlatformEvent, PlatformWebhooks, ProviderEvent } from '@rekindle/core';
import { buildEngine, buildStore, createTestDatabase, type TestServer } from '@rekindle/core/testing';
import { verifyHubSpotSignature } from '@rekindle/connector-hubspot';
import { createMeter } from '../../meter.ts';
import { buildHttp } from '../build.ts';
import { quickClicks } from '../public/quick.ts';
import { createHitBuffer } from '../public/hits.ts';
import { serveHttp } from '../serve.ts';

export const HUBSPOT_SECRET = 'the secret of the HubSpot app';
const MIGRATIONS = path.resolve(import.meta.dirname, '../../../../prisma/migrations');
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148';
/** Where the click of every mail leads. */
export const TARGET = 'https://shop.example/tea?size=a&utm=1';

/** A provider whose webhooks are plain JSON, signed with a word. */
const email: EmailProvider = {
  name: 'plain',
  maximumBatch: 1000,
  idempotent: false,
  send: () => Promise.reject(new Error('nothing is sent here')),
  domains: { find: () => Promise.resolve(undefined) },
  readEvents(webhook) {
    if (webhook.headers['signature'] !== 'right') throw fail('unauthorised', 'The signature is wrong.');
    try {
      const events = JSON.parse(Buffer.from(webhook.body).toString()) as ProviderEvent[];
      return events.map((event) => ({ ...event, at: new Date(event.at) }));
    } catch {
      throw fail('bad_request', 'The body is not a list of events.');
    }
  },
};

/** A platform whose webhooks are plain JSON, signed with a word. With the header `fault: ours` they break our side. */
const shop: PlatformWebhooks = {
  platform: 'shop',
  read(webhook) {
    if (webhook.headers['signature'] !== 'right') throw fail('unauthorised', 'The signature is wrong.');
    try {
      const events = JSON.parse(Buffer.from(webhook.body).toString()) as PlatformEvent[];
      const faulty = webhook.headers['fault'] === 'ours';
      return events.map((event) => ({ ...event, at: new Date(event.at), ...(faulty ? { batch: null as never } : {}) }));
    } catch {
      throw fail('bad_request', 'The body is not a list of events.');
    }
  },
};

export type Site = Awaited<ReturnType<typeof openSite>>;

export async function openSite(testServer: TestServer) {
  const base = await createTestDatabase(testServer);
  const meter = createMeter();
  const engine = { ...buildEngine(base.database, { email, webhooks: { shop } }), meter };
  const storeId = await buildStore(base.database, { name: 'Café Alba' });
  const hits = createHitBuffer(engine);
  /** What /readyz is told; `pending` beside what the database really lacks. */
  const state = { draining: false, pending: [] as string[] };
  const readiness = {
    draining: () => state.draining,
    pendingMigrations: async () => [...state.pending, ...(await pendingMigrations(base.database, MIGRATIONS))],
  };
  const app = buildHttp(engine, {
    verifyHubSpot: (request, now) => {
      verifyHubSpotSignature(HUBSPOT_SECRET, request, now);
    },
    readiness,
    hits,
    metrics: { meter },
  });
  const server = await serveHttp(app, { host: '127.0.0.1', port: 0, quick: quickClicks(engine, { hits, meter }) });
  const sql = <Row extends object>(text: string, values: unknown[] = []) =>
    base.database.inStore(storeId, (tx) => tx.rows<Row>(text, values));
  let people = 0;

  /** A person with one message, and the links that stand in it. */
  async function person(language = 'en') {
    const number = String(++people);
    const messageId = uuidOf('message', number);
    const customerId = uuidOf('customer', number);
    await sql(
      `INSERT INTO customers (id, store_id, key, email, language, created_at, updated_at)
       VALUES ($1, $2, $3, $3 || '@customers.example', $4, now(), now())`,
      [customerId, storeId, `anna${number}`, language],
    );
    await sql(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, created_at)
       VALUES ($1, $2, $2, $3, $2, 'accepted', now())`,
      [messageId, storeId, customerId],
    );
    const links: Record<LinkKind, Link> = {
      open: { kind: 'open', storeId, messageId },
      click: { kind: 'click', storeId, messageId, url: TARGET },
      unsubscribe: { kind: 'unsubscribe', storeId, messageId, customerId },
      preferences: { kind: 'preferences', storeId, messageId, customerId },
    };
    return { messageId, customerId, link: (kind: LinkKind) => linkAddress(engine.keys, server.url, links[kind]) };
  }

  return {
    app,
    engine,
    hits,
    readiness,
    server,
    sql,
    state,
    storeId,
    person,
    messageOf: async (messageId: string) =>
      (
        await sql<Record<string, Date | null>>(
          'SELECT opened_at, clicked_at, unsubscribed_at, delivered_at FROM messages WHERE id = $1',
          [messageId],
        )
      )[0],
    consentsOf: (customerId: string) =>
      sql<{ state: string }>('SELECT state FROM consents WHERE customer_id = $1 ORDER BY id', [customerId]),
    /** Posts a webhook of a platform. */
    platformHook: (body: unknown, headers: Record<string, string> = { signature: 'right' }) =>
      post(`${server.url}/webhooks/shop`, JSON.stringify(body), headers),
    /** Posts a webhook. */
    hook: (body: string, headers: Record<string, string> = { signature: 'right' }, store = storeId, vendor = 'plain') =>
      post(`${server.url}/webhooks/${vendor}/${store}`, body, headers),
    async close() {
      await server.close();
      await hits.close();
      await base.drop();
    },
  };
}

export const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url, { method, redirect: 'manual', headers: { 'User-Agent': PHONE, ...headers } });

export const post = (url: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, redirect: 'manual', headers });
