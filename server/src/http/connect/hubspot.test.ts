/** An administrator connects a HubSpot account: over real HTTP, against the fake HubSpot. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { credentialsOf, pendingMigrations } from '@rekindle/core';
import { buildEngine, buildStore, createTestDatabase, fakeClock, type TestDatabase } from '@rekindle/core/testing';
import { hubSpotConnector, type HubSpotApp } from '@rekindle/connector-hubspot';
import { startHubSpotFake, type HubSpotFake } from '@rekindle/connector-hubspot/fake';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { mountApp } from '../app.ts';
import { buildHttp } from '../build.ts';
import { createHitBuffer } from '../public/hits.ts';
import { serveHttp, type Listening } from '../serve.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const MINUTE = 60_000;
const ROOT = path.resolve(import.meta.dirname, '../../../..');

let files: TestDatabase;
let fake: HubSpotFake;
let server: Listening;
let engine: ReturnType<typeof buildEngine>;
let storeId: string;
const clock = fakeClock(NOW);
let app: HubSpotApp;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(files.database);
  fake = await startHubSpotFake({ seed: 1, clock });
  app = { clientId: fake.clientId, clientSecret: fake.clientSecret, baseUrl: fake.url, clock };
  engine = buildEngine(files.database, { now: NOW });
  const http = buildHttp(engine, {
    hits: createHitBuffer(engine),
    readiness: { draining: () => false, pendingMigrations: () => pendingMigrations(files.database, ROOT) },
    dashboard: (hono) => {
      mountApp(hono, engine, { hubSpot: app });
    },
  });
  server = await serveHttp(http, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close();
  await fake.close();
  await files.drop();
});

/** Where the browser is sent. */
async function sentTo(url: string): Promise<URL> {
  const answer = await fetch(url, { redirect: 'manual' });
  await answer.arrayBuffer();
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location') ?? '');
}

/** To HubSpot, where the administrator says yes: the address that she comes back to, under this server's own name. */
async function allowed(): Promise<string> {
  const back = await sentTo((await sentTo(`${server.url}/connect/hubspot`)).href);
  expect(back.origin + back.pathname).toBe(`${engine.publicUrl}/connect/hubspot/callback`);
  return server.url + back.pathname + back.search;
}

async function read(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

const connections = () =>
  files.database.inStore(storeId, (tx) =>
    tx.rows<{ id: string; account: string; state: string; next_pull_at: Date }>(
      "SELECT id, account, state, next_pull_at FROM connections WHERE platform = 'hubspot'",
    ),
  );

test('nothing is connected by a way back that is forged, too old, refused, or of a spent code', async () => {
  const forged = new URL(await allowed());
  const state = forged.searchParams.get('state') ?? '';
  forged.searchParams.set('state', `${state.slice(0, -4)}${state.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`);
  expect(await read(forged.href)).toMatchObject({ status: 403, text: expect.stringContaining('not one of ours') });
  forged.searchParams.delete('state');
  expect(await read(forged.href)).toMatchObject({ status: 403 });

  const late = await allowed();
  clock.advance(16 * MINUTE);
  expect(await read(late)).toMatchObject({ status: 403, text: expect.stringContaining('too old') });

  const refused = new URL(await allowed());
  refused.searchParams.delete('code');
  refused.searchParams.set('error', 'access_denied');
  expect((await read(refused.href)).text).toContain('HubSpot was not allowed to let Rekindle in');

  const spent = new URL(await allowed());
  spent.searchParams.set('code', 'another');
  const answer = await read(spent.href);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.text).toContain('HubSpot is not connected');
  expect(await connections()).toEqual([]);
});

test('her yes brings tokens into the vault, once; the connection is due and can be read', async () => {
  const back = await allowed();
  const told = await Promise.all([read(back), read(back)]);
  expect(told.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
  expect(told.find(({ status }) => status === 200)?.text).toContain(`Account ${fake.account}`);
  expect(told.find(({ status }) => status === 403)?.text).toContain('used before');
  const [connection, ...others] = await connections();
  expect([connection, others]).toMatchObject([{ account: fake.account, state: 'connected', next_pull_at: NOW }, []]);

  fake.addContact({ email: 'anna@customers.example' });
  const credentials = credentialsOf(engine, { id: connection?.id ?? '', storeId });
  const connector = hubSpotConnector({ ...app, credentials, settings: { currency: 'EUR' } });
  const seen: unknown[] = [];
  for await (const page of connector.pull({})) seen.push(page);
  expect(JSON.stringify(seen)).toContain('anna@customers.example');
});

test('whoever may not see the pages is not sent to HubSpot', async () => {
  const http = buildHttp(engine, {
    hits: createHitBuffer(engine),
    readiness: { draining: () => false, pendingMigrations: () => Promise.resolve([]) },
    dashboard: (hono) => {
      mountApp(hono, engine, { hubSpot: app });
    },
  });
  const answer = await http.request('http://elsewhere.example/connect/hubspot');
  expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
});

test('the app allows the address that HubSpot sends her back to', async () => {
  const manifest = await readFile(path.join(ROOT, 'hubspot-app/src/app/app-hsmeta.json'), 'utf8');
  expect(manifest).toContain('https://app.rekindle.example/connect/hubspot/callback');
});
