/**
 * Domain authentication: SendGrid names three CNAMEs (bounce address, two keys), which it keeps up to date behind them, and
 * signs for a domain once it has seen them.
 * https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication
 */
import { z } from 'zod';
import { fail, type DomainNeeds, type NeededRecord, type RekindleError, type SendingDomains } from '@rekindle/core';
import { fromFailure } from './answer.ts';

/** What is asked of SendGrid's client. */
interface Client {
  request(request: {
    method: 'GET' | 'POST';
    url: string;
    qs?: object;
    body?: object;
  }): Promise<[{ body: unknown }, unknown]>;
}

const host = z.string().min(1).max(253);
const record = z.object({ type: z.string().transform((type) => type.toLowerCase()), host, data: z.string().min(1) });
const domainShape = z.object({
  id: z.number().int(),
  domain: host,
  subdomain: z.string(),
  valid: z.boolean(),
  /** mail_cname, dkim1, dkim2; without automatic security mail_server, subdomain_spf, dkim */
  dns: z.record(z.string(), record),
});
type Domain = z.infer<typeof domainShape>;

const PATH = '/v3/whitelabel/domains';

export function sendGridDomains(client: Client): SendingDomains {
  return {
    async find(domain) {
      const found = await findDomain(client, domain);
      return found && needsOf(found);
    },
    async add(domain) {
      if (await findDomain(client, domain)) return;
      await ask(client, { method: 'POST', url: PATH, body: { domain, automatic_security: true, default: false } });
    },
    async verify(domain) {
      const found = await findDomain(client, domain);
      if (found) await ask(client, { method: 'POST', url: `${PATH}/${String(found.id)}/validate` });
    },
  };
}

/** Of several for one domain the one that SendGrid signs with: a valid one, else the newest. */
async function findDomain(client: Client, domain: string): Promise<Domain | undefined> {
  const body = await ask(client, { method: 'GET', url: PATH, qs: { domain, limit: 50 } });
  const read = z.array(domainShape).safeParse(body);
  if (!read.success) throw fail('provider_unavailable', 'SendGrid’s list of domains cannot be read.');
  const own = read.data.filter((one) => one.domain.toLowerCase() === domain);
  return own.find((one) => one.valid) ?? own.toSorted((one, other) => other.id - one.id)[0];
}

function needsOf({ dns, domain, subdomain, valid }: Domain): DomainNeeds {
  return {
    records: Object.entries(dns).map(([name, { type, host, data }]): NeededRecord => ({
      purpose: name.includes('dkim') ? 'dkim' : 'spf',
      type: type === 'cname' ? 'CNAME' : type === 'mx' ? 'MX' : 'TXT',
      host: host.toLowerCase(),
      value: data,
    })),
    bounceDomain: (dns['mail_cname'] ?? dns['mail_server'])?.host.toLowerCase() ?? `${subdomain}.${domain}`,
    signingDomain: domain.toLowerCase(),
    verified: valid,
  };
}

async function ask(
  client: Client,
  request: { method: 'GET' | 'POST'; url: string; qs?: object; body?: object },
): Promise<unknown> {
  const { body, ...rest } = request;
  try {
    // The client's requests carry text (client.ts).
    const text = body === undefined ? undefined : (JSON.stringify(body) as unknown as object);
    const [answer] = await client.request(text === undefined ? rest : { ...rest, body: text });
    return answer.body;
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): RekindleError {
  const failure = fromFailure(error);
  const words = failure.outcome === 'accepted' ? 'no explanation' : failure.error;
  const later =
    failure.outcome !== 'refused' || (failure.retryable && (failure.status === 0 || failure.status === 429));
  return later
    ? fail('provider_unavailable', `SendGrid did not say how the domain stands: ${words}`)
    : fail(
        'provider_refused',
        `SendGrid will not tell of its domains: ${words} (the key needs access to domain authentication)`,
      );
}
