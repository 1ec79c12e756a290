/** HubSpot's signature and its webhooks: only HubSpot is believed, and what it says becomes our events. */
import { Signature } from '@hubspot/api-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlatformEvent, RawWebhook } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { startHubSpotFake, type HubSpotFake, type SignedRequest } from './fake/index.ts';
import { hubSpotWebhooks, verifyHubSpotSignature } from './src/index.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const URL_OF_OURS = 'https://app.example/webhooks/hubspot';
let fake: HubSpotFake;

beforeAll(async () => {
  fake = await startHubSpotFake({ clock: fakeClock(NOW) });
});
afterAll(() => fake.close());

function read(requests: SignedRequest[], now = NOW): PlatformEvent[] {
  const webhooks = hubSpotWebhooks({ clientSecret: fake.clientSecret });
  return requests.flatMap((request) => webhooks.read(request, now));
}

/** What the vendor's own code makes of a request: it signs the address as it is. */
function vendorSignature(method: string, url: string, requestBody: string): string {
  const { clientSecret } = fake;
  const options = { method, url, requestBody, clientSecret, signature: '', timestamp: NOW.getTime() };
  return Signature.getSignature(method, 'v3', options);
}

describe('webhooks', () => {
  test('tell of contacts, deals, merges and erasure, with the account and an id that copies share', () => {
    const anna = fake.addContact({ email: 'anna@example.com' });
    const ben = fake.addContact({ email: 'ben@example.com' });
    const copy = fake.addContact({ email: 'ben2@example.com' });
    fake.changeContact(anna, { email: 'anna@new.example' });
    // Nobody asked to be told of this one.
    fake.changeContact(anna, { hs_language: 'es' });
    fake.addDeal({ contactId: anna, amount: '5', closedAt: NOW });
    fake.merge(copy, ben);
    fake.forget(anna);
    const events = read(fake.webhooks(URL_OF_OURS, { duplicates: 1, shuffle: true }));
    const once = new Map(events.map((event) => [event.vendorEventId, event]));
    expect(events.length).toBe(once.size * 2);
    expect(new Set(events.map((event) => event.account))).toEqual(new Set([fake.account]));
    const kinds = [...once.values()].map((event) => event.kind).toSorted();
    expect(kinds).toEqual(['erase_person', 'look', 'look', 'look', 'look', 'look', 'merged']);
    expect([...once.values()].find((event) => event.kind === 'merged')).toMatchObject({ from: copy, into: ben });
    expect([...once.values()].find((event) => event.kind === 'erase_person')).toMatchObject({ externalId: anna });
  });

  test('that only delete a contact erase nobody: it may be restored, and a shop may know her', () => {
    const id = fake.addContact({ email: 'cleo@example.com' });
    fake.webhooks(URL_OF_OURS);
    fake.deleteContact(id);
    expect(read(fake.webhooks(URL_OF_OURS))).toEqual([]);
  });

  test('understand the names of old as well', () => {
    const events = [
      { subscriptionType: 'contact.merge', primaryObjectId: 1, mergedObjectIds: [2, 3], newObjectId: 9 },
      { subscriptionType: 'contact.propertyChange', objectId: 5 },
      { subscriptionType: 'deal.creation', objectId: 6 },
      { subscriptionType: 'company.creation', objectId: 7 },
    ].map((event, eventId) => ({
      ...event,
      eventId,
      subscriptionId: 1,
      portalId: 4711,
      occurredAt: NOW.getTime(),
    }));
    const body = JSON.stringify(events);
    const timestamp = NOW.getTime();
    const signature = vendorSignature('POST', URL_OF_OURS, body);
    const request = {
      method: 'POST',
      url: URL_OF_OURS,
      headers: { 'X-HubSpot-Signature-v3': signature, 'X-HubSpot-Request-Timestamp': String(timestamp) },
      body: Buffer.from(body),
    };
    expect(read([request]).map((event) => event.kind)).toEqual(['merged', 'merged', 'merged', 'look', 'look']);
  });

  test('are believed from HubSpot alone: no bit may differ, and not for long', () => {
    fake.addContact({ email: 'dora@example.com' });
    const [request] = fake.webhooks(URL_OF_OURS);
    if (!request) throw new Error('a new contact is told of');
    const wrong = (change: Partial<RawWebhook>, now = NOW): void => {
      expect(() => read([{ ...request, ...change } as SignedRequest], now)).toThrow(
        expect.objectContaining({ code: 'unauthorised' }) as Error,
      );
    };
    for (let place = 0; place < request.body.length; place += 7) {
      const body = Uint8Array.from(request.body);
      body[place] = (body[place] ?? 0) ^ 1;
      wrong({ body });
    }
    wrong({ url: `${URL_OF_OURS}/` });
    wrong({ method: 'PUT' });
    wrong({ headers: {} });
    wrong({ headers: { ...request.headers, 'x-hubspot-signature-v3': '' } });
    wrong({ headers: { ...request.headers, 'x-hubspot-request-timestamp': String(NOW.getTime() + 1) } });
    wrong({}, new Date(NOW.getTime() + 301_000));
    wrong({}, new Date(NOW.getTime() - 301_000));
    expect(read([request], new Date(NOW.getTime() + 299_000))).toHaveLength(1);
  });
});

describe('calls of the card', () => {
  const viewer = { userId: 7, userEmail: 'rep+one@example.com' };

  test('are believed whether HubSpot signed the address decoded or as it went', () => {
    const request = fake.cardRequest('https://app.example/api/v1/panel?platform=hubspot&externalId=5', viewer);
    expect(request.url).toContain('userEmail=rep%2Bone%40example.com');
    verifyHubSpotSignature(fake.clientSecret, request, NOW);
    const timestamp = NOW.getTime();
    const raw = vendorSignature('GET', request.url, '');
    const headers = { 'x-hubspot-signature-v3': raw, 'x-hubspot-request-timestamp': String(timestamp) };
    verifyHubSpotSignature(fake.clientSecret, { ...request, headers }, NOW);
  });

  test('are refused when anybody else asks, or about another contact', () => {
    const request = fake.cardRequest('https://app.example/api/v1/panel?platform=hubspot&externalId=5', viewer);
    for (const [secret, url] of [
      ['another', request.url],
      [fake.clientSecret, request.url.replace('externalId=5', 'externalId=6')],
      [fake.clientSecret, request.url.replace('portalId=4711', 'portalId=4712')],
    ] as const)
      expect(() => {
        verifyHubSpotSignature(secret, { ...request, url }, NOW);
      }).toThrow(expect.objectContaining({ code: 'unauthorised' }) as Error);
  });
});
