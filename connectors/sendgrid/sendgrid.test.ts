import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MailBatch, SendResult } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { startSendGridFake, type SendGridFake } from './fake/index.ts';
import { sendGrid } from './src/index.ts';
import { readEvents, readPublicKey } from './src/webhooks.ts';

const clock = fakeClock('2026-03-01T10:00:00Z');
let fake: SendGridFake;
beforeEach(async () => {
  fake = await startSendGridFake({ clock, seed: 7 });
  if (!fake.specified) console.info('SendGrid’s OpenAPI document is not beside the repository: own schema only');
});
afterEach(() => fake.close());

const provider = (timeoutMs = 5000) =>
  sendGrid({ apiKey: fake.apiKey, baseUrl: fake.url, webhookKey: fake.publicKey, timeoutMs });

function batchOf(count: number, change: Partial<MailBatch> = {}): MailBatch {
  return {
    batchId: 'b-1',
    from: { email: 'hello@shop.example', name: 'Shop' },
    replyTo: 'owner@shop.example',
    template: {
      subject: 'For \u00010\u0002',
      html: '<p>Hello \u00010\u0002</p><a href="\u00011\u0002">Shop</a>',
      text: 'Hello \u00010\u0002\n\u00011\u0002',
    },
    recipients: Array.from({ length: count }, (_, number) => ({
      messageId: `m-${String(number)}`,
      email: `person${String(number)}@example.com`,
      gaps: [`Person ${String(number)}`, `https://mail.example/c/${String(number)}`],
      headers: {
        'List-Unsubscribe': `<https://mail.example/u/${String(number)}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    })),
    ...change,
  };
}

describe('sending', () => {
  test('a thousand different mails in one request, each whole', async () => {
    expect(await provider().send(batchOf(1000))).toEqual({
      outcome: 'accepted',
      status: 202,
      providerMessageId: expect.stringMatching(/^[0-9a-f]{22}$/) as string,
    });
    expect(fake.requests).toEqual({ total: 1, taken: 1, tooMany: 0 });
    expect(fake.accepted.size).toBe(1000);
    expect(fake.mail('m-812')).toEqual({
      messageId: 'm-812',
      at: clock.now(),
      from: 'Shop <hello@shop.example>',
      to: 'person812@example.com',
      subject: 'For Person 812',
      html: '<p>Hello Person 812</p><a href="https://mail.example/c/812">Shop</a>',
      text: 'Hello Person 812\nhttps://mail.example/c/812',
      headers: {
        'Reply-To': 'owner@shop.example',
        'List-Unsubscribe': '<https://mail.example/u/812>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
  });

  test('a name that looks like a gap stays a name', async () => {
    const batch = batchOf(1);
    const [only] = batch.recipients;
    if (only) only.gaps[0] = '-g1- {{x}} \u00011\u0002 $& ñ🎈';
    await provider().send(batch);
    expect(fake.mail('m-0')?.subject).toBe('For -g1- {{x}} \u00011\u0002 $& ñ🎈');
  });

  test('more than SendGrid takes is refused here, with the message’s id and no address', async () => {
    const batch = batchOf(3);
    const [, second] = batch.recipients;
    if (second) second.gaps[0] = 'ñ'.repeat(5000);
    const result = await provider().send(batch);
    expect(result).toMatchObject({ outcome: 'refused', retryable: false });
    expect(JSON.stringify(result)).toContain('m-1');
    expect(JSON.stringify(result)).not.toContain('@');
    expect(fake.requests.total).toBe(0);
  });

  test.each<[string, Partial<MailBatch>]>([
    ['no recipient', { recipients: [] }],
    ['too many', { recipients: batchOf(1001).recipients }],
    ['no subject', { template: { subject: '', html: '<p>x', text: 'x' } }],
    ['no address', { recipients: [{ messageId: 'm', email: 'nobody', gaps: [], headers: {} }] }],
    ['a reserved header', { recipients: [{ messageId: 'm', email: 'a@b.co', gaps: [], headers: { Subject: 'x' } }] }],
    [
      'a broken header',
      { recipients: [{ messageId: 'm', email: 'a@b.co', gaps: [], headers: { 'X-A': 'x\r\nBcc: y' } }] },
    ],
  ])('%s is a permanent no', async (_, change) => {
    expect(await provider().send(batchOf(1, change))).toMatchObject({
      outcome: 'refused',
      status: 400,
      retryable: false,
    });
    expect(fake.accepted.size).toBe(0);
  });

  test('a wrong key is mendable, and says so', async () => {
    const wrong = sendGrid({ apiKey: 'SG.wrong', baseUrl: fake.url });
    expect(await wrong.send(batchOf(1))).toMatchObject({ outcome: 'refused', status: 401, retryable: true });
    expect(() => sendGrid({ apiKey: 'sk-1' })).toThrow(/starts with "SG\."/);
    expect(() => sendGrid({ apiKey: 'SG.x', webhookKey: 'rubbish' })).toThrow(/not a public key/);
  });
});

describe('doubt and certainty', () => {
  const send = async (...faults: Parameters<SendGridFake['queueFaults']>): Promise<[SendResult, number]> => {
    fake.queueFaults(...faults);
    const result = await provider(400).send(batchOf(2));
    return [result, fake.accepted.size];
  };

  test('429 is a no for now', async () => {
    const [result, taken] = await send('too_many');
    expect(result).toMatchObject({ outcome: 'refused', status: 429, retryable: true, retryAfterSeconds: 30 });
    expect(taken).toBe(0);
  });

  test.each(['error_after', 'reset_after', 'truncated', 'hang'] as const)(
    '%s is a doubt about mails that went',
    async (fault) => {
      const [result, taken] = await send(fault);
      expect(result).toMatchObject({ outcome: 'in_doubt' });
      expect(taken).toBe(2);
    },
  );

  test.each(['error_before', 'reset_before'] as const)('%s is a doubt about mails that did not', async (fault) => {
    const [result, taken] = await send(fault);
    expect(result).toMatchObject({ outcome: 'in_doubt' });
    expect(taken).toBe(0);
  });

  test('late is a yes', async () => {
    fake.queueFaults('slow');
    expect(await provider().send(batchOf(1))).toMatchObject({ outcome: 'accepted' });
  });

  test('nobody there is a certain no', async () => {
    const gone = provider();
    await fake.close();
    expect(await gone.send(batchOf(1))).toMatchObject({ outcome: 'refused', retryable: true });
  });
});

describe('events', () => {
  test('come back signed, in our words', () => {
    const at = new Date('2026-03-01T09:59:00Z');
    const webhook = fake.signed([
      { kind: 'processed', at, messageId: 'm-1' },
      { kind: 'open', at, messageId: 'm-1', machine: true, userAgent: 'Mozilla/5.0' },
      { kind: 'bounce', at, messageId: 'm-2' },
      { kind: 'bounce', at, messageId: 'm-2', permanent: false },
      { kind: 'complaint', at, messageId: 'm-3' },
    ]);
    // The id's name is known from the mails that were taken.
    expect(provider().readEvents(webhook, clock.now())).toEqual([]);
  });

  test('of taken mails are read', async () => {
    await provider().send(batchOf(4));
    const at = new Date('2026-03-01T09:59:00Z');
    const events = provider().readEvents(
      fake.signed([
        { kind: 'processed', at, messageId: 'm-1' },
        { kind: 'open', at, messageId: 'm-1', machine: true, userAgent: 'Mozilla/5.0' },
        { kind: 'bounce', at, messageId: 'm-2', reason: 'no such mailbox' },
        { kind: 'bounce', at, messageId: 'm-2', permanent: false },
        { kind: 'complaint', at, messageId: 'm-3' },
      ]),
      clock.now(),
    );
    expect(events.map((event) => [event.kind, event.messageId, event.at, event.permanent])).toEqual([
      ['processed', 'm-1', at, undefined],
      ['open', 'm-1', at, undefined],
      ['bounce', 'm-2', at, true],
      ['bounce', 'm-2', at, false],
      ['complaint', 'm-3', at, undefined],
    ]);
    expect(events[1]).toMatchObject({ machine: true, userAgent: 'Mozilla/5.0' });
    expect(new Set(events.map((event) => event.vendorEventId)).size).toBe(5);
  });

  test('are refused where the signature does not fit, is old or is missing', async () => {
    await provider().send(batchOf(1));
    const webhook = fake.signed([{ kind: 'delivered', at: clock.now(), messageId: 'm-0' }]);
    const read =
      (change: object, now = clock.now()) =>
      () =>
        provider().readEvents({ ...webhook, ...change }, now);
    expect(read({})()).toHaveLength(1);
    const changed = Buffer.from(webhook.body);
    changed[20] = (changed[20] ?? 0) ^ 1;
    expect(read({ body: changed })).toThrow(/signature is wrong/);
    expect(read({ headers: {} })).toThrow(/not signed/);
    expect(read({ headers: { ...webhook.headers, 'x-twilio-email-event-webhook-signature': 'AAAA' } })).toThrow(
      /wrong/,
    );
    expect(read({ headers: { ...webhook.headers, 'x-twilio-email-event-webhook-timestamp': '1' } })).toThrow(/wrong/);
    expect(read({}, new Date(clock.now().getTime() + 301_000))).toThrow(/too old/);
    expect(read({}, new Date(clock.now().getTime() - 301_000))).toThrow(/too old/);
    expect(() => sendGrid({ apiKey: 'SG.x' }).readEvents(webhook, clock.now())).toThrow(/not set/);
    const loud = Object.fromEntries(
      Object.entries(webhook.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(read({ headers: loud })()).toHaveLength(1);
  });

  test('SendGrid’s own test vector is accepted', () => {
    // From the tests of @sendgrid/eventwebhook 8.0.0.
    const key = readPublicKey(
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
    );
    const body = `${JSON.stringify([
      {
        email: 'hello@world.com',
        event: 'dropped',
        reason: 'Bounced Address',
        sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
        sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
        'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
        timestamp: 1600112492,
      },
    ])}\r\n`;
    const headers = {
      'X-Twilio-Email-Event-Webhook-Signature':
        'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
      'X-Twilio-Email-Event-Webhook-Timestamp': '1600112502',
    };
    const now = new Date(1_600_112_510_000);
    // Signed by SendGrid, but not about a message of ours.
    expect(readEvents(key, { headers, body: Buffer.from(body) }, now)).toEqual([]);
    expect(() => readEvents(key, { headers, body: Buffer.from(`${body} `) }, now)).toThrow(/signature is wrong/);
    expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });
});

describe('the fake', () => {
  test('posts events, with copies and out of order where asked', async () => {
    await provider().send(batchOf(3));
    const hook = await startHook();
    fake.setWebhookUrl(hook.url);
    await fake.emit(
      [0, 1, 2].map((number) => ({ kind: 'delivered', at: clock.now(), messageId: `m-${String(number)}` })),
      { duplicates: 2, shuffle: true },
    );
    const [posted] = hook.posted;
    const events = provider().readEvents(posted as { headers: Record<string, string>; body: Uint8Array }, clock.now());
    expect(events).toHaveLength(9);
    expect(new Set(events.map((event) => event.vendorEventId)).size).toBe(3);
    hook.status = 500;
    await expect(fake.emit([{ kind: 'open', at: clock.now(), messageId: 'm-0' }])).rejects.toThrow(/answered 500/);
    await hook.close();
  });

  test('faults come by seeded chance', async () => {
    const outcomes = async (): Promise<string[]> => {
      const one = await startSendGridFake({ clock, seed: 3, faults: { error_before: 0.3, too_many: 0.3 } });
      const mail = sendGrid({ apiKey: one.apiKey, baseUrl: one.url });
      const results: string[] = [];
      for (let i = 0; i < 20; i++) results.push((await mail.send(batchOf(1))).outcome);
      await one.close();
      return results;
    };
    const first = await outcomes();
    expect(new Set(first)).toEqual(new Set(['accepted', 'in_doubt', 'refused']));
    expect(await outcomes()).toEqual(first);
  });

  test('the outbox shows what was taken, harmless', async () => {
    const page = async (path: string) => {
      const response = await fetch(fake.url + path);
      return {
        status: response.status,
        policy: response.headers.get('content-security-policy') ?? '',
        text: await response.text(),
      };
    };
    expect((await page('/')).text).toContain('No mail yet');
    const batch = batchOf(120);
    const [first] = batch.recipients;
    if (first) first.gaps[0] = '<script>alert(1)</script>';
    await provider().send(batch);
    const list = await page('/');
    expect(list.text).toContain('120 mails taken');
    expect(list.text.indexOf('Person 119')).toBeLessThan(list.text.indexOf('Person 118'));
    expect(list.text).toContain('Older');
    expect((await page('/?q=person0%40')).text).toContain('&lt;script&gt;');
    expect((await page('/?q=person0%40')).text).not.toContain('<script>');
    const mail = await page('/mails/m-5');
    expect(mail.text).toContain('List-Unsubscribe-Post');
    expect(mail.text).toMatch(/<iframe[^>]+sandbox="allow-popups/);
    const html = await page('/mails/m-5/html');
    expect(html.text).toContain('<p>Hello Person 5</p>');
    expect(html.policy).toContain('sandbox');
    expect((await page('/mails/nobody')).status).toBe(404);
  });

  test('keeps the newest mails only, and counts all', async () => {
    const small = await startSendGridFake({ clock, keep: 10 });
    await sendGrid({ apiKey: small.apiKey, baseUrl: small.url }).send(batchOf(25));
    expect(small.accepted.size).toBe(25);
    expect([small.mail('m-14'), small.mail('m-15')?.to]).toEqual([undefined, 'person15@example.com']);
    await small.close();
  });

  test('a client that breaks off does not stop it', async () => {
    const socket = connect(Number(new URL(fake.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /v3/mail/send HTTP/1.1\r\ncontent-length: 100\r\n\r\n{');
    socket.destroy();
    expect(await provider().send(batchOf(1))).toMatchObject({ outcome: 'accepted' });
  });
});

async function startHook() {
  const { createServer } = await import('node:http');
  const hook = {
    url: '',
    status: 200,
    posted: [] as unknown[],
    close: () => new Promise((done) => server.close(done)),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      hook.posted.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(hook.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook.url = `http://127.0.0.1:${String((server.address() as { port: number }).port)}/webhooks/sendgrid/x`;
  return hook;
}
