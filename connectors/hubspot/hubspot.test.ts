/** What HubSpot’s connector does when things go wrong, and what it makes of people, deals and consent. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PullBatch, SourceCustomer, WriteBack } from '@rekindle/core';
import { allow, connectedHubSpot, type Connected } from './fake/connected.ts';
import { hubSpotAuthorizeUrl, hubSpotConnector, hubSpotSignIn } from './src/index.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;
let hubSpot: Connected;

beforeEach(async () => {
  hubSpot = await connectedHubSpot(NOW);
});
afterEach(() => hubSpot.fake.close());

interface Pulled {
  customers: SourceCustomer[];
  orders: string[];
  rejected: string[];
  cursor: unknown;
}

async function pull(cursor?: unknown, until?: Date): Promise<Pulled> {
  const batches: PullBatch[] = [];
  for await (const batch of hubSpot.connector.pull({ cursor, ...(until && { until }) })) batches.push(batch);
  return {
    customers: batches.flatMap((batch) => batch.customers ?? []),
    orders: batches.flatMap((batch) => (batch.orderLines ?? []).map((line) => line.orderId)),
    rejected: batches.flatMap((batch) => (batch.rejected ?? []).map((row) => row.reason)),
    cursor: batches.findLast((batch) => batch.cursor !== undefined)?.cursor ?? cursor,
  };
}

function score(id: number, subjectId: string): WriteBack {
  return {
    id,
    kind: 'score',
    subjectId,
    payload: {
      state: 'scored',
      lifeStage: 'lapsed',
      lifeStageWords: 'Lapsed',
      chanceToReturn: 0.34,
      expectedValue90: { amount: 1250, currency: 'EUR' },
      expectedValue365: null,
      valueAtRisk: { amount: 9900, currency: 'EUR' },
      nextOrderOn: '2026-07-01',
      reasons: ['Later than usual.', 'Used to buy every 38 days.'],
      nextAction: { code: 'write', words: 'Write to her' },
      scoreVersion: 3,
    },
  };
}

function touch(id: number, contactId: string, outcome: string): WriteBack {
  return {
    id,
    kind: 'touch',
    subjectId: `m${String(id)}`,
    payload: {
      externalId: contactId,
      campaignId: 'c1',
      campaignName: 'Spring',
      messageId: `m${String(id)}`,
      outcome,
      words: 'Opened the mail',
      subject: 'We miss you',
      sentAt: NOW.toISOString(),
      at: NOW.toISOString(),
      orderValue: null,
    },
  };
}

function consent(id: number, subjectId: string, state: 'subscribed' | 'unsubscribed'): WriteBack {
  return {
    id,
    kind: 'consent',
    subjectId,
    payload: { channel: 'email', state, basis: 'express', at: NOW.toISOString() },
  };
}

describe('signing in', () => {
  test('gives the account, its currency and tokens that are renewed before they end, once', async () => {
    const { fake, clock, connector } = hubSpot;
    expect(fake.account).toBe('4711');
    await pull();
    expect(fake.refreshes).toBe(0);
    clock.advance(HOUR);
    await Promise.all([connector.push([score(1, fake.addContact({ email: 'a@example.com' }))]), pull()]);
    expect(fake.refreshes).toBe(1);
  });

  test('is refused with other scopes, another secret or a code that was used', async () => {
    const { app } = hubSpot;
    const request = { redirectUri: 'https://app.example/return', state: 's' };
    const url = new URL(hubSpotAuthorizeUrl(app, request));
    expect(await allow(url.href.replace('timeline', 'tickets'))).toBe('');
    const code = await allow(url.href);
    const signIn = { code, redirectUri: request.redirectUri };
    await expect(hubSpotSignIn({ ...app, clientSecret: 'x' }, signIn)).rejects.toMatchObject({
      code: 'connector_refused',
    });
    await hubSpotSignIn(app, signIn);
    await expect(hubSpotSignIn(app, signIn)).rejects.toMatchObject({ code: 'connector_refused' });
  });

  test('says that the account must be connected again once the app was removed', async () => {
    hubSpot.fake.removeApp();
    await expect(pull()).rejects.toMatchObject({ code: 'connector_refused', retryable: false });
  });
});

describe('a pull', () => {
  test('reads who people are and what they allowed, and when they said so', async () => {
    const { fake, clock } = hubSpot;
    const anna = fake.addContact({
      email: 'anna@example.com',
      firstname: 'Anna',
      hs_language: 'es_es',
      hs_country_region_code: 'es',
      hs_timezone: 'europe_slash_madrid',
      hs_legal_basis: 'Freely given consent from contact; Legitimate interest – existing customer',
    });
    const ben = fake.addContact({ email: 'ben@example.com', hs_email_hard_bounce_reason_enum: 'UNKNOWN_USER' });
    clock.advance(HOUR);
    fake.refuseMail(anna);
    const refusedAt = clock.now();
    clock.advance(HOUR);
    fake.changeContact(anna, { phone: '+34 600 000 000' });
    const { customers } = await pull();
    expect(customers.find((one) => one.externalId === anna)).toMatchObject({
      email: 'anna@example.com',
      emailVerified: true,
      language: 'es-es',
      country: 'ES',
      timeZone: 'Europe/Madrid',
      consent: { state: 'unsubscribed', at: refusedAt },
    });
    const other = customers.find((one) => one.externalId === ben);
    expect(other).toMatchObject({ emailVerified: false });
    expect(other?.consent).toBeUndefined();
  });

  test('gives won deals with their person, and says why one is left out', async () => {
    const { fake } = hubSpot;
    const contactId = fake.addContact({ email: 'a@example.com' });
    const won = fake.addDeal({ contactId, amount: '1200', closedAt: NOW });
    fake.addDeal({ contactId, amount: '5', closedAt: NOW, stage: 'open' });
    fake.addDeal({ contactId, closedAt: NOW });
    fake.addDeal({ contactId, amount: '5' });
    fake.addDeal({ amount: '5', closedAt: NOW });
    const { orders, rejected } = await pull();
    expect(orders).toEqual([won]);
    expect(rejected.toSorted()).toEqual([
      'the deal has no amount',
      'the deal has no close date',
      'the deal has no contact',
    ]);
  });

  test('asks afterwards only for what changed, however many changed at once', async () => {
    const { fake, clock } = hubSpot;
    const ids = Array.from({ length: 450 }, (_, n) => fake.addContact({ email: `p${String(n)}@example.com` }));
    const first = await pull();
    clock.advance(HOUR);
    for (const id of ids) fake.changeContact(id, { phone: '1' });
    clock.advance(HOUR);
    const late = fake.addContact({ email: 'late@example.com' });
    const dealt = fake.addDeal({ contactId: late, amount: '3', closedAt: clock.now() });
    const second = await pull(first.cursor, clock.now());
    expect(second.customers.map((one) => one.externalId).toSorted()).toEqual([...ids, late].toSorted());
    expect(second.orders).toEqual([dealt]);
    expect(await pull(second.cursor, clock.now())).toMatchObject({ customers: [], orders: [] });
  });

  test('gives a won deal again when its amount is corrected', async () => {
    const { fake, clock } = hubSpot;
    const contactId = fake.addContact({ email: 'a@example.com' });
    const deal = fake.addDeal({ contactId, amount: '5', closedAt: NOW });
    const first = await pull(undefined, clock.now());
    clock.advance(HOUR);
    fake.changeDeal(deal, { amount: '7' });
    expect((await pull(first.cursor, clock.now())).orders).toEqual([deal]);
  });
});

describe('when HubSpot is not well', () => {
  test('it waits as long as the limit lasts, and goes on', async () => {
    const { fake, waits } = hubSpot;
    fake.addContact({ email: 'a@example.com' });
    fake.queueFaults('too_many', 'secondly', 'error_before', 'reset_before', 'slow', 'error_after', 'reset_after');
    expect((await pull()).customers).toHaveLength(1);
    expect(waits.slice(0, 2)).toEqual([10_000, 1_000]);
  });

  test('it gives up after a few times, and says that it will be asked again', async () => {
    const { fake } = hubSpot;
    fake.queueFaults(...Array.from({ length: 5 }, () => 'error_before' as const));
    await expect(pull()).rejects.toMatchObject({ code: 'connector_unavailable' });
    expect(fake.requests.filter((request) => request.includes('definitions'))).toHaveLength(5);
  });

  test('it does not wait for tomorrow when the day’s requests are used up', async () => {
    const { fake, waits } = hubSpot;
    fake.queueFaults('daily');
    await expect(pull()).rejects.toThrow('daily limit');
    expect(waits).toEqual([]);
  });

  test('it renews access that ended before its time, and asks again', async () => {
    const { fake } = hubSpot;
    fake.addContact({ email: 'a@example.com' });
    await pull();
    fake.queueFaults('expired');
    expect((await pull()).customers).toHaveLength(1);
    expect(fake.refreshes).toBe(1);
  });

  test('it does not wait for ever for an answer', async () => {
    const { fake, app, credentials } = hubSpot;
    fake.queueFaults('hang');
    const connector = hubSpotConnector({ ...app, credentials, settings: { currency: 'EUR' }, timeoutMs: 500 });
    for await (const { cursor } of connector.pull({})) expect(cursor).toBeDefined();
    expect(hubSpot.waits).toHaveLength(1);
  });
});

describe('what goes back', () => {
  test('a score stands in properties that are made once, in numbers and in words', async () => {
    const { fake, connector } = hubSpot;
    const id = fake.addContact({ email: 'a@example.com' });
    expect(await connector.push([score(1, id)])).toEqual([{ id: 1, ok: true }]);
    await connector.push([score(2, id)]);
    expect(fake.contact(id)).toMatchObject({
      rekindle_chance_to_return: '0.34',
      rekindle_expected_value_90: '12.5',
      rekindle_reasons: 'Later than usual.\nUsed to buy every 38 days.',
      rekindle_next_action: 'Write to her',
      rekindle_next_order_on: '2026-07-01',
    });
    expect(fake.contact(id)).not.toHaveProperty('rekindle_expected_value_365');
    expect(fake.requests.filter((request) => request.includes('batch/create'))).toHaveLength(1);
  });

  test('of a batch each record has its own fate', async () => {
    const { fake, connector } = hubSpot;
    const [a, b] = [fake.addContact({ email: 'a@example.com' }), fake.addContact({ email: 'b@example.com' })];
    const strange: WriteBack = { id: 4, kind: 'score', subjectId: a, payload: { chanceToReturn: 'high' } };
    await connector.push([score(9, a)]);
    fake.queueFaults('partial');
    expect(await connector.push([score(1, a), score(2, b), score(3, '999999'), strange])).toMatchObject([
      { id: 1, ok: false, retryable: true },
      { id: 2, ok: true },
      { id: 3, ok: false, retryable: false },
      { id: 4, ok: false, retryable: false },
    ]);
    expect(fake.contact('999999')).toBeUndefined();
  });

  test('a mail stands on the timeline once for each thing that became of it, however often answers are lost', async () => {
    const { fake, connector } = hubSpot;
    const id = fake.addContact({ email: 'a@example.com' });
    const touches = [touch(1, id, 'sent'), touch(2, id, 'opened')];
    fake.queueFaults('error_after', 'reset_after');
    expect(await connector.push(touches)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await connector.push([...touches, touch(3, '999999', 'sent')])).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: false, retryable: false },
    ]);
    expect(fake.timeline(id).map((event) => event.id)).toEqual(['m1:sent', 'm2:opened']);
  });

  test('a refusal stands at the person, once, and is never taken back by us', async () => {
    const { fake, connector } = hubSpot;
    const id = fake.addContact({ email: 'a@example.com' });
    const silent = fake.addContact({ firstname: 'No address' });
    fake.queueFaults('slow', 'slow', 'error_after');
    expect(await connector.push([consent(1, id, 'unsubscribed')])).toEqual([{ id: 1, ok: true }]);
    expect(await connector.push([consent(2, id, 'unsubscribed')])).toEqual([{ id: 2, ok: true }]);
    expect(await connector.push([consent(3, id, 'subscribed'), consent(4, silent, 'unsubscribed')])).toMatchObject([
      { ok: false, retryable: false },
      { ok: false, retryable: false },
    ]);
    const [person] = (await pull()).customers;
    expect(person).toMatchObject({ externalId: id, consent: { state: 'unsubscribed' } });
  });

  test('nothing that is said of a failure names the person', async () => {
    const { fake, connector } = hubSpot;
    const id = fake.addContact({ email: 'anna@example.com' });
    for (const fault of ['daily', 'too_many', 'error_before'] as const) {
      fake.queueFaults(...Array.from({ length: 6 }, () => fault));
      expect(JSON.stringify(await connector.push([score(1, id), consent(2, id, 'unsubscribed')]))).not.toContain(
        'anna',
      );
    }
  });
});
