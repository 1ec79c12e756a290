/** The e-mail provider's suite itself: a sound one passes every check, and each fault makes some check fail. */
import { describe, expect, test } from 'vitest';
import { fail, type EmailProvider, type MailBatch } from '@rekindle/core';
import { emailProviderChecks, type EmailProviderSubject, type Misbehaviour } from './email-provider.ts';
import { failedChecks } from './suite.ts';

/** A provider in memory that does all of it right, but for what `change` spoils. */
function providerSubject(
  change: (provider: EmailProvider) => EmailProvider = (one) => one,
): Promise<EmailProviderSubject> {
  const taken = new Map<string, number>();
  const mails = new Map<
    string,
    { to: string; subject: string; html: string; text: string; headers: Record<string, string> }
  >();
  const next: Misbehaviour[] = [];
  const now = new Date('2026-03-01T10:00:00Z');
  const take = (batch: MailBatch): void => {
    for (const one of batch.recipients) {
      const put = (text: string): string =>
        text.replace(/\u0001(\d+)\u0002/g, (_, gap: string) => one.gaps[Number(gap)] ?? '');
      taken.set(one.messageId, (taken.get(one.messageId) ?? 0) + 1);
      const { subject, html, text } = batch.template;
      mails.set(one.messageId, {
        to: one.email,
        subject: put(subject),
        html: put(html),
        text: put(text),
        headers: one.headers,
      });
    }
  };
  const sound: EmailProvider = {
    name: 'sound',
    maximumBatch: 20,
    idempotent: false,
    send(batch) {
      const how = next.shift();
      if (how === 'later') return Promise.resolve({ outcome: 'refused', status: 429, retryable: true, error: 'later' });
      if (batch.recipients.some((one) => one.email.includes(' ')))
        return Promise.resolve({ outcome: 'refused', status: 400, retryable: false, error: 'an address is wrong' });
      if (how !== 'lost_before_taking') take(batch);
      return Promise.resolve(how ? { outcome: 'in_doubt', error: 'lost' } : { outcome: 'accepted', status: 202 });
    },
    readEvents({ headers, body }, at) {
      const text = Buffer.from(body).toString();
      if (headers['signature'] !== `${String(text.length)} ${text}` || at.getTime() - now.getTime() > 300_000)
        throw fail('unauthorised', 'no');
      return (JSON.parse(text) as { at: string }[]).map((event, place) => ({
        ...(event as never as ReturnType<EmailProvider['readEvents']>[number]),
        at: new Date(event.at),
        vendorEventId: String(place),
      }));
    },
    domains: {
      find: (domain) =>
        Promise.resolve({
          records: [
            { purpose: 'spf', type: 'TXT', host: domain, value: 'v=spf1 include:sound.example ~all' },
            { purpose: 'dkim', type: 'CNAME', host: `s1._domainkey.${domain}`, value: 's1.sound.example' },
          ],
          bounceDomain: `bounce.${domain}`,
          signingDomain: domain,
        }),
    },
  };
  return Promise.resolve({
    provider: change(sound),
    now,
    accepted: (id) => taken.get(id) ?? 0,
    received: (id) => mails.get(id),
    misbehave: (how) => void next.push(how),
    webhooks: (events) => {
      const text = JSON.stringify(events);
      return [{ headers: { signature: `${String(text.length)} ${text}` }, body: Buffer.from(text) }];
    },
    close: () => Promise.resolve(),
  });
}

describe('the e-mail provider’s suite', () => {
  test('lets a sound one pass', async () => {
    expect(await failedChecks(emailProviderChecks, () => providerSubject())).toEqual([]);
  });

  const broken: Record<string, (provider: EmailProvider) => Partial<EmailProvider>> = {
    'calls a doubt a refusal': (provider) => ({
      async send(batch) {
        const result = await provider.send(batch);
        return result.outcome === 'in_doubt'
          ? { outcome: 'refused', status: 500, retryable: true, error: 'x' }
          : result;
      },
    }),
    'calls a doubt a success': (provider) => ({
      async send(batch) {
        const result = await provider.send(batch);
        return result.outcome === 'in_doubt' ? { outcome: 'accepted', status: 202 } : result;
      },
    }),
    'tries again by itself': (provider) => ({
      async send(batch) {
        const result = await provider.send(batch);
        return result.outcome === 'in_doubt' ? provider.send(batch) : result;
      },
    }),
    'throws instead of answering': (provider) => ({
      async send(batch) {
        const result = await provider.send(batch);
        if (result.outcome === 'in_doubt') throw new Error('reset');
        return result;
      },
    }),
    'mixes recipients up': (provider) => ({
      send: (batch) => {
        const gaps = batch.recipients.map((one) => one.gaps).toReversed();
        return provider.send({
          ...batch,
          recipients: batch.recipients.map((one, place) => ({ ...one, gaps: gaps[place] ?? [] })),
        });
      },
    }),
    'leaves headers out': (provider) => ({
      send: (batch) =>
        provider.send({ ...batch, recipients: batch.recipients.map((one) => ({ ...one, headers: {} })) }),
    }),
    'fills gaps with the recipe of replace': (provider) => ({
      send: (batch) =>
        provider.send({
          ...batch,
          recipients: batch.recipients.map((one) => ({
            ...one,
            gaps: one.gaps.map((gap) => gap.replaceAll('$&', '')),
          })),
        }),
    }),
    'names the address in an error': (provider) => ({
      async send(batch) {
        const result = await provider.send(batch);
        return result.outcome === 'refused' ? { ...result, error: `not ${batch.recipients[0]?.email ?? ''}` } : result;
      },
    }),
    'gives up on what may pass': (provider) => ({
      async send(batch) {
        const result = await provider.send(batch);
        return result.outcome === 'refused' ? { ...result, retryable: false } : result;
      },
    }),
    'signs in its own name': ({ domains }) => ({
      domains: {
        find: async (domain) => {
          const needs = await domains.find(domain);
          return needs && { ...needs, signingDomain: 'sound.example' };
        },
      },
    }),
    'asks for no key': ({ domains }) => ({
      domains: {
        find: async (domain) => {
          const needs = await domains.find(domain);
          return needs && { ...needs, records: needs.records.filter((record) => record.purpose !== 'dkim') };
        },
      },
    }),
    'boasts of idempotency': () => ({ idempotent: true }),
    'believes every webhook': (provider) => ({
      readEvents: ({ body }, at) => {
        const text = Buffer.from(body).toString();
        return provider.readEvents({ headers: { signature: `${String(text.length)} ${text}` }, body }, at);
      },
    }),
    'believes old webhooks': (provider) => ({
      readEvents: (raw) => provider.readEvents(raw, new Date('2026-03-01T10:00:00Z')),
    }),
    'gives every event the same id': (provider) => ({
      readEvents: (raw, at) => provider.readEvents(raw, at).map((event) => ({ ...event, vendorEventId: '1' })),
    }),
    'takes every bounce for a final one': (provider) => ({
      readEvents: (raw, at) => provider.readEvents(raw, at).map((event) => ({ ...event, permanent: true })),
    }),
  };
  test.each(Object.entries(broken))('catches one that %s', async (_, change) => {
    const failed = await failedChecks(emailProviderChecks, () =>
      providerSubject((one) => ({ ...one, ...change(one) })),
    );
    expect(failed).not.toEqual([]);
  });
});
