/** The whole way: real questions over UDP to a DNS server on this machine, a real provider's client against its stand-in. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookAt, readConfig, type Dns } from '@rekindle/core';
import { resend } from '@rekindle/connector-resend';
import { startResendFake } from '@rekindle/connector-resend/fake';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake } from '@rekindle/connector-sendgrid/fake';
import { smtp } from '@rekindle/connector-smtp';
import { openDns } from './dns.ts';
import { startDnsServer, type DnsServer } from './http/testing/dns-server.ts';

let server: DnsServer;
let dns: Dns;
beforeEach(async () => {
  server = await startDnsServer();
  const config = readConfig({ DNS_SERVERS: server.address });
  dns = openDns({ servers: config.DNS_SERVERS, timeoutMs: 100 });
});
afterEach(() => server.close());

const DOMAIN = 'shop.example';
const DMARC = { type: 'TXT', host: '_dmarc.shop.example', value: 'v=DMARC1; p=none;' } as const;
const SPF_OF_SENDGRID = (host: string) => ({ type: 'TXT', host, value: 'v=spf1 ip4:192.0.2.1 -all' }) as const;

describe('the DNS', () => {
  test('tells what stands there, joined and with the names on the way followed', async () => {
    const key = 'k'.repeat(600);
    server.zone = [
      { type: 'TXT', host: 'a.example', value: key },
      { type: 'TXT', host: 'a.example', value: 'other' },
      { type: 'CNAME', host: 'b.example', value: 'a.example' },
      { type: 'MX', host: 'a.example', value: 'mx.a.example' },
    ];
    expect(new Set((await dns.txt('a.example')) as string[])).toEqual(new Set([key, 'other']));
    expect(new Set((await dns.txt('b.example')) as string[])).toEqual(new Set([key, 'other']));
    expect(await dns.cname('b.example')).toEqual(['a.example']);
    expect(await dns.mx('a.example')).toEqual(['mx.a.example']);
  });

  test('tells "nothing" from "nobody knows"', async () => {
    server.zone = [{ type: 'TXT', host: 'a.example', value: 'x' }];
    expect(await dns.txt('none.example')).toEqual([]);
    expect(await dns.cname('a.example')).toEqual([]);
    server.broken.add('broken.example');
    expect(await dns.txt('broken.example')).toBe('silent');
    server.deaf.add('deaf.example');
    expect(await dns.txt('deaf.example')).toBe('silent');
    const nobody = openDns({ servers: ['127.0.0.1:1'], timeoutMs: 100 });
    expect(await nobody.mx('a.example')).toBe('silent');
  });
});

describe('a domain by SendGrid', () => {
  test('is added, set, seen by both, and breaks when a name leads elsewhere', async () => {
    const fake = await startSendGridFake();
    fake.domains.setDns(dns);
    const provider = sendGrid({ apiKey: fake.apiKey, baseUrl: fake.url });
    const look = () => lookAt(dns, provider, DOMAIN);
    expect(await look()).toMatchObject({ state: 'fails', blocker: 'not_added' });
    await provider.domains.add?.(DOMAIN);
    expect(await look()).toMatchObject({ state: 'fails', blocker: null });

    const records = fake.domains.records(DOMAIN);
    server.zone = [...records.map((one) => ({ type: 'CNAME' as const, ...one })), DMARC];
    server.zone.push(SPF_OF_SENDGRID(records[0]?.value ?? ''));
    expect(await look()).toMatchObject({ state: 'fails', blocker: 'not_verified' });
    await provider.domains.verify?.(DOMAIN);
    const passed = await look();
    expect(passed).toMatchObject({ state: 'passes', blocker: null });
    expect(passed.rows.map((row) => row.records.length)).toEqual([1, 2, 1]);

    server.zone = server.zone.map((one) => (one.host.startsWith('s2.') ? { ...one, value: 'elsewhere.example' } : one));
    expect(await look()).toMatchObject({ state: 'fails' });
    await fake.close();
  });

  test('is not judged by a key that may not ask, or by a provider that is away', async () => {
    const fake = await startSendGridFake();
    const wrong = sendGrid({ apiKey: 'SG.wrong', baseUrl: fake.url });
    await expect(wrong.domains.find(DOMAIN)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await lookAt(dns, wrong, DOMAIN)).toMatchObject({ blocker: 'provider_silent' });
    await fake.close();
    await expect(wrong.domains.find(DOMAIN)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});

describe('a domain by Resend', () => {
  test('is added, set, seen by both', async () => {
    const fake = await startResendFake();
    fake.domains.setDns(dns);
    const provider = resend({ apiKey: fake.apiKey, baseUrl: fake.url });
    const look = () => lookAt(dns, provider, DOMAIN);
    expect(await look()).toMatchObject({ state: 'fails', blocker: 'not_added' });
    // More than a page of other domains before it.
    for (let number = 0; number < 120; number++) fake.domains.add(`other${String(number)}.example`);
    await provider.domains.add?.(DOMAIN);
    await provider.domains.add?.(DOMAIN);
    server.zone = [...fake.domains.records(DOMAIN), DMARC];
    server.zone.push({ type: 'TXT', host: 'amazonses.com', value: 'v=spf1 ip4:192.0.2.2 -all' });
    expect(await look()).toMatchObject({ state: 'fails', blocker: 'not_verified' });
    await provider.domains.verify?.(DOMAIN);
    const passed = await look();
    expect(passed).toMatchObject({ state: 'passes', blocker: null });
    expect(passed.rows.map((row) => row.records.map((record) => record.type))).toEqual([
      ['MX', 'TXT'],
      ['TXT'],
      ['TXT'],
    ]);
    await fake.close();
    await expect(provider.domains.find(DOMAIN)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  test('is not judged by a key that may only send', async () => {
    const fake = await startResendFake();
    await expect(resend({ apiKey: 're_wrong', baseUrl: fake.url }).domains.find(DOMAIN)).rejects.toMatchObject({
      code: 'provider_refused',
    });
    await fake.close();
  });
});

describe('a domain by SMTP', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const dkimKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('needs the record that names the server, and our own key', async () => {
    const provider = smtp({ url: 'smtp://127.0.0.1', dkimSelector: 'rk', dkimKey, spf: 'include:relay.example' });
    const first = await lookAt(dns, provider, DOMAIN);
    expect(first).toMatchObject({ state: 'fails', rows: [{ name: 'spf' }, { name: 'dkim' }, { name: 'dmarc' }] });
    // What the page says to write is what then passes.
    server.zone = first.rows.flatMap((row) => row.records.map(({ type, host, value }) => ({ type, host, value })));
    expect(await lookAt(dns, provider, DOMAIN)).toMatchObject({ state: 'passes' });
  });

  test.each([
    [{ dkimKey }, /SMTP_DKIM_SELECTOR/],
    [{ dkimSelector: 'a.b', dkimKey }, /one name/],
    [{ dkimSelector: 'rk', dkimKey: 'no key' }, /no private key/],
    [
      {
        dkimSelector: 'rk',
        dkimKey: generateKeyPairSync('rsa', { modulusLength: 1024 })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      },
      /at least 2048 bits/,
    ],
    [
      {
        dkimSelector: 'rk',
        dkimKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      /RSA key/,
    ],
  ])('does not start with a key that would leave mails unsigned (%#)', (options, sentence) => {
    expect(() => smtp({ url: 'smtp://127.0.0.1', ...options })).toThrow(sentence);
  });
});
