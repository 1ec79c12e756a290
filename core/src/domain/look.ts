/** Looks at a sending domain: what the provider needs, held against what stands in the DNS. Writes nothing. */
import { RekindleError } from '../errors.ts';
import type { Dns, DomainNeeds, NeededRecord, SendingDomains } from '../ports.ts';
import { isMailboxDomain, nameOf } from './alignment.ts';
import { dkimProblem } from './dkim.ts';
import { lookAtDmarc } from './dmarc.ts';
import { worst, type Blocker, type DomainReport, type DomainRow, type Problem, type SeenRecord } from './report.ts';
import { lookAtSpf, spfToWrite } from './spf.ts';

/** A look at `domain`, which mails of `provider` come from. */
export async function lookAt(
  dns: Dns,
  provider: { name: string; domains: SendingDomains },
  domain: string,
): Promise<DomainReport> {
  const about = { domain, provider: provider.name };
  if (isMailboxDomain(domain)) return { ...about, state: 'fails', blocker: 'mailbox_domain', rows: [] };
  const needs = await needsOf(provider.domains, domain);
  const known = typeof needs === 'object' ? needs : undefined;
  const rows = known ? [await spfRow(dns, known), await dkimRow(dns, known)] : [];
  const dmarc = await lookAtDmarc(dns, domain, known);
  rows.push({ name: 'dmarc', state: dmarc.state, records: [dmarc] });
  const records = worst(rows.map((row) => row.state));
  const blocker = blockerOf(needs, records);
  const state = blocker === 'provider_silent' && records !== 'fails' ? 'silent' : blocker === null ? records : 'fails';
  return { ...about, state, blocker, rows };
}

async function needsOf(
  domains: SendingDomains,
  domain: string,
): Promise<DomainNeeds | 'not_added' | 'provider_silent'> {
  try {
    return (await domains.find(domain)) ?? 'not_added';
  } catch (error) {
    if (error instanceof RekindleError && error.code !== 'internal') return 'provider_silent';
    throw error;
  }
}

function blockerOf(needs: DomainNeeds | Blocker, records: string): Blocker | null {
  if (typeof needs === 'string') return needs;
  // What the provider has not seen matters once there is something to see.
  return needs.verified === false && records === 'passes' ? 'not_verified' : null;
}

async function spfRow(dns: Dns, needs: DomainNeeds): Promise<DomainRow> {
  const needed = needs.records.filter((record) => record.purpose === 'spf');
  const records = await Promise.all(
    needed.map((record) => (record.type === 'TXT' ? spfRecord(dns, record) : plainRecord(dns, record))),
  );
  // Where only names lead there: what they lead to must be an SPF record that lets somebody send.
  if (!needed.some((record) => record.type === 'TXT') && records.every((record) => record.state === 'passes')) {
    const { found, problem } = await lookAtSpf(dns, needs.bounceDomain, '');
    if (problem !== null) records.push(seenAs({ type: 'TXT', host: needs.bounceDomain, value: '' }, found, problem));
  }
  return { name: 'spf', state: worst(records.map((record) => record.state)), records };
}

async function dkimRow(dns: Dns, needs: DomainNeeds): Promise<DomainRow> {
  const records = await Promise.all(
    needs.records
      .filter((record) => record.purpose === 'dkim')
      .map(async (record) => {
        if (record.type !== 'TXT') return plainRecord(dns, record);
        const found = await dns.txt(record.host);
        return found === 'silent'
          ? seenAs(record, [], 'silent')
          : seenAs(record, found, dkimProblem(found, record.value));
      }),
  );
  // No name for a key: nobody can look for one.
  return {
    name: 'dkim',
    state: records.length === 0 ? 'fails' : worst(records.map((record) => record.state)),
    records,
  };
}

async function spfRecord(dns: Dns, record: NeededRecord): Promise<SeenRecord> {
  const { found, problem } = await lookAtSpf(dns, record.host, record.value);
  return seenAs({ ...record, value: spfToWrite(found, record.value) }, found, problem);
}

/** A CNAME or MX: it says that name, or it does not. */
async function plainRecord(dns: Dns, record: NeededRecord): Promise<SeenRecord> {
  const found = record.type === 'MX' ? await dns.mx(record.host) : await dns.cname(record.host);
  if (found === 'silent') return seenAs(record, [], 'silent');
  const names = found.map(nameOf);
  if (names.includes(nameOf(record.value))) return seenAs(record, names, null);
  if (names.length > 0 || record.type === 'MX')
    return seenAs(record, names, names.length > 0 ? 'other_value' : 'missing');
  // Some hosts answer with what the name leads to and keep the name to themselves ("flattening"): that will do.
  const [here, there] = [await dns.txt(record.host), await dns.txt(nameOf(record.value))];
  if (here === 'silent' || there === 'silent') return seenAs(record, [], 'silent');
  if (here.length === 0) return seenAs(record, [], 'missing');
  const same = here.toSorted().join('\n') === there.toSorted().join('\n');
  return seenAs(record, here, same ? null : 'other_value');
}

function seenAs(
  { type, host, value }: Pick<SeenRecord, 'type' | 'host' | 'value'>,
  found: string[],
  problem: Problem | null,
): SeenRecord {
  const state = problem === null ? 'passes' : problem === 'silent' ? 'silent' : 'fails';
  return { type, host, value, found, state, problem };
}
