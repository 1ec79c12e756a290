/**
 * Domain authentication as SendGrid keeps it: makes the three CNAMEs of a domain, and calls it valid once it has seen them in
 * the DNS that it is told of.
 */
import { z } from 'zod';
import { uuidOf, type Dns } from '@rekindle/core';

interface Kept {
  id: number;
  domain: string;
  valid: { mail_cname: boolean; dkim1: boolean; dkim2: boolean };
}

export interface FakeDomains {
  /** Answers a request under /v3/whitelabel/domains: status and body. */
  answer: (method: string, url: URL, body: unknown) => Promise<{ status: number; body: unknown }>;
  /** Makes a domain known, as somebody who clicks through SendGrid's pages would. */
  add: (domain: string) => void;
  /** What has to stand in the DNS. */
  records: (domain: string) => { host: string; value: string }[];
  /** Where it looks from now on; without one it sees nothing. */
  setDns: (dns: Dns | undefined) => void;
}

const USER = 4711;
const request = z.strictObject({
  domain: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/),
  automatic_security: z.literal(true),
  default: z.boolean().optional(),
});

export function fakeDomains(seed: string): FakeDomains {
  const kept = new Map<string, Kept>();
  let dns: Dns | undefined;
  const number = Number.parseInt(uuidOf('sendgrid user', seed).slice(0, 6), 16);
  const add = (domain: string): Kept => {
    const one: Kept = { id: kept.size + 1, domain, valid: { mail_cname: false, dkim1: false, dkim2: false } };
    kept.set(domain, one);
    return one;
  };
  const hosts = ({ domain, id }: Kept) => {
    const mail = `u${String(number)}.wl.sendgrid.net`;
    return {
      mail_cname: { host: `em${String(1000 + id)}.${domain}`, data: mail },
      dkim1: { host: `s1._domainkey.${domain}`, data: `s1.domainkey.${mail}` },
      dkim2: { host: `s2._domainkey.${domain}`, data: `s2.domainkey.${mail}` },
    };
  };
  const shown = (one: Kept) => ({
    id: one.id,
    user_id: USER,
    subdomain: `em${String(1000 + one.id)}`,
    domain: one.domain,
    username: 'rekindle',
    ips: [],
    custom_spf: false,
    default: false,
    legacy: false,
    automatic_security: true,
    valid: Object.values(one.valid).every(Boolean),
    dns: Object.fromEntries(
      Object.entries(hosts(one)).map(([name, record]) => [
        name,
        { valid: one.valid[name as keyof Kept['valid']], type: 'cname', ...record },
      ]),
    ),
  });
  async function validate(one: Kept): Promise<unknown> {
    const results: Record<string, { valid: boolean; reason: string | null }> = {};
    for (const [name, { host, data }] of Object.entries(hosts(one))) {
      const found = await dns?.cname(host);
      const valid = Array.isArray(found) && found.includes(data);
      one.valid[name as keyof Kept['valid']] = valid;
      results[name] = {
        valid,
        reason: valid ? null : `Expected CNAME for "${host}" to match "${data}", but found "${String(found)}".`,
      };
    }
    return { id: one.id, valid: shown(one).valid, validation_results: results };
  }
  return {
    add: (domain) => void add(domain),
    records: (domain) => {
      const one = kept.get(domain);
      return one ? Object.values(hosts(one)).map(({ host, data }) => ({ host, value: data })) : [];
    },
    setDns: (given) => {
      dns = given;
    },
    async answer(method, url, body) {
      const refuse = (status: number, message: string) => ({
        status,
        body: { errors: [{ message, field: null, help: null }] },
      });
      if (url.pathname === '/v3/whitelabel/domains' && method === 'GET') {
        const wanted = url.searchParams.get('domain');
        return { status: 200, body: [...kept.values()].filter((one) => !wanted || one.domain === wanted).map(shown) };
      }
      if (url.pathname === '/v3/whitelabel/domains' && method === 'POST') {
        const read = request.safeParse(body);
        if (!read.success) return refuse(400, 'invalid domain');
        if (kept.has(read.data.domain)) return refuse(400, 'An authenticated domain already exists for this URL.');
        return { status: 201, body: shown(add(read.data.domain)) };
      }
      const id = /^\/v3\/whitelabel\/domains\/(\d+)\/validate$/.exec(url.pathname)?.[1];
      const one = [...kept.values()].find((each) => String(each.id) === id);
      if (!one || method !== 'POST') return refuse(404, 'Resource not found.');
      return { status: 200, body: await validate(one) };
    },
  };
}
