/**
 * An e-mail provider and its fake. The heart of it is honesty: accepted, refused and in doubt must mean just that, because
 * exactly-once hangs on it.
 */
import { expect } from 'vitest';
import type { EmailProvider, MailBatch, ProviderEvent, RawWebhook, SendResult } from '@rekindle/core';
import { registerSuite, type Check, type Closable } from './suite.ts';

/** later: refused for now. The others leave the answer out: with the mails taken, without, or after a wait for nothing. */
export type Misbehaviour = 'later' | 'lost_after_taking' | 'lost_before_taking' | 'silent';

export interface Received {
  to: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
}

export interface EmailProviderSubject extends Closable {
  provider: EmailProvider;
  now: Date;
  /** How often the other side took a message. */
  accepted: (messageId: string) => number;
  /** A mail that was taken, as its recipient gets it. */
  received: (messageId: string) => Received | undefined;
  /** What the next request meets. */
  misbehave: (how: Misbehaviour) => void;
  /** Signed webhooks that tell of messages that were taken, as many as the vendor needs. Left out: it tells nothing. */
  webhooks?: (events: Pick<ProviderEvent, 'kind' | 'at' | 'messageId' | 'permanent'>[]) => RawWebhook[];
  /** What the vendor tells of. Default: everything. */
  tells?: readonly ProviderEvent['kind'][];
}

export function emailProviderContract(name: string, setup: () => Promise<EmailProviderSubject>): void {
  registerSuite(`${name} keeps the e-mail provider's contract`, emailProviderChecks, setup);
}

const FROM = { email: 'hello@shop.example', name: 'Shop' };

function batchOf(count: number, batchId = 'batch-1'): MailBatch {
  return {
    batchId,
    from: FROM,
    template: {
      subject: 'For \u00010\u0002',
      html: '<p>Hello \u00010\u0002, <a href="\u00011\u0002">come in</a></p>',
      text: 'Hello \u00010\u0002: \u00011\u0002',
    },
    recipients: Array.from({ length: count }, (_, number) => ({
      messageId: `message-${String(number)}`,
      email: `person${String(number)}@example.com`,
      gaps: [`Person ${String(number)}`, `https://mail.example/c/${String(number)}`],
      headers: {
        'List-Unsubscribe': `<https://mail.example/u/${String(number)}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    })),
  };
}

/** Two mails, or one where a provider takes no more at once. */
function fewFor(provider: EmailProvider, batchId = 'batch-1'): MailBatch {
  return batchOf(Math.min(2, provider.maximumBatch), batchId);
}

async function sendEach(provider: EmailProvider, count: number): Promise<void> {
  const { recipients, ...rest } = batchOf(count);
  for (const one of recipients) await provider.send({ ...rest, batchId: `batch-${one.messageId}`, recipients: [one] });
}

function withName(batch: MailBatch, name: string): MailBatch {
  return {
    ...batch,
    recipients: batch.recipients.map((one) => ({ ...one, gaps: [name, ...one.gaps.slice(1)] })),
  };
}

function expectNoAddress(result: SendResult): void {
  expect(JSON.stringify(result)).not.toContain('example.com');
}

/** What anybody could post. */
const UNSIGNED: RawWebhook = { headers: {}, body: Buffer.from('[]') };

/** Values that a careless filler of gaps would spoil. */
const AWKWARD = [
  '',
  'O’Brien & <b>Sons</b> "Ltd"',
  'ñ🎈',
  '$& $1 \\1',
  '{{ name }} %name% *|NAME|*',
  '-g0- \u00011\u0002',
];

export const emailProviderChecks: readonly Check<EmailProviderSubject>[] = [
  {
    name: 'takes a full batch, each mail whole and its own',
    async run({ provider, accepted, received }) {
      const count = provider.maximumBatch;
      expect(await provider.send(batchOf(count))).toMatchObject({ outcome: 'accepted' });
      for (const number of new Set([0, Math.floor(count / 2), count - 1])) {
        const id = `message-${String(number)}`;
        const [name, link] = [`Person ${String(number)}`, `https://mail.example/c/${String(number)}`];
        expect(accepted(id)).toBe(1);
        const mail = received(id);
        expect(mail).toMatchObject({
          to: `person${String(number)}@example.com`,
          subject: `For ${name}`,
          html: `<p>Hello ${name}, <a href="${link}">come in</a></p>`,
          text: `Hello ${name}: ${link}`,
        });
        expect(mail?.headers).toMatchObject({
          'List-Unsubscribe': `<https://mail.example/u/${String(number)}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        });
      }
    },
  },
  {
    name: 'puts values in as they are, whatever they hold',
    async run({ provider, received }) {
      for (const [place, name] of AWKWARD.entries()) {
        const batch = withName(batchOf(1, `batch-${String(place)}`), name);
        expect(await provider.send(batch)).toMatchObject({ outcome: 'accepted' });
        expect(received('message-0')?.text).toBe(`Hello ${name}: https://mail.example/c/0`);
      }
    },
  },
  {
    name: 'is certain that nobody was mailed when it is told "later"',
    async run({ provider, accepted, misbehave }) {
      misbehave('later');
      const result = await provider.send(fewFor(provider));
      expect(result).toMatchObject({ outcome: 'refused', retryable: true });
      expectNoAddress(result);
      expect(accepted('message-0')).toBe(0);
      expect(await provider.send(fewFor(provider, 'batch-2'))).toMatchObject({ outcome: 'accepted' });
    },
  },
  {
    name: 'is in doubt when the answer is lost, taken or not',
    async run({ provider, accepted, misbehave }) {
      misbehave('lost_after_taking');
      expect(await provider.send(batchOf(1))).toMatchObject({ outcome: 'in_doubt' });
      expect(accepted('message-0')).toBe(1);
      misbehave('lost_before_taking');
      expect(await provider.send(batchOf(1, 'batch-2'))).toMatchObject({ outcome: 'in_doubt' });
      expect(accepted('message-0')).toBe(1);
    },
  },
  {
    name: 'is in doubt when no answer comes, and does not wait for ever',
    async run({ provider, misbehave }) {
      misbehave('silent');
      expect(await provider.send(batchOf(1))).toMatchObject({ outcome: 'in_doubt' });
    },
  },
  {
    name: 'never tries a second time by itself',
    async run({ provider, accepted, misbehave }) {
      for (const how of ['lost_after_taking', 'silent'] as const) {
        const before = accepted('message-0');
        misbehave(how);
        await provider.send(batchOf(1, `batch-${how}`));
        expect(accepted('message-0') - before).toBeLessThanOrEqual(1);
      }
    },
  },
  {
    name: 'refuses for good what cannot be sent, mails nobody, and names no address',
    async run({ provider, accepted }) {
      const batch = fewFor(provider);
      const last = batch.recipients.pop();
      if (!last) throw new Error('a batch has somebody');
      const result = await provider.send({
        ...batch,
        recipients: [...batch.recipients, { ...last, email: 'nobody at example.com' }],
      });
      expect(result).toMatchObject({ outcome: 'refused', retryable: false });
      expectNoAddress(result);
      expect(accepted('message-0')).toBe(0);
    },
  },
  {
    name: 'keeps its word on repeating a batch',
    async run({ provider, accepted }) {
      if (!provider.idempotent) return;
      const first = await provider.send(batchOf(1));
      expect(await provider.send(batchOf(1))).toEqual(first);
      expect(accepted('message-0')).toBe(1);
    },
  },
  {
    name: 'reads what the provider tells later, the same at every copy',
    async run({ provider, webhooks, tells, now }) {
      if (!webhooks) return;
      await sendEach(provider, 3);
      const at = new Date(Math.floor(now.getTime() / 1000) * 1000 - 60_000);
      const all = [
        { kind: 'processed', at, messageId: 'message-0' },
        { kind: 'delivered', at, messageId: 'message-0' },
        { kind: 'bounce', at, messageId: 'message-1', permanent: true },
        { kind: 'bounce', at, messageId: 'message-1', permanent: false },
        { kind: 'complaint', at, messageId: 'message-2' },
        { kind: 'unsubscribe', at, messageId: 'message-2' },
      ] as const;
      const told = all.filter((event) => tells?.includes(event.kind) ?? true);
      const raws = webhooks(told);
      const read = (): ProviderEvent[] => raws.flatMap((raw) => provider.readEvents(raw, now));
      const events = read();
      expect(events.map(({ kind, at: when, messageId }) => ({ kind, at: when, messageId }))).toEqual(
        told.map(({ kind, at: when, messageId }) => ({ kind, at: when, messageId })),
      );
      expect(events.filter((event) => event.kind === 'bounce').map((event) => event.permanent)).toEqual([true, false]);
      expect(new Set(events.map((event) => event.vendorEventId)).size).toBe(told.length);
      expect(read()).toEqual(events);
    },
  },
  {
    name: 'names the records that a domain needs, with their whole names, once it knows the domain',
    async run({ provider: { domains } }) {
      const domain = 'shop.example';
      await domains.add?.(domain);
      const needs = await domains.find(domain);
      expect(needs?.records.map((record) => record.purpose)).toEqual(expect.arrayContaining(['spf', 'dkim']));
      for (const { host } of needs?.records ?? []) expect(host).toMatch(/^([a-z0-9_-]+\.)*shop\.example$/);
      // DMARC: one of the two must belong to the sender's domain, and both do.
      for (const name of [needs?.bounceDomain, needs?.signingDomain]) expect(name).toMatch(/(^|\.)shop\.example$/);
      await domains.add?.(domain);
      expect(await domains.find(domain)).toEqual(needs);
    },
  },
  {
    name: 'believes no webhook that was changed, is unsigned or is old',
    async run({ provider, webhooks, now }) {
      await provider.send(batchOf(1));
      const [raw] = webhooks?.([{ kind: 'delivered', at: now, messageId: 'message-0' }]) ?? [UNSIGNED];
      if (!raw) throw new Error('an event makes a webhook');
      const refused = (change: Partial<RawWebhook>, at = now): void => {
        expect(() => provider.readEvents({ ...raw, ...change }, at)).toThrow(
          expect.objectContaining({ code: 'unauthorised' }) as Error,
        );
      };
      for (const place of [0, Math.floor(raw.body.length / 2), raw.body.length - 1]) {
        const body = Uint8Array.from(raw.body);
        body[place] = (body[place] ?? 0) ^ 1;
        refused({ body });
      }
      refused({ headers: {} });
      refused({}, new Date(now.getTime() + 24 * 3_600_000));
    },
  },
];
