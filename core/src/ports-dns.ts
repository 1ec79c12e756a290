/** Ports of sending domains: what a provider asks of them, and the DNS that says whether they have it. */

/** A record that must stand in the DNS of a sending domain, so that receivers believe the mails of a provider. */
export interface NeededRecord {
  /** spf: who may send. dkim: with which key mails are signed. */
  purpose: 'spf' | 'dkim';
  type: 'CNAME' | 'TXT' | 'MX';
  /** Whole name, without a dot at its end */
  host: string;
  /**
   * What it must say. Of an SPF record: the terms it must have, beside others that stand there already. '': whatever it
   * says, as long as it is a sound record (a key that only the mail server knows).
   */
  value: string;
}

export interface DomainNeeds {
  records: NeededRecord[];
  /** Domain of the bounce address: the one that receivers ask for SPF */
  bounceDomain: string;
  /** Domain in the signature (d=) */
  signingDomain: string;
  /** The provider's own word on whether it signs for the domain; undefined: it has none */
  verified?: boolean | undefined;
}

/** Each throws `provider_unavailable` or `provider_refused`. */
export interface SendingDomains {
  /** What the domain needs; undefined: the provider does not know the domain yet. */
  find(domain: string): Promise<DomainNeeds | undefined>;
  /** Makes the domain known to the provider. Adding it again changes nothing. Absent: there is nothing to add it to. */
  add?(domain: string): Promise<void>;
  /** Asks the provider to look at the records itself: some sign only for what they saw. */
  verify?(domain: string): Promise<void>;
}

/** What one question to the DNS gave: records (none: there are none), or `silent` where nobody can say now. */
export type DnsAnswer<Value> = Value[] | 'silent';

/** The DNS. Never throws. */
export interface Dns {
  /** Each record's strings joined, as receivers read them */
  txt(host: string): Promise<DnsAnswer<string>>;
  cname(host: string): Promise<DnsAnswer<string>>;
  mx(host: string): Promise<DnsAnswer<string>>;
}
