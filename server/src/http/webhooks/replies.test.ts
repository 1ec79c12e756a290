/** Somebody answers a mail: from the address in the mail, through SendGrid's Inbound Parse, to what it stops and who reads it. */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { pendingMigrations, STAGES, type StoreTransaction } from '@rekindle/core';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake, type SendGridFake, type WrittenMail } from '@rekindle/connector-sendgrid/fake';
import { buildHttp } from '../build.ts';
import { createHitBuffer, type HitBuffer } from '../public/hits.ts';
import { serveHttp } from '../serve.ts';
import { replySecret } from './replies.ts';

let base: TestDatabase;
let fake: SendGridFake;
let engine: TestEngine;
let hits: HitBuffer;
let server: Awaited<ReturnType<typeof serveHttp>>;
let address: string;
let storeId: string;
let stores = 0;

beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  const clock = { now: () => engine.clock.now() };
  fake = await startSendGridFake({ seed: 4, clock });
  const email = sendGrid({
    apiKey: fake.apiKey,
    baseUrl: fake.url,
    webhookKey: fake.publicKey,
    inboundKey: fake.publicKey,
  });
  engine = { ...buildEngine(base.database, { now: '2026-03-01T00:00:00Z', email }), replyDomain: 'reply.example.com' };
  hits = createHitBuffer(engine);
  const readiness = {
    draining: () => false,
    pendingMigrations: () => pendingMigrations(base.database, 'prisma/migrations'),
  };
  server = await serveHttp(buildHttp(engine, { readiness, hits }), { host: '127.0.0.1', port: 0 });
  address = `${server.url}/webhooks/sendgrid/replies/${replySecret(engine.keys, 'sendgrid')}`;
});
afterAll(async () => {
  await server.close();
  await hits.close();
  await fake.close();
  await base.drop();
});
beforeEach(async () => {
  storeId = await buildStore(base.database, { name: `Answered ${String(stores++)}` });
  engine.clock.set('2026-03-01T00:00:00Z');
});

const inStore = <Result>(work: (tx: StoreTransaction) => Promise<Result>) => base.database.inStore(storeId, work);
const rows = <Row extends object>(sql: string) => inStore((tx) => tx.rows<Row>(sql));

/** A campaign with two steps to the same people, the first of which is out. */
async function sent() {
  const campaign = await buildCampaign(base.database, storeId, { people: 3 });
  await STAGES.scheduling(engine, storeId);
  await inStore((tx) => tx.run(`UPDATE messages SET scheduled_at = '2026-03-02T09:00:00Z'`));
  await inStore((tx) =>
    tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, variant_id, state, scheduled_at, time_zone, created_at)
       SELECT gen_random_uuid(), store_id, campaign_id, 'second', customer_id, variant_id, 'scheduled', '2026-03-20T09:00:00Z', time_zone, created_at
       FROM messages`,
    ),
  );
  await inStore((tx) =>
    tx.run(
      `INSERT INTO enrolments (store_id, campaign_id, customer_id, occurrence, arm, draw, score_version, entered_at, state, step)
       SELECT store_id, campaign_id, customer_id, 1, 'treated', 0, 1, created_at, 'inside', 'second' FROM messages WHERE step = 'second'`,
    ),
  );
  engine.clock.set('2026-03-02T10:00:00Z');
  await STAGES.delivery(engine, storeId);
  const first = await rows<{ id: string; customer_id: string }>(
    `SELECT id, customer_id FROM messages WHERE step = '' AND state = 'accepted' ORDER BY customer_id`,
  );
  expect(first).toHaveLength(3);
  return { campaign, messages: first };
}

/** What a person writes back to the mail of that message. */
const answerTo = (messageId: string, mail: Partial<WrittenMail> = {}): WrittenMail => ({
  to: fake.mail(messageId)?.headers['Reply-To'] ?? '',
  from: 'Ana <ana@mail.example>',
  subject: 'Re: Tea',
  text: 'Do you have the green one, too?\n\nOn Mon, 2 Mar 2026, Shop <hello@shop.example> wrote:\n> Hello',
  ...mail,
});

const kept = () => rows<{ kind: string; message_id: string }>('SELECT kind, message_id FROM replies ORDER BY at, id');
const second = (customerId: string) =>
  inStore(async (tx) => {
    const [row] = await tx.rows<{ state: string }>(
      `SELECT concat_ws(' ', state, state_reason) AS state FROM messages WHERE step = 'second' AND customer_id = $1`,
      [customerId],
    );
    return row?.state;
  });

describe('a person answers', () => {
  test('every mail asks for an answer at an address of its own, which names nobody', async () => {
    const { messages } = await sent();
    const addresses = messages.map(({ id }) => fake.mail(id)?.headers['Reply-To'] ?? '');
    expect(new Set(addresses).size).toBe(3);
    for (const one of addresses) expect(one).toMatch(/^r1[a-z2-7]{60}@reply\.example\.com$/);
  });

  test('what is still to go to her in this campaign does not; the others get theirs; nobody but us can read her words', async () => {
    const { messages } = await sent();
    const [ana, other] = messages as [(typeof messages)[0], (typeof messages)[0]];
    expect(await fake.writeTo(address, answerTo(ana.id))).toBe(200);
    expect(await kept()).toEqual([{ kind: 'person', message_id: ana.id }]);
    expect(await second(ana.customer_id)).toBe('dropped replied');
    expect(await second(other.customer_id)).toBe('scheduled');
    const sealed = await rows<{ body: Buffer }>('SELECT body FROM replies');
    expect(sealed[0]?.body.toString('latin1')).not.toContain('green');
    engine.clock.set('2026-03-20T10:00:00Z');
    expect(await STAGES.delivery(engine, storeId)).toMatchObject({ accepted: 2 });
  });

  test('also one that is planned for her after that', async () => {
    const { messages } = await sent();
    const ana = messages[0] as (typeof messages)[0];
    await fake.writeTo(address, answerTo(ana.id));
    await inStore((tx) =>
      tx.run(
        `UPDATE messages SET state = 'scheduled', state_reason = NULL, scheduled_at = '2026-03-20T09:00:00Z' WHERE step = 'second'`,
      ),
    );
    engine.clock.set('2026-03-20T10:00:00Z');
    expect(await STAGES.delivery(engine, storeId)).toMatchObject({ accepted: 2, dropped: 1 });
    expect(await second(ana.customer_id)).toBe('dropped replied');
  });

  test('copies of a mail change nothing, nor does a second mail to the same address harm', async () => {
    const { messages } = await sent();
    const ana = messages[0] as (typeof messages)[0];
    const mail = answerTo(ana.id);
    for (let copy = 0; copy < 3; copy++) expect(await fake.writeTo(address, mail)).toBe(200);
    expect(await kept()).toHaveLength(1);
    expect(await fake.writeTo(address, { ...mail, text: 'And the black one?' })).toBe(200);
    expect(await kept()).toHaveLength(2);
  });

  test('in another character set, with attachments, in HTML only, with what no database can hold', async () => {
    const { messages } = await sent();
    const [ana, ben, eve] = messages as [(typeof messages)[0], (typeof messages)[0], (typeof messages)[0]];
    const attachments = [{ name: 'photo.jpg', bytes: Buffer.alloc(3_000_000, '\r\n--x') }];
    expect(
      await fake.writeTo(
        address,
        answerTo(ana.id, { charset: 'iso-8859-1', subject: '¿Té?', text: 'Mañana, sí', attachments }),
      ),
    ).toBe(200);
    const { text: _, ...inHtml } = answerTo(ben.id);
    expect(await fake.writeTo(address, { ...inHtml, html: '<p>Baja&nbsp;</p><blockquote>Hello</blockquote>' })).toBe(
      200,
    );
    expect(await fake.writeTo(address, answerTo(eve.id, { text: 'a\0b \ud83d', subject: 'a\0b' }))).toBe(200);
    expect((await kept()).map(({ kind }) => kind).toSorted()).toEqual(['person', 'person', 'unsubscribe']);
  });
});

test('somebody who is away stops nothing, and her machine’s words are not kept', async () => {
  const { messages } = await sent();
  const ana = messages[0] as (typeof messages)[0];
  const away = answerTo(ana.id, {
    headers: { 'Auto-Submitted': 'auto-replied' },
    returnPath: '',
    text: 'I am away. Unsubscribe',
  });
  expect(await fake.writeTo(address, away)).toBe(200);
  expect(await kept()).toEqual([]);
  expect(await second(ana.customer_id)).toBe('scheduled');
  expect(await rows(`SELECT kind FROM events WHERE kind LIKE '%reply'`)).toEqual([{ kind: 'auto_reply' }]);
  expect(await rows('SELECT state FROM consents')).toEqual([]);
});

test.each(['Baja, por favor', 'Please unsubscribe me'])('“%s” is taken at its word, from that moment', async (text) => {
  const { messages } = await sent();
  const ana = messages[0] as (typeof messages)[0];
  engine.clock.set('2026-03-20T09:00:00Z');
  expect(await fake.writeTo(address, answerTo(ana.id, { text }))).toBe(200);
  // Due a minute later, and already too late.
  engine.clock.set('2026-03-20T09:01:00Z');
  expect(await STAGES.delivery(engine, storeId)).toMatchObject({ accepted: 2, dropped: 1 });
  expect(await second(ana.customer_id)).toMatch(/^dropped (suppressed|unsubscribed)$/);
  expect(await rows('SELECT state, source FROM consents')).toEqual([{ state: 'unsubscribed', source: 'sendgrid' }]);
  expect(await rows('SELECT reason FROM suppressions')).toEqual([{ reason: 'unsubscribed' }]);
  expect(await rows(`SELECT count(unsubscribed_at)::int AS count FROM messages`)).toEqual([{ count: 1 }]);
});

describe('what is no answer to a mail of ours', () => {
  test('is acknowledged, so that nobody sends it for three days, and kept nowhere', async () => {
    const { messages } = await sent();
    const ana = messages[0] as (typeof messages)[0];
    const right = answerTo(ana.id);
    for (const to of ['hello@reply.example.com', right.to.replace(/.@/, (end) => (end === 'q@' ? 'a@' : 'q@')), 'x'])
      expect(await fake.writeTo(address, { ...right, to })).toBe(200);
    await inStore((tx) => tx.run('DELETE FROM messages WHERE id = $1', [ana.id]));
    expect(await fake.writeTo(address, right)).toBe(200);
    expect(await kept()).toEqual([]);
  });

  test('is refused from who does not know the address, or does not sign', async () => {
    const { messages } = await sent();
    const mail = answerTo((messages[0] as (typeof messages)[0]).id);
    expect(await fake.writeTo(`${address.slice(0, -1)}x`, mail)).toBe(404);
    expect(await fake.writeTo(address.replace('sendgrid', 'resend'), mail)).toBe(404);
    const { headers, body } = fake.inbound(mail);
    const unsigned = { 'content-type': headers['content-type'] ?? '' };
    const post = async (given: Record<string, string>, bytes: Uint8Array) =>
      (await fetch(address, { method: 'POST', headers: given, body: Buffer.from(bytes) })).status;
    expect(await post(unsigned, body)).toBe(401);
    expect(
      await post(headers, Buffer.from(Buffer.from(body).toString('latin1').replace('green', 'black'), 'latin1')),
    ).toBe(401);
    engine.clock.advance(10 * 60_000);
    expect(await post(headers, body)).toBe(401);
    expect(await kept()).toEqual([]);
  });
});
