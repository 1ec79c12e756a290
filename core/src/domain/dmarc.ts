/** DMARC (RFC 7489): the record that holds for a domain, and whether what we send is aligned with it. */
import type { Dns } from '../ports.ts';
import { aligned, upwards } from './alignment.ts';
import { tagsOf } from './dkim.ts';
import type { Problem, SeenRecord } from './report.ts';

/** What suffices for Gmail and Yahoo, and changes nothing for mails that are not ours. */
const TO_WRITE = 'v=DMARC1; p=none;';
const isDmarc = (text: string): boolean => /^v\s*=\s*DMARC1\s*(;|$)/i.test(text);

/** `bounceDomain` and `signingDomain` as the provider sets them; undefined where it is not known how it would. */
export async function lookAtDmarc(
  dns: Dns,
  from: string,
  names: { bounceDomain: string; signingDomain: string } | undefined,
): Promise<SeenRecord> {
  // The domain's own record, else that of the names above it: receivers look no further than the organisation's.
  for (const name of upwards(from)) {
    const host = `_dmarc.${name}`;
    const texts = await dns.txt(host);
    if (texts === 'silent') return seen(host, [], 'silent');
    const found = texts.filter(isDmarc);
    const [record] = found;
    if (record === undefined) continue;
    return seen(host, found, found.length > 1 ? 'two_records' : problemOf(record, from, names));
  }
  return seen(`_dmarc.${from}`, [], 'missing');
}

function problemOf(
  record: string,
  from: string,
  names: { bounceDomain: string; signingDomain: string } | undefined,
): Problem | null {
  const tags = tagsOf(record);
  if (!tags || !['none', 'quarantine', 'reject'].includes((tags.get('p') ?? '').toLowerCase())) return 'bad_record';
  if (!names) return null;
  const strict = (tag: string): boolean => tags.get(tag)?.toLowerCase() === 's';
  const passes =
    aligned(from, names.signingDomain, strict('adkim')) || aligned(from, names.bounceDomain, strict('aspf'));
  return passes ? null : 'not_aligned';
}

function seen(host: string, found: string[], problem: Problem | null): SeenRecord {
  const [record] = found;
  const kept = problem === 'not_aligned' && record !== undefined ? relaxed(record) : record;
  const value = problem === null || problem === 'not_aligned' ? (kept ?? TO_WRITE) : TO_WRITE;
  const state = problem === null ? 'passes' : problem === 'silent' ? 'silent' : 'fails';
  return { type: 'TXT', host, value, found, state, problem };
}

/** The same record, content with the same organisation. */
function relaxed(record: string): string {
  return record
    .split(';')
    .filter((part) => !/^\s*(adkim|aspf)\s*=/i.test(part))
    .join(';');
}
