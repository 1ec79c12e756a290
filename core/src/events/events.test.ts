import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import fc from 'fast-check';
import { addressHash } from '../consent/index.ts';
import { fail } from '../errors.ts';
import type { EmailProvider, ProviderEvent } from '../ports.ts';
import { uuidOf } from '../random.ts';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase, type TestEngine } from '../testing/index.ts';
import {
  readRecipient,
  receiveEvents,
  recordClick,
  recordEvents,
  recordOpen,
  recordResubscribe,
  recordUnsubscribe,
} from './index.ts';

/** A provider whose webhooks are plain JSON, signed with a word. */
const email: EmailProvider = {
  name: 'plain',
  maximumBatch: 1000,
  idempotent: false,
  send: () => Promise.reject(new Error('nothing is sent here')),
  domains: { find: () => Promise.resolve(undefined) },
  readEvents(webhook) {
    if (webhook.headers['signature'] !== 'right') throw fail('unauthorised', 'The signature is wrong.');
    return (JSON.parse(Buffer.from(webhook.body).toString()) as ProviderEvent[]).map((event) => ({
      ...event,
      at: new Date(event.at),
    }));
  },
};
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148';
const NOON = Date.UTC(2026, 2, 1, 12);

let base: TestDatabase;
let engine: TestEngine;
let stores = 0;

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  engine = buildEngine(base.database, { email, now: new Date(NOON + 86_400_000) });
});
afterAll(() => base.drop());

/** A store with so many people, each sent one message. */
async function storeWith(people: number): Promise<{ storeId: string; messages: string[]; customers: string[] }> {
  const storeId = await buildStore(base.database, { name: `Store ${String(++stores)}` });
  const numbers = Array.from({ length: people }, (_, number) => String(number));
  const messages = numbers.map((number) => uuidOf('message', storeId, number));
  const customers = numbers.map((number) => uuidOf('customer', storeId, number));
  await base.database.inStore(storeId, async (tx) => {
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, created_at, updated_at)
       SELECT id, $1::uuid, id::text, id || '@customers.example', now(), now() FROM unnest($2::uuid[]) AS c(id)`,
      [storeId, customers],
    );
    await tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, created_at)
       SELECT m.id, $1::uuid, $1, m.customer, $1, 'accepted', now() FROM unnest($2::uuid[], $3::uuid[]) AS m(id, customer)`,
      [storeId, messages, customers],
    );
  });
  return { storeId, messages, customers };
}

function receive(storeId: string, events: ProviderEvent[]) {
  return receiveEvents(engine, storeId, 'plain', {
    headers: { signature: 'right' },
    body: Buffer.from(JSON.stringify(events)),
  });
}

let ids = 0;
const event = (messageId: string, kind: ProviderEvent['kind'], seconds: number, more: Partial<ProviderEvent> = {}) => ({
  vendorEventId: `v${String(++ids)}`,
  kind,
  at: new Date(NOON + seconds * 1000),
  messageId,
  ...more,
});

/** Everything that events can change, without what numbers rows. */
function stateOf(storeId: string) {
  return base.database.inStore(storeId, async (tx) => ({
    messages: await tx.rows(
      'SELECT id, delivered_at, opened_at, clicked_at, bounced_at, complained_at, unsubscribed_at FROM messages ORDER BY id',
    ),
    events: await tx.rows(
      'SELECT vendor_event_id, kind, at, message_id, agent, detail FROM events ORDER BY vendor_event_id',
    ),
    consents: await tx.rows('SELECT customer_id, state, basis, at, source FROM consents ORDER BY customer_id, at'),
    suppressions: await tx.rows('SELECT address_hash, reason, at, source FROM suppressions ORDER BY address_hash'),
  }));
}

const suppressionOf = (storeId: string, customer: string) =>
  base.database.inStore(storeId, async (tx) => {
    const hash = addressHash(engine.keys, storeId, `${customer}@customers.example`);
    const rows = await tx.rows<{ reason: string }>('SELECT reason FROM suppressions WHERE address_hash = $1', [hash]);
    return rows[0]?.reason;
  });

describe('a webhook', () => {
  test('moves the message, tells robots apart, and changes nothing when it comes again', async () => {
    const { storeId, messages } = await storeWith(1);
    const [message = ''] = messages;
    const events = [
      event(message, 'processed', 0),
      event(message, 'delivered', 4),
      event(message, 'open', 60, { machine: true, userAgent: 'Mozilla/5.0' }),
      event(message, 'open', 3600, { userAgent: PHONE }),
      event(message, 'click', 3700, { userAgent: PHONE, url: 'https://shop.example/tea?who=anna' }),
    ];
    expect(await receive(storeId, events)).toEqual({ recorded: 5, repeated: 0, unknown: 0 });
    const state = await stateOf(storeId);
    expect(state.messages).toEqual([
      {
        id: message,
        delivered_at: new Date(NOON + 4_000),
        opened_at: new Date(NOON + 3_600_000),
        clicked_at: new Date(NOON + 3_700_000),
        bounced_at: null,
        complained_at: null,
        unsubscribed_at: null,
      },
    ]);
    expect(JSON.stringify(state.events)).not.toContain('anna');
    expect(await receive(storeId, [...events, ...events])).toEqual({ recorded: 0, repeated: 10, unknown: 0 });
    expect(await stateOf(storeId)).toEqual(state);
  });

  test('of unsubscribing, complaining and dead mailboxes stops the mail', async () => {
    const { storeId, messages, customers } = await storeWith(4);
    const [left = '', angry = '', gone = '', full = ''] = messages;
    await receive(storeId, [
      event(left, 'unsubscribe', 10),
      event(angry, 'complaint', 10),
      event(gone, 'bounce', 10, { permanent: true }),
      event(full, 'bounce', 10, { permanent: false }),
    ]);
    expect(await Promise.all(customers.map((customer) => suppressionOf(storeId, customer)))).toEqual([
      'unsubscribed',
      'complaint',
      'hard_bounce',
      undefined,
    ]);
    const { consents } = await stateOf(storeId);
    expect(consents).toHaveLength(2);
  });

  test('about a message that nobody knows is kept, without a message', async () => {
    const { storeId } = await storeWith(0);
    const answer = await receive(storeId, [
      event(uuidOf('of another store'), 'unsubscribe', 10),
      event('not even an id', 'click', 20),
    ]);
    expect(answer).toEqual({ recorded: 2, repeated: 0, unknown: 2 });
    const { events, suppressions } = await stateOf(storeId);
    expect(events).toMatchObject([
      { message_id: null },
      { message_id: null, detail: { unknownMessage: 'not even an id' } },
    ]);
    expect(suppressions).toEqual([]);
  });

  test('of another store touches nothing of ours', async () => {
    const mine = await storeWith(1);
    const theirs = await storeWith(1);
    const before = await stateOf(mine.storeId);
    await receive(theirs.storeId, [event(mine.messages[0] ?? '', 'complaint', 10)]);
    expect(await stateOf(mine.storeId)).toEqual(before);
  });

  test('with a wrong signature, or of somebody who does not mail for us, is refused', async () => {
    const { storeId } = await storeWith(0);
    const raw = { headers: {}, body: Buffer.from('[]') };
    await expect(receiveEvents(engine, storeId, 'plain', raw)).rejects.toMatchObject({ code: 'unauthorised' });
    await expect(receiveEvents(engine, storeId, 'other', raw)).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('copies, shuffling, cutting and delay change nothing', async () => {
  const kinds = fc.constantFrom<ProviderEvent['kind']>(
    'processed',
    'delivered',
    'deferred',
    'open',
    'open',
    'click',
    'click',
    'click',
    'bounce',
    'dropped',
    'complaint',
    'unsubscribe',
  );
  const story = fc.array(
    fc.record({
      kind: kinds,
      person: fc.nat(2),
      seconds: fc.nat(12),
      permanent: fc.boolean(),
      machine: fc.boolean(),
      userAgent: fc.constantFrom(PHONE, 'Mozilla/5.0', undefined),
      link: fc.nat(3),
      copies: fc.integer({ min: 1, max: 4 }),
      order: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(story, fc.integer({ min: 1, max: 6 }), async (told, batch) => {
      const plain = await storeWith(3);
      const shuffled = await storeWith(3);
      const events = (messages: string[]) =>
        told.map((one, number): ProviderEvent => ({
          vendorEventId: String(number),
          kind: one.kind,
          at: new Date(NOON + one.seconds * 1000),
          messageId: messages[one.person] ?? '',
          permanent: one.permanent,
          machine: one.machine,
          ...(one.userAgent === undefined ? {} : { userAgent: one.userAgent }),
          url: `https://shop.example/${String(one.link)}`,
        }));
      await receive(
        plain.storeId,
        events(plain.messages).toSorted((a, b) => a.at.getTime() - b.at.getTime()),
      );
      const copies = events(shuffled.messages)
        .flatMap((one, number) =>
          Array.from({ length: told[number]?.copies ?? 1 }, (_, copy) => ({
            one,
            order: told[number]?.order[copy] ?? 0,
          })),
        )
        .toSorted((a, b) => a.order - b.order)
        .map(({ one }) => one);
      for (let start = 0; start < copies.length; start += batch)
        await receive(shuffled.storeId, copies.slice(start, start + batch));
      expect(comparable(await stateOf(shuffled.storeId), shuffled, engine)).toEqual(
        comparable(await stateOf(plain.storeId), plain, engine),
      );
    }),
    { seed: 5, numRuns: 40 },
  );
});

/** The state with people and messages by number, so that two stores can be compared. */
function comparable(
  state: Awaited<ReturnType<typeof stateOf>>,
  store: { storeId: string; messages: string[]; customers: string[] },
  { keys }: TestEngine,
): unknown {
  let text = JSON.stringify(state);
  store.messages.forEach((id, number) => (text = text.replaceAll(id, `message ${String(number)}`)));
  store.customers.forEach((id, number) => {
    text = text.replaceAll(addressHash(keys, store.storeId, `${id}@customers.example`), `address ${String(number)}`);
    text = text.replaceAll(id, `customer ${String(number)}`);
  });
  const sorted = Object.entries(JSON.parse(text) as Record<string, unknown[]>).map(([table, rows]) => [
    table,
    rows.map((row) => JSON.stringify(row)).toSorted(),
  ]);
  return Object.fromEntries(sorted);
}

test('two webhooks about one message at once settle it as one after the other would', async () => {
  const { storeId, messages } = await storeWith(1);
  const [message = ''] = messages;
  const clicks = ['a', 'b', 'c'].map((link) =>
    event(message, 'click', 900, { userAgent: PHONE, url: `https://shop.example/${link}` }),
  );
  await Promise.all(clicks.map((click) => receive(storeId, [click])));
  const { messages: rows, events } = await stateOf(storeId);
  expect(events).toMatchObject([{ agent: 'machine' }, { agent: 'machine' }, { agent: 'machine' }]);
  expect(rows).toMatchObject([{ clicked_at: null }]);
});

describe('our own pages', () => {
  test('count a pixel and a click once a second', async () => {
    const { storeId, messages } = await storeWith(1);
    const hit = { storeId, messageId: messages[0] ?? '', at: new Date(NOON), method: 'GET', userAgent: PHONE };
    await recordOpen(engine, hit);
    await recordOpen(engine, { ...hit, at: new Date(NOON + 400) });
    await recordClick(engine, { ...hit, url: 'https://shop.example/tea' });
    await recordClick(engine, { ...hit, method: 'HEAD', url: 'https://shop.example/tea' });
    const { messages: rows, events } = await stateOf(storeId);
    expect(rows).toMatchObject([{ opened_at: new Date(NOON), clicked_at: new Date(NOON) }]);
    expect(events).toHaveLength(3);
  });

  test('take a no at once and once, and a later yes', async () => {
    const { storeId, messages, customers } = await storeWith(1);
    const [customerId = ''] = customers;
    const link = { storeId, messageId: messages[0] ?? '', customerId };
    expect(await readRecipient(engine, link)).toMatchObject({ state: 'subscribed', language: 'en' });
    expect(await recordUnsubscribe(engine, link, 'one_click')).toMatchObject({ state: 'unsubscribed' });
    const after = await stateOf(storeId);
    engine.clock.advance(1000);
    expect(await recordUnsubscribe(engine, link, 'page')).toMatchObject({ state: 'unsubscribed' });
    expect(await stateOf(storeId)).toEqual(after);
    expect(await suppressionOf(storeId, customerId)).toBe('unsubscribed');
    engine.clock.advance(1000);
    expect(await recordResubscribe(engine, link)).toMatchObject({ state: 'subscribed' });
    expect(await suppressionOf(storeId, customerId)).toBeUndefined();
    engine.clock.advance(1000);
    expect(await recordUnsubscribe(engine, link, 'page')).toMatchObject({ state: 'unsubscribed' });
  });

  test('take a no whose message is gone, and none of somebody unknown', async () => {
    const { storeId, customers } = await storeWith(1);
    const link = { storeId, messageId: uuidOf('gone'), customerId: customers[0] ?? '' };
    expect(await recordUnsubscribe(engine, link, 'page')).toMatchObject({ state: 'unsubscribed' });
    expect(await recordUnsubscribe(engine, { ...link, customerId: uuidOf('nobody') }, 'page')).toBeUndefined();
  });

  test('cannot bring back who complained', async () => {
    const { storeId, messages, customers } = await storeWith(1);
    const link = { storeId, messageId: messages[0] ?? '', customerId: customers[0] ?? '' };
    await receive(storeId, [event(link.messageId, 'complaint', 10)]);
    expect(await recordResubscribe(engine, link)).toMatchObject({ state: 'blocked' });
  });
});

test('a no that arrives after a later yes is history', async () => {
  const { storeId, messages, customers } = await storeWith(1);
  const link = { storeId, messageId: messages[0] ?? '', customerId: customers[0] ?? '' };
  await recordUnsubscribe(engine, link, 'page');
  engine.clock.advance(60_000);
  await recordResubscribe(engine, link);
  await receive(storeId, [event(link.messageId, 'unsubscribe', 30)]);
  expect(await suppressionOf(storeId, link.customerId)).toBeUndefined();
});

describe('what was kept and had no effect', () => {
  test('gets it, once; what cannot be read stays and holds up nothing', async () => {
    const { storeId, messages } = await storeWith(1);
    const kept = (key: string, body: string) =>
      base.database.inStore(storeId, (tx) =>
        tx.run(
          `INSERT INTO webhook_inbox (store_id, source, vendor_event_id, received_at, body) VALUES ($1, 'plain', $2, $3, $4)`,
          [storeId, key, engine.clock.now(), Buffer.from(body)],
        ),
      );
    await kept('1', 'neither list nor JSON');
    await kept('2', JSON.stringify([event(messages[0] ?? '', 'delivered', 4)]));
    expect(await recordEvents(engine, storeId)).toEqual({ webhooks: 1, events: 1, repeated: 0, failed: 1 });
    expect(await recordEvents(engine, storeId)).toEqual({ webhooks: 0, events: 0, repeated: 0, failed: 1 });
    expect((await stateOf(storeId)).messages).toMatchObject([{ delivered_at: new Date(NOON + 4000) }]);
    const inbox = await base.database.inStore(storeId, (tx) => tx.rows('SELECT error FROM webhook_inbox ORDER BY id'));
    expect(inbox).toEqual([{ error: 'RekindleError bad_request' }, { error: null }]);
  });

  test('is kept where a failure of ours undid it, and the failure is told to the vendor', async () => {
    const { storeId, messages } = await storeWith(1);
    const odd = event(messages[0] ?? '', 'delivered', 4);
    // A zero byte is what PostgreSQL takes in no text: an adapter that breaks its word, and a row that cannot be stored.
    await expect(receive(storeId, [{ ...odd, kind: 'delivered\0' as 'delivered' }])).rejects.toThrow();
    expect((await stateOf(storeId)).events).toEqual([]);
    const inbox = await base.database.inStore(storeId, (tx) =>
      tx.rows('SELECT processed_at, source FROM webhook_inbox'),
    );
    expect(inbox).toEqual([{ processed_at: null, source: 'plain' }]);
  });
});
