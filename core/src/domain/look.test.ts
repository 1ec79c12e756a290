import { describe, expect, test } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { fail } from '../errors.ts';
import type { DomainNeeds, SendingDomains } from '../ports.ts';
import { zoneDns, type ZoneRecord } from '../testing/index.ts';
import { lookAt } from './index.ts';

const publicKey = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64');
const KEY = publicKey(1024);
const OTHER_KEY = publicKey(1024);
const WEAK_KEY = publicKey(512);

/** Names only, as SendGrid asks for them. */
const NAMES: DomainNeeds = {
  bounceDomain: 'em1.shop.example',
  signingDomain: 'shop.example',
  records: [
    { purpose: 'spf', type: 'CNAME', host: 'em1.shop.example', value: 'u1.wl.provider.example' },
    { purpose: 'dkim', type: 'CNAME', host: 's1._domainkey.shop.example', value: 's1.u1.wl.provider.example' },
  ],
};
const NAMES_ZONE: ZoneRecord[] = [
  { type: 'CNAME', host: 'em1.shop.example', value: 'u1.wl.provider.example' },
  { type: 'TXT', host: 'u1.wl.provider.example', value: 'v=spf1 ip4:192.0.2.1 -all' },
  { type: 'CNAME', host: 's1._domainkey.shop.example', value: 'S1.u1.wl.provider.example.' },
  { type: 'TXT', host: '_dmarc.shop.example', value: 'v=DMARC1; p=none' },
];
/** Texts, as a mail server asks for them. */
const TEXTS: DomainNeeds = {
  bounceDomain: 'shop.example',
  signingDomain: 'shop.example',
  records: [
    { purpose: 'spf', type: 'TXT', host: 'shop.example', value: 'v=spf1 include:relay.example ~all' },
    { purpose: 'dkim', type: 'TXT', host: 'k._domainkey.shop.example', value: `v=DKIM1; k=rsa; p=${KEY}` },
  ],
};
const spf = (value: string): ZoneRecord => ({ type: 'TXT', host: 'shop.example', value });
const dkim = (value: string): ZoneRecord => ({ type: 'TXT', host: 'k._domainkey.shop.example', value });
const dmarc = (value: string, host = '_dmarc.shop.example'): ZoneRecord => ({ type: 'TXT', host, value });
const GOOD = {
  spf: spf('v=spf1 include:relay.example ~all'),
  relay: { type: 'TXT', host: 'relay.example', value: 'v=spf1 ip4:192.0.2.0/24 -all' },
  other: spf('google-site-verification=1'),
  dkim: dkim(`v=DKIM1; k=rsa; p=${KEY}`),
  dmarc: dmarc('v=DMARC1; p=none; rua=mailto:a@shop.example'),
} as const satisfies Record<string, ZoneRecord>;
const TEXTS_ZONE: ZoneRecord[] = Object.values(GOOD);

const provider = (needs: DomainNeeds | undefined): { name: string; domains: SendingDomains } => ({
  name: 'provider',
  domains: { find: () => Promise.resolve(needs) },
});

/** The look, each row by its state and what is wrong with each of its records. */
async function look(needs: DomainNeeds | undefined, zone: ZoneRecord[], silent: string[] = [], from = 'shop.example') {
  const dns = zoneDns(zone);
  for (const host of silent) dns.silent.add(host);
  const report = await lookAt(dns, provider(needs), from);
  const rows = Object.fromEntries(report.rows.map((row) => [row.name, row]));
  return { ...report, ...rows, problems: report.rows.map((row) => row.records.map((record) => record.problem)) };
}

/** The good zone with some of its records replaced, or gone. */
const but = (change: Partial<Record<keyof typeof GOOD, ZoneRecord[]>>): ZoneRecord[] =>
  (Object.keys(GOOD) as (keyof typeof GOOD)[]).flatMap((name) => change[name] ?? [GOOD[name]]);

describe('a domain passes', () => {
  test('where the names lead to the provider, whatever their letters and dots', async () => {
    expect(await look(NAMES, NAMES_ZONE)).toMatchObject({ state: 'passes', blocker: null });
  });

  test('where its texts name the mail server and its key, whatever else stands beside them', async () => {
    expect(await look(TEXTS, TEXTS_ZONE)).toMatchObject({ state: 'passes', blocker: null });
    const split = but({ dkim: [dkim(`k=rsa; p=${KEY.slice(0, 100)} ${KEY.slice(100)}; t=s`)] });
    expect(await look(TEXTS, split)).toMatchObject({ state: 'passes' });
  });

  test('where DMARC stands at the organisation and mails come from below it', async () => {
    const below = (needs: DomainNeeds): DomainNeeds => ({ ...needs, bounceDomain: 'b.news.shop.example' });
    expect(
      await look(
        below(NAMES),
        [...NAMES_ZONE, { type: 'TXT', host: 'b.news.shop.example', value: 'v=spf1 -all' }],
        [],
        'news.shop.example',
      ),
    ).toMatchObject({ state: 'passes' });
  });

  test('where the DNS host keeps the name to itself and answers with what it leads to', async () => {
    const flat = NAMES_ZONE.filter((record) => record.host !== 's1._domainkey.shop.example');
    flat.push({ type: 'TXT', host: 's1._domainkey.shop.example', value: 'k=rsa; p=abc' });
    expect(await look(NAMES, flat)).toMatchObject({ dkim: { state: 'fails' } });
    flat.push({ type: 'TXT', host: 's1.u1.wl.provider.example', value: 'k=rsa; p=abc' });
    expect(await look(NAMES, flat)).toMatchObject({ state: 'passes' });
  });

  test('with any sound key where only the mail server knows its own', async () => {
    const needs = { ...TEXTS, records: TEXTS.records.map((record) => ({ ...record, value: '' })) };
    expect(await look(needs, but({ spf: [spf('v=spf1 mx -all')] }))).toMatchObject({ state: 'passes' });
  });
});

describe('SPF fails', () => {
  const many = Array.from({ length: 11 }, (_, number) => `include:n${String(number)}.example`).join(' ');
  test.each<[string, Partial<Record<keyof typeof GOOD, ZoneRecord[]>>, string, string]>([
    ['without a record', { spf: [] }, 'missing', 'v=spf1 include:relay.example ~all'],
    ['with two', { spf: [GOOD.spf, spf('v=spf1 -all')] }, 'two_records', 'v=spf1 include:relay.example ~all'],
    [
      'that names another',
      { spf: [spf('v=spf1 include:else.example -all')] },
      'not_named',
      'v=spf1 include:else.example include:relay.example -all',
    ],
    ['without an end', { spf: [spf('v=spf1 a')] }, 'not_named', 'v=spf1 a include:relay.example'],
    [
      'that leads on',
      { spf: [spf('v=spf1 redirect=else.example')] },
      'not_named',
      'v=spf1 include:relay.example redirect=else.example',
    ],
    [
      'that lets everybody',
      { spf: [spf('v=spf1 include:relay.example +all')] },
      'lets_everybody',
      'v=spf1 include:relay.example ~all',
    ],
    [
      'that asks too much',
      { spf: [spf(`v=spf1 include:relay.example ${many} ~all`)] },
      'too_many_lookups',
      `v=spf1 include:relay.example ${many} ~all`,
    ],
    [
      'whose names ask too much',
      { relay: [{ ...GOOD.relay, value: `v=spf1 ${many} ~all` }] },
      'too_many_lookups',
      'v=spf1 include:relay.example ~all',
    ],
  ])('%s, and what to write is said', async (_, change, problem, value) => {
    const seen = await look(TEXTS, but(change));
    expect(seen).toMatchObject({ state: 'fails', spf: { state: 'fails', records: [{ problem, value }] } });
    const mended = await look(TEXTS, but({ spf: [spf(value)] }));
    if (problem !== 'too_many_lookups') expect(mended).toMatchObject({ spf: { state: 'passes' } });
  });

  test('nothing that leads in a circle is followed for ever', async () => {
    const circle = [spf('v=spf1 include:relay.example include:shop.example ~all')];
    const seen = await look(
      TEXTS,
      but({ spf: circle, relay: [{ ...GOOD.relay, value: 'v=spf1 include:shop.example -all' }] }),
    );
    expect(seen).toMatchObject({ spf: { state: 'passes' } });
  });

  test('where the name leads to no SPF record', async () => {
    const zone = NAMES_ZONE.filter((record) => record.host !== 'u1.wl.provider.example');
    expect(await look(NAMES, zone)).toMatchObject({ state: 'fails', problems: [[null, 'missing'], [null], [null]] });
  });
});

describe('DKIM fails', () => {
  test.each<[string, ZoneRecord[], string]>([
    ['without a record', [], 'missing'],
    ['with another key', [dkim(`v=DKIM1; p=${OTHER_KEY}`)], 'other_value'],
    ['with two keys', [GOOD.dkim, dkim(`v=DKIM1; p=${OTHER_KEY}`)], 'two_records'],
    ['with a key that was taken back', [dkim('v=DKIM1; p=')], 'revoked_key'],
    ['with something else', [dkim('hello')], 'bad_record'],
  ])('%s', async (_, records, problem) => {
    const seen = await look(TEXTS, but({ dkim: records }));
    expect(seen).toMatchObject({ state: 'fails', dkim: { state: 'fails', records: [{ problem }] } });
  });

  test.each([
    [WEAK_KEY, 'weak_key'],
    ['bm90IGEga2V5', 'bad_record'],
  ])('with a key that receivers do not take (%#)', async (key, problem) => {
    const needs = { ...TEXTS, records: TEXTS.records.map((record) => ({ ...record, value: '' })) };
    const seen = await look(needs, but({ dkim: [dkim(`v=DKIM1; p=${key}`)] }));
    expect(seen).toMatchObject({ dkim: { state: 'fails', records: [{ problem }] } });
  });

  test('where nobody says by which name the key is found', async () => {
    const needs = { ...TEXTS, records: TEXTS.records.filter((record) => record.purpose === 'spf') };
    expect(await look(needs, TEXTS_ZONE)).toMatchObject({ state: 'fails', dkim: { state: 'fails', records: [] } });
  });

  test('where a name leads elsewhere, which is told', async () => {
    const zone = NAMES_ZONE.map((record) =>
      record.host.startsWith('s1._') ? { ...record, value: 'old.provider.example' } : record,
    );
    expect(await look(NAMES, zone)).toMatchObject({
      dkim: { state: 'fails', records: [{ problem: 'other_value', found: ['old.provider.example'] }] },
    });
  });
});

describe('DMARC fails', () => {
  test.each<[string, ZoneRecord[], string]>([
    ['without a record', [], 'missing'],
    ['with two', [GOOD.dmarc, dmarc('v=DMARC1; p=reject')], 'two_records'],
    ['without a policy', [dmarc('v=DMARC1; rua=mailto:a@shop.example')], 'bad_record'],
    ['with a policy that is none', [dmarc('v=DMARC1; p=maybe')], 'bad_record'],
  ])('%s', async (_, records, problem) => {
    const seen = await look(TEXTS, but({ dmarc: records }));
    expect(seen).toMatchObject({ state: 'fails', dmarc: { records: [{ problem }] } });
  });

  test('where it wants the very same name and gets others; one of the two is enough', async () => {
    const from = 'news.shop.example';
    const zone = (record: string) => [...but({ dmarc: [dmarc(record)] })];
    expect(await look(TEXTS, zone('v=DMARC1; p=reject; adkim=s; aspf=s'), [], from)).toMatchObject({
      dmarc: { records: [{ problem: 'not_aligned', value: 'v=DMARC1; p=reject' }] },
    });
    expect(await look(TEXTS, zone('v=DMARC1; p=reject; adkim=s'), [], from)).toMatchObject({
      dmarc: { state: 'passes' },
    });
    expect(await look(TEXTS, zone('v=DMARC1; p=reject; adkim=s; aspf=s'))).toMatchObject({
      dmarc: { state: 'passes' },
    });
  });

  test('where the provider signs in its own name only', async () => {
    const needs = { ...TEXTS, bounceDomain: 'relay.example', signingDomain: 'relay.example' };
    expect(await look(needs, TEXTS_ZONE)).toMatchObject({ dmarc: { records: [{ problem: 'not_aligned' }] } });
  });
});

describe('nobody’s word is neither a yes nor a no', () => {
  test.each(['shop.example', 'relay.example', 'k._domainkey.shop.example', '_dmarc.shop.example'])(
    'where %s is not answered for',
    async (host) => {
      expect(await look(TEXTS, TEXTS_ZONE, [host])).toMatchObject({ state: 'silent', blocker: null });
      expect(await look(TEXTS, but({ dmarc: [] }), [host])).toMatchObject({
        state: host === '_dmarc.shop.example' ? 'silent' : 'fails',
      });
    },
  );

  test('where the provider does not answer; what is missing beside that still fails', async () => {
    const away = { name: 'provider', domains: { find: () => Promise.reject(fail('provider_unavailable', 'away')) } };
    expect(await lookAt(zoneDns(TEXTS_ZONE), away, 'shop.example')).toMatchObject({
      state: 'silent',
      blocker: 'provider_silent',
    });
    expect(await lookAt(zoneDns(), away, 'shop.example')).toMatchObject({ state: 'fails' });
    const broken = { name: 'provider', domains: { find: () => Promise.reject(new TypeError('a defect')) } };
    await expect(lookAt(zoneDns(), broken, 'shop.example')).rejects.toThrow('a defect');
  });
});

describe('whatever the records say', () => {
  test('nobody sends from a domain that the provider does not know, or has not seen', async () => {
    expect(await look(undefined, TEXTS_ZONE)).toMatchObject({ state: 'fails', blocker: 'not_added' });
    expect(await look({ ...TEXTS, verified: false }, TEXTS_ZONE)).toMatchObject({
      state: 'fails',
      blocker: 'not_verified',
    });
    expect(await look({ ...TEXTS, verified: false }, [])).toMatchObject({ state: 'fails', blocker: null });
  });

  test.each(['gmail.com', 'outlook.es', 'yahoo.co.uk', 'gmx.net'])('nobody sends from %s', async (domain) => {
    expect(await look(TEXTS, TEXTS_ZONE, [], domain)).toMatchObject({ state: 'fails', blocker: 'mailbox_domain' });
  });
});
