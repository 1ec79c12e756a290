import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom, type MailBatch, type MailRecipient } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { startSmtpFake, type Fault, type SmtpFake } from './fake/index.ts';
import { smtp } from './src/index.ts';

const clock = fakeClock('2026-03-01T10:00:00Z');
let fake: SmtpFake;
beforeEach(async () => {
  fake = await startSmtpFake({ clock, seed: 7 });
});
afterEach(() => fake.close());

const provider = (timeoutMs = 5000) => smtp({ url: fake.url, timeoutMs });

function mailTo(number: number, change: Partial<MailRecipient> = {}): MailBatch {
  return {
    batchId: `b-${String(number)}`,
    from: { email: 'hello@shop.example', name: 'Señora’s Shop' },
    replyTo: 'owner@shop.example',
    template: {
      subject: 'For \u00010\u0002',
      html: '<p>Hello \u00010\u0002</p><a href="\u00011\u0002">Shop</a>',
      text: 'Hello \u00010\u0002\n.\n\u00011\u0002',
    },
    recipients: [
      {
        messageId: `m-${String(number)}`,
        email: `person${String(number)}@example.com`,
        gaps: [`Person ${String(number)}`, `https://mail.example/c/${String(number)}`],
        headers: {
          'List-Unsubscribe': `<https://mail.example/u/${'x'.repeat(300)}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
        ...change,
      },
    ],
  };
}

describe('sending', () => {
  test('a whole mail, under an id that stays the same', async () => {
    const mail = provider();
    expect(await mail.send(mailTo(1))).toEqual({ outcome: 'accepted', status: 250 });
    const taken = fake.mail('m-1');
    expect(taken).toMatchObject({
      from: 'Señora’s Shop <hello@shop.example>',
      to: 'person1@example.com',
      subject: 'For Person 1',
      html: '<p>Hello Person 1</p><a href="https://mail.example/c/1">Shop</a>',
      text: 'Hello Person 1\n.\nhttps://mail.example/c/1',
      headers: {
        'Message-ID': '<m-1@shop.example>',
        'X-Rekindle-Message-ID': 'm-1',
        'Reply-To': 'owner@shop.example',
        'List-Unsubscribe': `<https://mail.example/u/${'x'.repeat(300)}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    await mail.send(mailTo(1));
    expect(fake.mail('m-1')?.headers['Message-ID']).toBe('<m-1@shop.example>');
    expect(fake.accepted.get('m-1')).toBe(2);
  });

  test('many mails over few connections', async () => {
    const mail = provider();
    const results = await Promise.all(Array.from({ length: 40 }, (_, number) => mail.send(mailTo(number))));
    expect(results.map((result) => result.outcome)).toEqual(Array(40).fill('accepted'));
    expect(fake.accepted.size).toBe(40);
    expect(fake.counts.connections).toBeLessThanOrEqual(5);
  });

  test('a batch of two is no batch for SMTP', async () => {
    const batch = { ...mailTo(1), recipients: [...mailTo(1).recipients, ...mailTo(2).recipients] };
    expect(await provider().send(batch)).toMatchObject({ outcome: 'refused', retryable: false });
    expect(await provider().send({ ...batch, recipients: [] })).toMatchObject({ outcome: 'refused', retryable: false });
    expect(fake.counts.connections).toBe(0);
  });

  test.each([
    ['two in one', 'a@example.com, b@example.com'],
    ['a command in it', 'a@example.com>\r\nRCPT TO:<b@example.com'],
    ['a name', 'Ana <ana@example.com>'],
    ['nothing', ''],
  ])('an address with %s goes nowhere', async (_, email) => {
    const result = await provider().send(mailTo(1, { email }));
    expect(result).toMatchObject({ outcome: 'refused', retryable: false });
    expect(JSON.stringify(result)).not.toContain('example.com');
    expect(fake.counts.connections).toBe(0);
  });

  test('a header cannot bring others in', async () => {
    const headers = { 'X-A': 'x\r\nBcc: other@example.com' };
    expect(await provider().send(mailTo(1, { headers }))).toMatchObject({ outcome: 'refused', retryable: false });
    expect(fake.accepted.size).toBe(0);
  });
});

describe('certain', () => {
  const cases: [Fault, number, boolean, number | undefined][] = [
    ['closing', 421, true, undefined],
    ['busy', 450, true, undefined],
    ['refused', 550, false, undefined],
    ['sender_refused', 553, true, 300],
    ['busy_after_data', 451, true, undefined],
    ['refused_after_data', 554, false, undefined],
  ];
  test.each(cases)('%s: %i', async (fault, status, retryable, retryAfterSeconds) => {
    const mail = provider();
    fake.queueFaults(fault);
    const result = await mail.send(mailTo(1));
    expect(result).toMatchObject({ outcome: 'refused', status, retryable });
    expect(result).toMatchObject(retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    expect(fake.accepted.size).toBe(0);
    // The connection, or a new one, is fit for the next mail.
    expect(await mail.send(mailTo(2))).toMatchObject({ outcome: 'accepted' });
  });

  test('one recipient is refused, the others are not, and no address is told on', async () => {
    const mail = provider();
    fake.answerRecipient('person1@example.com', 550);
    fake.answerRecipient('person2@example.com', 450);
    const refused = await mail.send(mailTo(1));
    expect(refused).toMatchObject({ outcome: 'refused', status: 550, retryable: false });
    expect(JSON.stringify(refused)).not.toContain('person1');
    expect(await mail.send(mailTo(2))).toMatchObject({ outcome: 'refused', status: 450, retryable: true });
    expect(await mail.send(mailTo(3))).toMatchObject({ outcome: 'accepted' });
  });

  test('a wrong password is mendable', async () => {
    const url = fake.url.replace(/:[^:@/]+@/, ':wrong@');
    const result = await smtp({ url }).send(mailTo(1));
    expect(result).toMatchObject({ outcome: 'refused', status: 535, retryable: true, retryAfterSeconds: 300 });
  });

  test('no password where one is asked for is mendable', async () => {
    const result = await smtp({ url: fake.url.replace(/\/\/[^@]+@/, '//') }).send(mailTo(1));
    expect(result).toMatchObject({ outcome: 'refused', status: 530, retryable: true, retryAfterSeconds: 300 });
  });

  test('nobody there, or a stranger who hangs up: nothing was handed over', async () => {
    const stranger = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as { port: number };
    const mail = smtp({ url: `smtp://127.0.0.1:${String(port)}`, timeoutMs: 2000 });
    expect(await mail.send(mailTo(1))).toMatchObject({ outcome: 'refused', status: 0, retryable: true });
    await new Promise((resolve) => stranger.close(resolve));
    expect(await mail.send(mailTo(1))).toMatchObject({ outcome: 'refused', status: 0, retryable: true });
  });

  test('a connection that the server closed meanwhile is no doubt', async () => {
    const mail = provider();
    expect(await mail.send(mailTo(1))).toMatchObject({ outcome: 'accepted' });
    fake.dropConnections();
    expect((await mail.send(mailTo(2))).outcome).not.toBe('in_doubt');
    expect(await mail.send(mailTo(3))).toMatchObject({ outcome: 'accepted' });
  });

  test('a password goes to another machine under TLS or not at all', async () => {
    // This machine under a name that does not look like it; the fake knows no TLS.
    const result = await smtp({ url: fake.url.replace('127.0.0.1', '[::ffff:127.0.0.1]') }).send(mailTo(1));
    expect(result).toMatchObject({ outcome: 'refused', retryable: true, retryAfterSeconds: 300 });
    expect(fake.counts).toMatchObject({ connections: 1, mails: 0 });
  });

  test('an address that is none is told', () => {
    for (const url of ['http://x', 'smtp://', 'mail.example', ''])
      expect(() => smtp({ url })).toThrow(/SMTP_URL must be/);
  });
});

describe('doubt', () => {
  test.each<[Fault, number]>([
    ['drop_before', 0],
    ['drop_after', 1],
    ['hang', 1],
  ])('%s', async (fault, taken) => {
    fake.queueFaults(fault);
    const result = await provider(400).send(mailTo(1));
    expect(result).toMatchObject({ outcome: 'in_doubt' });
    expect(JSON.stringify(result)).not.toContain('example.com');
    expect(fake.accepted.get('m-1') ?? 0).toBe(taken);
  });

  test('late is a yes', async () => {
    fake.queueFaults('slow');
    expect(await provider().send(mailTo(1))).toMatchObject({ outcome: 'accepted' });
  });

  test('a server that answers byte by byte does not hold us for ever', async () => {
    const timers: NodeJS.Timeout[] = [];
    const slow = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220-');
      timers.push(setInterval(() => socket.write('x'), 20));
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as { port: number };
    const result = await smtp({ url: `smtp://127.0.0.1:${String(port)}`, timeoutMs: 300 }).send(mailTo(1));
    expect(result).toMatchObject({ outcome: 'refused', retryable: true });
    timers.forEach(clearInterval);
    await new Promise((resolve) => slow.close(resolve));
  });
});

test('three hundred mails through a bad server: what is said of each is what the server holds', async () => {
  fake.setFaults({
    closing: 0.06,
    busy: 0.06,
    refused: 0.06,
    sender_refused: 0.06,
    busy_after_data: 0.06,
    refused_after_data: 0.06,
    drop_before: 0.06,
    drop_after: 0.06,
  });
  const mail = provider();
  const random = seededRandom('smtp chaos');
  const outcomes = new Map<string, number>();
  for (let start = 0; start < 300;) {
    const width = 1 + Math.floor(random.next() * 8);
    await Promise.all(
      Array.from({ length: Math.min(width, 300 - start) }, async (_, place) => {
        const number = start + place;
        const { outcome } = await mail.send(mailTo(number));
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        const taken = fake.accepted.get(`m-${String(number)}`) ?? 0;
        if (outcome === 'accepted') expect(taken).toBe(1);
        if (outcome === 'refused') expect(taken).toBe(0);
        expect(taken).toBeLessThanOrEqual(1);
      }),
    );
    start += width;
  }
  expect([...outcomes.keys()].toSorted()).toEqual(['accepted', 'in_doubt', 'refused']);
  expect(outcomes.get('in_doubt')).toBeGreaterThan(15);
});

test('mail servers send no webhooks', () => {
  expect(() => provider().readEvents({ headers: {}, body: Buffer.from('[]') }, clock.now())).toThrow(/No webhook/);
});
