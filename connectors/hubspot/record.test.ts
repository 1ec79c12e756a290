/** The page of a contact on the fake: the app's own card in it, its calls signed by HubSpot's side and by nobody else. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClock } from '@rekindle/core/testing';
import { startHubSpotFake, type HubSpotFake } from './fake/index.ts';
import { verifyHubSpotSignature } from './src/index.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const BACKEND = 'https://app.rekindle.example';
let fake: HubSpotFake;
let backend: Server;
let address: string;
let contactId: string;
const asked: { method: string; path: string; body: string }[] = [];

beforeAll(async () => {
  fake = await startHubSpotFake({ clock: fakeClock(NOW) });
  contactId = fake.addContact({ email: 'anna@example.com', firstname: 'Anna', lastname: '<b>Bell' });
  backend = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const url = `${address}${request.url ?? ''}`;
      const headers = request.headers as Record<string, string>;
      const { method = '' } = request;
      try {
        verifyHubSpotSignature(fake.clientSecret, { method, url, headers, body: Buffer.from(body) }, NOW);
      } catch {
        response.writeHead(401).end('{}');
        return;
      }
      asked.push({ method, path: request.url ?? '', body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"known":true}');
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${String((backend.address() as AddressInfo).port)}`;
  fake.showRecords(address);
});
afterAll(async () => {
  await fake.close();
  backend.close();
});

function call(body: unknown, type = 'application/json'): Promise<Response> {
  return fetch(`${fake.url}/hs-fetch`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
}

describe('a contact’s page', () => {
  test('shows her, and brings the card that the app ships', async () => {
    const page = await (await fetch(fake.recordUrl(contactId))).text();
    expect(page).toContain('Anna &lt;b&gt;Bell');
    expect(page).toContain(`data-contact="${contactId}"`);
    const script = await (await fetch(`${fake.url}/card.js`)).text();
    expect(script).toContain('/api/v1/panel?');
    expect(script).toContain('Loading what Rekindle knows');
  });

  test('is there for this account’s contacts only', async () => {
    for (const url of [fake.recordUrl('999999'), fake.recordUrl(contactId).replace('4711', '4712')])
      expect((await fetch(url)).status).toBe(404);
  });

  test('passes the card’s calls on, signed, with who looks and in which account', async () => {
    const answer = await call({ url: `${BACKEND}/api/v1/panel?externalId=1`, method: 'GET' });
    expect(await answer.json()).toEqual({ known: true });
    await call({ url: `${BACKEND}/api/v1/panel/do-not-mail`, method: 'POST', body: { externalId: '1' } });
    expect(asked).toMatchObject([
      { method: 'GET', path: expect.stringContaining('portalId=4711') as string, body: '' },
      { method: 'POST', body: '{"externalId":"1"}' },
    ]);
  });

  test('passes nothing on to an address that the app does not name, nor from another site’s form', async () => {
    expect((await call({ url: 'https://elsewhere.example/api/v1/panel' })).status).toBe(403);
    expect((await call({ url: `${BACKEND}/api/v1/panel` }, 'text/plain')).status).toBe(415);
    expect(asked).toHaveLength(2);
  });
});
