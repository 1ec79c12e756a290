import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom, type MailBatch, type RawWebhook } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { startResendFake, type Fault, type ResendFake } from './fake/index.ts';
import { resend } from './src/index.ts';
import { authenticate, readKey } from './src/signature.ts';

const clock = fakeClock('2026-03-01T10:00:00Z');
let fake: ResendFake;
beforeEach(async () => {
  fake = await startResendFake({ clock, seed: 7 });
});
afterEach(() => fake.close());

const provider = (timeoutMs = 5000) =>
  resend({ apiKey: fake.apiKey, baseUrl: fake.url, webhookKey: fake.webhookKey, timeoutMs });

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
  test('a hundred whole mails in one request', async () => {
    expect(await provider().send(batchOf(100))).toEqual({ outcome: 'accepted', status: 200 });
    expect(fake.requests).toEqual({ total: 1, taken: 1, replayed: 0 });
    expect(fake.accepted.size).toBe(100);
    expect(fake.mail('m-81')).toEqual({
      messageId: 'm-81',
      at: clock.now(),
      from: 'Shop <hello@shop.example>',
      to: 'person81@example.com',
      subject: 'For Person 81',
      html: '<p>Hello Person 81</p><a href="https://mail.example/c/81">Shop</a>',
      text: 'Hello Person 81\nhttps://mail.example/c/81',
      headers: {
        'Reply-To': 'owner@shop.example',
        'List-Unsubscribe': '<https://mail.example/u/81>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      // The only thing of ours that Resend keeps.
      tags: { rekindle_message_id: 'm-81' },
    });
  });

  test.each([
    ['Smith, "Bob" & Sons <x>', '"Smith, \\"Bob\\" & Sons <x>" <hello@shop.example>'],
    ['Señora’s Shop', 'Señora’s Shop <hello@shop.example>'],
    ['', 'hello@shop.example'],
  ])('a shop may be called %s', async (name, from) => {
    await provider().send(batchOf(1, { from: { email: 'hello@shop.example', name } }));
    expect(fake.mail('m-0')?.from).toBe(from);
  });

  const [somebody] = batchOf(1).recipients;
  test.each<[string, Partial<MailBatch>]>([
    ['no recipient', { recipients: [] }],
    ['too many', { recipients: batchOf(101).recipients }],
    ['no subject', { template: { subject: '', html: '<p>x', text: 'x' } }],
    ['no address', { recipients: [{ ...somebody, messageId: 'm', email: 'nobody', gaps: [], headers: {} }] }],
    ['a broken header', { recipients: [{ messageId: 'm', email: 'a@b.co', gaps: [], headers: { 'X-A': 'x\r\ny' } }] }],
  ])('%s is a permanent no', async (_, change) => {
    const result = await provider().send(batchOf(1, change));
    expect(result).toMatchObject({ outcome: 'refused', status: 422, retryable: false });
    expect(JSON.stringify(result)).not.toContain('nobody');
    expect(fake.accepted.size).toBe(0);
  });

  test('an id that cannot come back is refused before it goes', async () => {
    const recipients = batchOf(1).recipients.map((one) => ({ ...one, messageId: 'a b' }));
    expect(await provider().send(batchOf(1, { recipients }))).toMatchObject({ outcome: 'refused', retryable: false });
    expect(fake.requests.total).toBe(0);
  });

  test('a wrong key is mendable, and says so', async () => {
    const wrong = resend({ apiKey: 're_wrong', baseUrl: fake.url });
    expect(await wrong.send(batchOf(1))).toMatchObject({ outcome: 'refused', status: 403, retryable: true });
    expect(() => resend({ apiKey: 'sk-1' })).toThrow(/starts with "re_"/);
    for (const webhookKey of ['rubbish', 'whsec_', 'whsec_c2hvcnQ='])
      expect(() => resend({ apiKey: 're_x', webhookKey })).toThrow(/not a signing secret/);
  });
});

describe('doubt and certainty', () => {
  test.each<[Fault, number]>([
    ['too_many', 1],
    ['quota', 3600],
  ])('%s is a no for now', async (fault, retryAfterSeconds) => {
    fake.queueFaults(fault);
    expect(await provider().send(batchOf(2))).toMatchObject({
      outcome: 'refused',
      status: 429,
      retryable: true,
      retryAfterSeconds,
    });
    expect(fake.accepted.size).toBe(0);
  });

  test.each<[Fault, number]>([
    ['error_after', 2],
    ['reset_after', 2],
    ['truncated', 2],
    ['hang', 2],
    ['error_before', 0],
    ['reset_before', 0],
  ])('%s is a doubt; the same key resolves it, and mails once', async (fault, taken) => {
    const mail = provider(400);
    fake.queueFaults(fault);
    expect(await mail.send(batchOf(2))).toMatchObject({ outcome: 'in_doubt' });
    expect(fake.accepted.size).toBe(taken);
    expect(await mail.send(batchOf(2))).toMatchObject({ outcome: 'accepted' });
    expect([...fake.accepted.values()]).toEqual([1, 1]);
  });

  test('a key that is used for other mails is a doubt: what went under it may have mailed these people', async () => {
    const mail = provider();
    await mail.send(batchOf(2));
    expect(await mail.send(batchOf(3))).toMatchObject({ outcome: 'in_doubt', status: 409 });
    expect(fake.accepted.size).toBe(2);
  });

  test('a key that is under way is a doubt, and settles', async () => {
    const mail = provider();
    fake.queueFaults('slow');
    const [first, second] = await Promise.all([mail.send(batchOf(2)), mail.send(batchOf(2))]);
    expect([first.outcome, second.outcome].toSorted()).toEqual(['accepted', 'in_doubt']);
    expect(await mail.send(batchOf(2))).toMatchObject({ outcome: 'accepted' });
    expect([...fake.accepted.values()]).toEqual([1, 1]);
  });

  test('a key is forgotten after a day', async () => {
    const mail = provider();
    await mail.send(batchOf(1));
    clock.advance(25 * 3_600_000);
    await mail.send(batchOf(1));
    expect(fake.accepted.get('m-0')).toBe(2);
  });

  test('nobody there is a certain no', async () => {
    const gone = provider();
    await fake.close();
    expect(await gone.send(batchOf(1))).toMatchObject({ outcome: 'refused', status: 0, retryable: true });
  });

  test.each<[string, number, string, object]>([
    ['a redirect', 301, '', { outcome: 'refused', retryable: true }],
    ['an id too few', 200, '{"data":[]}', { outcome: 'in_doubt' }],
    ['another 2xx', 202, '{"data":[{"id":"1"}]}', { outcome: 'in_doubt' }],
    ['a gateway’s page', 502, '<html>', { outcome: 'in_doubt', status: 502 }],
    ['a security stop', 451, '{"name":"security_error"}', { outcome: 'refused', retryable: false }],
  ])('%s', async (_, status, body, expected) => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${String((server.address() as { port: number }).port)}`;
    expect(await resend({ apiKey: 're_x', baseUrl }).send(batchOf(1))).toMatchObject(expected);
    await new Promise((resolve) => server.close(resolve));
  });
});

test('a hundred batches through a bad provider, doubts asked again under their key: everybody is mailed once', async () => {
  fake.setFaults({
    too_many: 0.1,
    error_before: 0.1,
    error_after: 0.1,
    reset_before: 0.1,
    reset_after: 0.1,
    truncated: 0.1,
  });
  const mail = provider();
  const random = seededRandom('resend chaos');
  const seen = new Map<string, number>();
  for (let number = 0; number < 100; number++) {
    const recipients = batchOf(1 + Math.floor(random.next() * 5)).recipients.map((one, place) => ({
      ...one,
      messageId: `m-${String(number)}-${String(place)}`,
    }));
    const batch = batchOf(0, { batchId: `b-${String(number)}`, recipients });
    const held = (): Set<number> => new Set(recipients.map((one) => fake.accepted.get(one.messageId) ?? 0));
    let { outcome } = await mail.send(batch);
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    if (outcome === 'accepted') expect(held()).toEqual(new Set([1]));
    if (outcome === 'refused') expect(held()).toEqual(new Set([0]));
    while (outcome !== 'accepted') ({ outcome } = await mail.send(batch));
    expect(held()).toEqual(new Set([1]));
  }
  expect([...seen.keys()].toSorted()).toEqual(['accepted', 'in_doubt', 'refused']);
  expect(fake.requests.replayed).toBeGreaterThan(15);
});

describe('events', () => {
  const at = new Date('2026-03-01T09:59:00.500Z');

  test('come back in our words', async () => {
    await provider().send(batchOf(3));
    const raws = [
      fake.signed({ kind: 'processed', at, messageId: 'm-1' }),
      fake.signed({ kind: 'deferred', at, messageId: 'm-1' }),
      fake.signed({ kind: 'open', at, messageId: 'm-1', userAgent: 'Mozilla/5.0 X' }),
      fake.signed({ kind: 'click', at, messageId: 'm-1', url: 'https://shop.example/a' }),
      fake.signed({ kind: 'bounce', at, messageId: 'm-2', reason: 'no such mailbox' }),
      fake.signed({ kind: 'bounce', at, messageId: 'm-2', permanent: false }),
      fake.signed({ kind: 'dropped', at, messageId: 'm-2' }),
      fake.signed({ kind: 'complaint', at, messageId: 'm-0' }),
    ];
    const events = raws.flatMap((raw) => provider().readEvents(raw, clock.now()));
    expect(events.map((event) => [event.kind, event.messageId, event.permanent])).toEqual([
      ['processed', 'm-1', undefined],
      ['deferred', 'm-1', undefined],
      ['open', 'm-1', undefined],
      ['click', 'm-1', undefined],
      ['bounce', 'm-2', true],
      ['bounce', 'm-2', false],
      ['dropped', 'm-2', undefined],
      ['complaint', 'm-0', undefined],
    ]);
    expect(new Set(events.map((event) => event.at.getTime()))).toEqual(new Set([at.getTime()]));
    expect(events[2]?.userAgent).toBe('Mozilla/5.0 X');
    expect(events[3]?.url).toBe('https://shop.example/a');
    expect(events[4]?.reason).toBe('no such mailbox');
    expect(events.map((event) => event.vendorEventId)).toEqual(raws.map((raw) => raw.headers['svix-id']));
  });

  test('of other mail, and of kinds that are new, are none of our business', () => {
    const about = (body: object) => sign(JSON.stringify({ created_at: at.toISOString(), ...body }));
    const read = (body: object) => provider().readEvents(about(body), clock.now());
    const tags = { rekindle_message_id: 'm-1' };
    expect(read({ type: 'email.delivered', data: { tags } })).toHaveLength(1);
    expect(
      read({ type: 'email.delivered', data: { tags: [{ name: 'rekindle_message_id', value: 'm-1' }] } }),
    ).toHaveLength(1);
    expect(read({ type: 'email.delivered', data: { tags: { other: 'x' } } })).toEqual([]);
    expect(read({ type: 'email.delivered', data: {} })).toEqual([]);
    expect(read({ type: 'email.thought_of', data: { tags } })).toEqual([]);
    expect(read({ type: 'contact.created', data: { id: '1' } })).toEqual([]);
    for (const body of ['[]', 'null', 'x', '"x"', ''])
      expect(() => provider().readEvents(sign(body), clock.now())).toThrow(
        expect.objectContaining({ code: 'bad_request' }) as Error,
      );
  });

  /** Signed with the fake's key, whatever it says. */
  function sign(body: string): RawWebhook {
    const { headers } = fake.signed({ kind: 'delivered', at, messageId: 'm-0' });
    const key = readKey(fake.webhookKey);
    return { headers: { ...headers, 'svix-signature': signature(key, headers, body) }, body: Buffer.from(body) };
  }
});

describe('signatures', () => {
  // The vector that every Standard Webhooks library is tested with.
  const key = readKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const body = Buffer.from('{"test": 2432232314}');
  const headers = {
    'svix-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'svix-timestamp': '1614265330',
    'svix-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const now = new Date(1_614_265_330_000);
  const check =
    (change: Record<string, string>, other: { body?: Uint8Array; now?: Date } = {}) =>
    () =>
      authenticate(key, { headers: { ...headers, ...change }, body: other.body ?? body }, other.now ?? now);

  test('the known one is right', () => {
    expect(check({})()).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek');
    const loud = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(authenticate(key, { headers: loud, body }, now)).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek');
  });

  test('one of several is enough while the key is changed', () => {
    const good = headers['svix-signature'];
    const bad = `v1,${Buffer.alloc(32).toString('base64')}`;
    expect(check({ 'svix-signature': `${bad} v2,xyz ${good}` })()).toBeTruthy();
    expect(check({ 'svix-signature': `${bad} ${bad}` })).toThrow(/wrong/);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['no id', { 'svix-id': '' }, /not signed/],
    ['no timestamp', { 'svix-timestamp': '' }, /not signed/],
    ['no signature', { 'svix-signature': '' }, /not signed/],
    ['another id', { 'svix-id': 'msg_x' }, /wrong/],
    ['another timestamp', { 'svix-timestamp': '1614265331' }, /wrong/],
    ['no version', { 'svix-signature': 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, /wrong/],
    ['another version', { 'svix-signature': 'v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, /wrong/],
    ['half a signature', { 'svix-signature': 'v1,g0hM9SsE+OTPJTGt' }, /wrong/],
    ['an empty one', { 'svix-signature': 'v1,' }, /wrong/],
  ])('%s', (_, change, complaint) => {
    expect(check(change)).toThrow(complaint);
  });

  test('five minutes are believed, either way', () => {
    for (const seconds of [-300, 300])
      expect(check({}, { now: new Date(now.getTime() + seconds * 1000) })()).toBeTruthy();
    for (const seconds of [-301, 301])
      expect(check({}, { now: new Date(now.getTime() + seconds * 1000) })).toThrow(/too old/);
  });

  test('a timestamp that is no number is not believed, however well signed', () => {
    const odd = { ...headers, 'svix-timestamp': '1614265330.0' };
    const signed = { ...odd, 'svix-signature': signature(key, odd, body.toString()) };
    expect(() => authenticate(key, { headers: signed, body }, now)).toThrow(/too old/);
  });

  test('no bit of the body may change', () => {
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Buffer.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(check({}, { body: changed })).toThrow(/wrong/);
    }
    expect(check({}, { body: Buffer.alloc(0) })).toThrow(/wrong/);
  });
});

test('the fake posts events, with copies and out of order where asked', async () => {
  await provider().send(batchOf(3));
  const posted: RawWebhook[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.setWebhookUrl(`http://127.0.0.1:${String((server.address() as { port: number }).port)}/webhooks/resend/x`);
  const told = [0, 1, 2].map((number) => ({
    kind: 'delivered' as const,
    at: clock.now(),
    messageId: `m-${String(number)}`,
  }));
  await fake.emit(told, { duplicates: 2, shuffle: true });
  const events = posted.flatMap((raw) => provider().readEvents(raw, clock.now()));
  expect(events).toHaveLength(9);
  expect(new Set(events.map((event) => event.vendorEventId)).size).toBe(3);
  status = 500;
  await expect(fake.emit(told)).rejects.toThrow(/answered 500/);
  await new Promise((resolve) => server.close(resolve));
});

function signature(key: Buffer, headers: Record<string, string>, body: string): string {
  const text = `${headers['svix-id'] ?? ''}.${headers['svix-timestamp'] ?? ''}.${body}`;
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}
