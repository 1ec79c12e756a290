/** SPF (RFC 7208), as far as a sender must know it: is there one record, does it name whom it must, can receivers follow it? */
import type { Dns, DnsAnswer } from '../ports.ts';
import { nameOf } from './alignment.ts';
import type { Problem } from './report.ts';

const MOST_LOOKUPS = 10;
/** Terms that cost a receiver a question. */
const ASKS = /^[+?~-]?(include:|a$|a[:/]|mx$|mx[:/]|ptr$|ptr:|exists:)|^redirect=/i;

const isSpf = (text: string): boolean => /^v=spf1( |$)/i.test(text);
const termsOf = (text: string): string[] => text.trim().split(/\s+/).slice(1);
const isAll = (term: string): boolean => /^[+?~-]?all$/i.test(term);

export interface SpfLook {
  found: string[];
  problem: Problem | null;
}

/** The SPF record of a domain, held against the terms that it must have (`v=spf1 include:… ~all`; '': none). */
export async function lookAtSpf(dns: Dns, host: string, needed: string): Promise<SpfLook> {
  const texts = await dns.txt(host);
  if (texts === 'silent') return { found: [], problem: 'silent' };
  const found = texts.filter(isSpf);
  return { found, problem: await problemOf(dns, host, found, needed) };
}

async function problemOf(dns: Dns, host: string, found: string[], needed: string): Promise<Problem | null> {
  const [record, second] = found;
  if (record === undefined) return 'missing';
  if (second !== undefined) return 'two_records';
  const terms = termsOf(record);
  if (terms.some((term) => /^\+?all$/i.test(term))) return 'lets_everybody';
  if (missingTerms(record, needed).length > 0) return 'not_named';
  const lookups = await countLookups(dns, record, new Set([nameOf(host)]));
  if (lookups === 'silent') return 'silent';
  return lookups > MOST_LOOKUPS ? 'too_many_lookups' : null;
}

/** Terms of `needed` that `record` does not have. */
function missingTerms(record: string, needed: string): string[] {
  const plain = (term: string): string => nameOf(term.replace(/^\+/, ''));
  const there = new Set(termsOf(record).map(plain));
  return termsOf(needed).filter((term) => !isAll(term) && !there.has(plain(term)));
}

/** The record to write: what stands there with the missing terms added, or a new one. */
export function spfToWrite(found: string[], needed: string): string {
  const [record] = found;
  if (record === undefined || found.length > 1) return needed;
  const terms = termsOf(record).map((term) => (/^\+?all$/i.test(term) ? '~all' : term));
  const place = terms.findIndex((term) => isAll(term) || /^redirect=/i.test(term));
  const missing = missingTerms(record, needed);
  return ['v=spf1', ...(place < 0 ? [...terms, ...missing] : terms.toSpliced(place, 0, ...missing))].join(' ');
}

/** Questions that a receiver must ask to understand the record, those of the records it names included. */
async function countLookups(dns: Dns, record: string, seen: Set<string>): Promise<number | 'silent'> {
  let lookups = 0;
  for (const term of termsOf(record).filter((one) => ASKS.test(one))) {
    lookups++;
    // Far beyond what is allowed: no need to know how far.
    if (lookups > MOST_LOOKUPS) return lookups;
    const named = /^(?:[+?~-]?include:|redirect=)(.+)$/i.exec(term)?.[1];
    // A name with a macro is another one for every mail.
    if (named === undefined || named.includes('%') || seen.has(nameOf(named))) continue;
    seen.add(nameOf(named));
    const texts: DnsAnswer<string> = await dns.txt(nameOf(named));
    if (texts === 'silent') return 'silent';
    const inner = texts.find(isSpf);
    const more = inner === undefined ? 0 : await countLookups(dns, inner, seen);
    if (more === 'silent') return 'silent';
    lookups += more;
  }
  return lookups;
}
