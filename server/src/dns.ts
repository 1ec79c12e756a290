/** The DNS, asked by Node's own resolver. "There is no such record" is an answer; anything else is nobody's word. */
import { Resolver } from 'node:dns/promises';
import type { Dns, DnsAnswer } from '@rekindle/core';

export interface DnsOptions {
  /** Addresses of servers, with a port or without. Default: the system's own. */
  servers?: string[] | undefined;
  /** Milliseconds for one question to one server. Default 2,000: two tries are 6 seconds at most. */
  timeoutMs?: number;
}

const NONE = new Set(['ENODATA', 'ENOTFOUND']);

export function openDns(options: DnsOptions = {}): Dns {
  const resolver = new Resolver({ timeout: options.timeoutMs ?? 2000, tries: 2 });
  if (options.servers) resolver.setServers(options.servers);
  return {
    txt: (host) => ask(async () => (await resolver.resolveTxt(host)).map((parts) => parts.join(''))),
    cname: (host) => ask(() => resolver.resolveCname(host)),
    mx: (host) => ask(async () => (await resolver.resolveMx(host)).map((one) => one.exchange)),
  };
}

async function ask(question: () => Promise<string[]>): Promise<DnsAnswer<string>> {
  try {
    return await question();
  } catch (error) {
    return NONE.has((error as NodeJS.ErrnoException).code ?? '') ? [] : 'silent';
  }
}
