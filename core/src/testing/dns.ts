/** A DNS in memory: what stands in the zone, and nothing else. */
import type { Dns, DnsAnswer } from '../ports.ts';

export interface ZoneRecord {
  type: 'TXT' | 'CNAME' | 'MX';
  host: string;
  value: string;
}

export interface TestDns extends Dns {
  /** Changed by tests as they go */
  readonly zone: ZoneRecord[];
  /** Hosts that nobody answers for */
  readonly silent: Set<string>;
  /** Questions asked */
  asked: number;
}

/** Follows a CNAME as a resolver does. */
export function zoneDns(zone: ZoneRecord[] = []): TestDns {
  const dns: TestDns = {
    zone,
    silent: new Set(),
    asked: 0,
    txt: (host) => ask('TXT', host),
    cname: (host) => ask('CNAME', host),
    mx: (host) => ask('MX', host),
  };
  function ask(type: ZoneRecord['type'], host: string): Promise<DnsAnswer<string>> {
    dns.asked++;
    let name = host.toLowerCase();
    for (let steps = 0; steps < 8; steps++) {
      if (dns.silent.has(name)) return Promise.resolve('silent');
      const here = dns.zone.filter((record) => record.host === name);
      const next = type === 'CNAME' ? undefined : here.find((record) => record.type === 'CNAME');
      if (!next) return Promise.resolve(here.filter((record) => record.type === type).map((record) => record.value));
      name = next.value;
    }
    return Promise.resolve('silent');
  }
  return dns;
}
