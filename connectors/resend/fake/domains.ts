/** Domains as Resend keeps them: makes the records, and calls a domain verified once it has seen them in the DNS it is told of. */
import { z } from 'zod';
import { uuidOf, type Dns } from '@rekindle/core';

interface Kept {
  id: string;
  name: string;
  status: 'not_started' | 'pending' | 'verified';
}

interface WireRecord {
  record: 'SPF' | 'DKIM';
  name: string;
  type: 'MX' | 'TXT';
  ttl: 'Auto';
  status: Kept['status'];
  value: string;
  priority?: number;
}

export interface FakeDomains {
  /** Answers a request under /domains: status and body; undefined: there is no such path. */
  answer: (method: string, url: URL, body: string) => Promise<{ status: number; body: unknown } | undefined>;
  add: (name: string) => void;
  records: (name: string) => { type: 'MX' | 'TXT'; host: string; value: string }[];
  setDns: (dns: Dns | undefined) => void;
}

/** A key of 1024 bits that nobody signs with. */
const KEY =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDJ+SnjTQ1Oo9loNkA9IbBs8NOmtayhqh0Fz+QOMhitWcR9JofBcDAL9Y6lrofuyGOP+UrDQ+cliQrc76bQrYFjtWDZHruI/N31diEaUHI3qizmv6zGWfOiFgnAID26vSj18K1ZPo8Vk7wHCb+uakFhAsJBNapFq7XZmQMQeA8pYwIDAQAB';
const request = z.strictObject({ name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/) });

export function fakeDomains(seed: string): FakeDomains {
  const kept = new Map<string, Kept>();
  let dns: Dns | undefined;
  const add = (name: string): Kept => {
    const one: Kept = { id: uuidOf('resend domain', seed, name), name, status: 'not_started' };
    kept.set(name, one);
    return one;
  };
  const recordsOf = (status: Kept['status']): WireRecord[] => {
    const common = { ttl: 'Auto', status } as const;
    const spf = { record: 'SPF', name: 'send', ...common } as const;
    return [
      { ...spf, type: 'MX', value: 'feedback-smtp.us-east-1.amazonses.com', priority: 10 },
      { ...spf, type: 'TXT', value: '"v=spf1 include:amazonses.com ~all"' },
      { record: 'DKIM', name: 'resend._domainkey', type: 'TXT', ...common, value: `p=${KEY}` },
    ];
  };
  const shown = (one: Kept) => ({
    object: 'domain',
    id: one.id,
    name: one.name,
    status: one.status,
    created_at: '2026-03-01T10:00:00.000Z',
    region: 'us-east-1',
    records: recordsOf(one.status),
  });
  const wanted = (name: string) =>
    recordsOf('pending').map(({ type, name: part, value }) => ({
      type,
      host: `${part}.${name}`,
      value: value.replaceAll('"', ''),
    }));
  async function verify(one: Kept): Promise<void> {
    const seen = await Promise.all(
      wanted(one.name).map(async ({ type, host, value }) => {
        const found = await (type === 'MX' ? dns?.mx(host) : dns?.txt(host));
        return Array.isArray(found) && found.includes(value);
      }),
    );
    one.status = seen.every(Boolean) ? 'verified' : 'pending';
  }
  return {
    add: (name) => void add(name),
    records: (name) => (kept.has(name) ? wanted(name) : []),
    setDns: (given) => {
      dns = given;
    },
    async answer(method, url, body) {
      const refuse = (status: number, name: string, message: string) => ({
        status,
        body: { statusCode: status, name, message },
      });
      if (url.pathname === '/domains' && method === 'GET') {
        const all = [...kept.values()];
        const start = all.findIndex((one) => one.id === url.searchParams.get('after')) + 1;
        const limit = Number(url.searchParams.get('limit') ?? 20);
        const page = all.slice(start, start + limit);
        const data = page.map(({ id, name, status }) => ({ id, name, status, region: 'us-east-1' }));
        return { status: 200, body: { object: 'list', has_more: start + limit < all.length, data } };
      }
      if (url.pathname === '/domains' && method === 'POST') {
        const read = request.safeParse(JSON.parse(body));
        if (!read.success) return refuse(422, 'validation_error', 'The domain is not valid.');
        if (kept.has(read.data.name)) return refuse(403, 'validation_error', 'The domain has been registered already.');
        return { status: 201, body: shown(add(read.data.name)) };
      }
      const [, id, act] = /^\/domains\/([0-9a-f-]+)(\/verify)?$/.exec(url.pathname) ?? [];
      if (id === undefined) return undefined;
      const one = [...kept.values()].find((each) => each.id === id);
      if (!one) return refuse(404, 'not_found', 'Domain not found');
      if (act === undefined) return method === 'GET' ? { status: 200, body: shown(one) } : undefined;
      await verify(one);
      return { status: 200, body: { object: 'domain', id: one.id } };
    },
  };
}
