/**
 * Resend's domains: an MX and an SPF record for the bounce address, a TXT record with the key; Resend sends for a domain once
 * it has seen them. https://resend.com/docs/api-reference/domains
 */
import { z } from 'zod';
import { fail, type DomainNeeds, type NeededRecord, type SendingDomains } from '@rekindle/core';
import { fromExchange } from './answer.ts';
import type { Client } from './client.ts';

const listed = z.object({
  data: z.array(z.object({ id: z.string().min(1), name: z.string() })),
  has_more: z.boolean().optional(),
});
const record = z.object({
  /** SPF, DKIM; DMARC, Receiving, Tracking are none of ours */
  record: z.string(),
  /** Without the domain, or with it */
  name: z.string(),
  type: z.enum(['MX', 'TXT', 'CNAME']),
  value: z.string().min(1),
});
const domainShape = z.object({
  name: z.string(),
  status: z.string(),
  records: z.array(record.or(z.object({ record: z.string() }))),
});

export function resendDomains(client: Client): SendingDomains {
  return {
    async find(domain) {
      const id = await idOf(client, domain);
      if (id === undefined) return undefined;
      const read = domainShape.safeParse(await ask(client, 'GET', `/domains/${encodeURIComponent(id)}`));
      if (!read.success) throw fail('provider_unavailable', 'What Resend says of the domain cannot be read.');
      return needsOf(domain, read.data);
    },
    async add(domain) {
      if ((await idOf(client, domain)) === undefined) await ask(client, 'POST', '/domains', { name: domain });
    },
    async verify(domain) {
      const id = await idOf(client, domain);
      if (id !== undefined) await ask(client, 'POST', `/domains/${encodeURIComponent(id)}/verify`);
    },
  };
}

async function idOf(client: Client, domain: string): Promise<string | undefined> {
  let after = '';
  for (;;) {
    const read = listed.safeParse(await ask(client, 'GET', `/domains?limit=100${after}`));
    if (!read.success) throw fail('provider_unavailable', 'Resend’s list of domains cannot be read.');
    const { data, has_more: more } = read.data;
    const found = data.find((one) => one.name.toLowerCase() === domain);
    const last = data.at(-1);
    if (found || more !== true || !last) return found?.id;
    after = `&after=${encodeURIComponent(last.id)}`;
  }
}

function needsOf(domain: string, { records, status }: z.infer<typeof domainShape>): DomainNeeds {
  const ours = records.flatMap((one): NeededRecord[] => {
    if (!('type' in one) || (one.record !== 'SPF' && one.record !== 'DKIM')) return [];
    return [
      {
        purpose: one.record === 'DKIM' ? 'dkim' : 'spf',
        type: one.type,
        host: wholeName(one.name, domain),
        value: one.value.replace(/^"|"$/g, ''),
      },
    ];
  });
  return {
    records: ours,
    bounceDomain: ours.find((one) => one.purpose === 'spf')?.host ?? domain,
    signingDomain: domain,
    verified: status === 'verified',
  };
}

function wholeName(name: string, domain: string): string {
  const small = name.toLowerCase().replace(/\.$/, '');
  if (small === '' || small === '@') return domain;
  return small === domain || small.endsWith(`.${domain}`) ? small : `${small}.${domain}`;
}

async function ask(client: Client, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const exchange = await client.ask(method, path, body);
  if (!('failure' in exchange) && exchange.status >= 200 && exchange.status < 300) return exchange.body;
  const failure = fromExchange(exchange, 0);
  const words = failure.outcome === 'accepted' ? 'no explanation' : failure.error;
  const status = 'failure' in exchange ? 0 : exchange.status;
  throw status === 0 || status === 429 || status >= 500
    ? fail('provider_unavailable', `Resend did not say how the domain stands: ${words}`)
    : fail(
        'provider_refused',
        `Resend will not tell of its domains: ${words} (the key needs full access, not sending alone)`,
      );
}
