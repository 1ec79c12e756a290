/**
 * Every mail, as it leaves: a real campaign, written and laid out as always, through each provider's own client to its stand-in.
 * RFC 8058, Gmail's and Yahoo's rules for bulk senders, CAN-SPAM and CASL, sentence by sentence.
 */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { LINK_PATHS, playbookWriter, readLink, STAGES, type EmailProvider, type LinkKind } from '@rekindle/core';
import { resend } from '@rekindle/connector-resend';
import { startResendFake } from '@rekindle/connector-resend/fake';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake } from '@rekindle/connector-sendgrid/fake';
import { smtp } from '@rekindle/connector-smtp';
import { startSmtpFake } from '@rekindle/connector-smtp/fake';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  createTestDatabase,
  zoneDns,
  type TestDatabase,
  type TestEngine,
} from '@rekindle/core/testing';
import { verifyDkim } from './http/testing/dkim.ts';

interface Mail {
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  raw?: string;
}

interface Sent {
  engine: TestEngine;
  mails: Mail[];
}

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEOPLE = { plain: 0, german: 1, uncounted: 2 } as const;

let files: TestDatabase;
let shops = 0;
beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
});
afterAll(() => files.drop());

interface Opened {
  provider: EmailProvider;
  mail: (id: string) => Mail | undefined;
  close: () => Promise<void>;
}

const PROVIDERS = {
  async SendGrid() {
    const fake = await startSendGridFake();
    return { provider: sendGrid({ apiKey: fake.apiKey, baseUrl: fake.url }), mail: fake.mail, close: fake.close };
  },
  async Resend() {
    const fake = await startResendFake();
    return { provider: resend({ apiKey: fake.apiKey, baseUrl: fake.url }), mail: fake.mail, close: fake.close };
  },
  async SMTP() {
    const fake = await startSmtpFake();
    const dkimKey = KEY.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { provider: smtp({ url: fake.url, dkimSelector: 'rk', dkimKey }), mail: fake.mail, close: fake.close };
  },
} satisfies Record<string, () => Promise<Opened>>;
type Name = keyof typeof PROVIDERS;

/** Three people of one campaign, by one provider: one in Germany, one who does not want to be counted. */
async function send(name: Name, settings: object = {}): Promise<Sent> {
  const { provider, mail, close } = await (PROVIDERS[name] as () => Promise<Opened>)();
  const storeId = await buildStore(files.database, { name: `Shop & Söhne ${String(shops++)}` });
  const engine = buildEngine(files.database, { now: '2026-03-01T00:00:00Z', email: provider, writer: playbookWriter });
  const sql = <Row extends object>(text: string, values: unknown[] = []) =>
    files.database.inStore(storeId, (tx) => tx.rows<Row>(text, values));
  await sql('UPDATE stores SET settings = $1 WHERE id = $2', [JSON.stringify(settings), storeId]);
  const campaign = await buildCampaign(files.database, storeId, { people: 3 });
  await sql('DELETE FROM variants');
  await sql(`UPDATE campaigns SET state = 'draft'`);
  await STAGES.generation(engine, storeId);
  await sql(`UPDATE campaigns SET state = 'running'`);
  await sql(`UPDATE customers SET country = 'DE' WHERE id = $1`, [campaign.customerId(PEOPLE.german)]);
  // In Germany nobody is written to without a yes.
  await sql(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source)
     VALUES ($1, $2, 'email', 'subscribed', 'double_opt_in', $4, 'shop'), ($1, $3, 'tracking', 'subscribed', 'express', $4, 'public'),
       ($1, $3, 'tracking', 'unsubscribed', 'none', $5, 'public')`,
    [
      storeId,
      campaign.customerId(PEOPLE.german),
      campaign.customerId(PEOPLE.uncounted),
      '2026-01-01T00:00:00Z',
      '2026-02-01T00:00:00Z',
    ],
  );
  await STAGES.scheduling(engine, storeId);
  await sql(`UPDATE messages SET scheduled_at = '2026-03-02T09:00:00Z' WHERE state = 'scheduled'`);
  engine.clock.set('2026-03-02T10:00:00Z');
  expect(await STAGES.delivery(engine, storeId)).toMatchObject({ accepted: 3 });
  const rows = await sql<{ id: string; customer_id: string }>('SELECT id, customer_id FROM messages');
  const mails = Object.values(PEOPLE).map((number) => {
    const row = rows.find((one) => one.customer_id === campaign.customerId(number));
    const taken = mail(row?.id ?? '');
    if (!taken) throw new Error('a mail is missing');
    return taken;
  });
  await close();
  return { engine, mails };
}

const ours = (html: string): string[] =>
  [...html.matchAll(/https:\/\/mail\.example\/[^"'\s<>)]*/g)].map(([url]) => url);
const linksTo = (html: string, kind: LinkKind): string[] =>
  ours(html).filter((url) => url.startsWith(`https://mail.example${LINK_PATHS[kind]}`));
const header = (mail: Mail, name: string): string[] =>
  Object.entries(mail.headers)
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);

describe.each(Object.keys(PROVIDERS) as Name[])('a mail by %s', (name) => {
  let sent: Sent;
  beforeAll(async () => {
    sent = await send(name, { tracking: { opens: true, clicks: true, offIn: ['DE'] } });
  }, 60_000);

  test('unsubscribes with one click: one https address, and the header that says so (RFC 8058, 3.1 and 4)', () => {
    for (const mail of sent.mails) {
      expect(header(mail, 'List-Unsubscribe')).toEqual([
        expect.stringMatching(/^<https:\/\/mail\.example\/u\/[\w.-]+>$/),
      ]);
      expect(header(mail, 'List-Unsubscribe-Post')).toEqual(['List-Unsubscribe=One-Click']);
      if (mail.raw === undefined) continue;
      const head = mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n'));
      expect(head.match(/^list-unsubscribe:/gim)).toHaveLength(1);
      expect(head.match(/^list-unsubscribe-post:/gim)).toHaveLength(1);
    }
  });

  test('names the person by what nobody can guess: 128 bits of a keyed hash, and no address', () => {
    const tokens = sent.mails.map(
      (mail) => (header(mail, 'List-Unsubscribe')[0] ?? '').slice(1, -1).split('/u/')[1] ?? '',
    );
    expect(new Set(tokens).size).toBe(sent.mails.length);
    for (const token of tokens) {
      expect(readLink(sent.engine.keys, 'unsubscribe', token)).toMatchObject({ kind: 'unsubscribe' });
      const [, payload = '', mac = ''] = token.split('.');
      expect(Buffer.from(mac, 'base64url')).toHaveLength(16);
      // Three ids of 16 bytes, and nothing else.
      expect(Buffer.from(payload, 'base64url')).toHaveLength(48);
    }
  });

  test('has a plain text that says the same, with the way out and the postal address', () => {
    for (const mail of sent.mails) {
      expect(mail.text).not.toMatch(/<[a-z]/i);
      expect(mail.text).toContain('1 Test Street, 28001 Madrid, Spain');
      expect(linksTo(mail.text, 'unsubscribe')).toHaveLength(1);
      expect(mail.text.length).toBeGreaterThan(150);
    }
  });

  test('shows who sends it, where that is, and a way out that can be seen', () => {
    for (const mail of sent.mails) {
      expect(mail.html).toContain('1 Test Street, 28001 Madrid, Spain');
      const [link = ''] = linksTo(mail.html, 'unsubscribe');
      const anchor = new RegExp(`<a[^>]*href="${link.replaceAll('.', String.raw`\.`)}"[^>]*>([^<]+)</a>`).exec(
        mail.html,
      );
      expect(anchor?.[1]?.trim()).toMatch(/unsubscribe/i);
      expect(anchor?.[0]).not.toMatch(/display:\s*none|font-size:\s*[0-8]px|visibility:\s*hidden/);
    }
  });

  test('leads to our signed addresses and the shop, and nowhere else', () => {
    for (const mail of sent.mails)
      for (const [, url = ''] of mail.html.matchAll(/(?:href|src)="([^"]+)"/g))
        expect(url).toMatch(/^https:\/\/(mail\.example\/[cpuo]\/[\w.-]+|shop\.example\/?)$/);
  });

  test('counts opens and clicks where it may', () => {
    const [mail] = sent.mails;
    expect(linksTo(mail?.html ?? '', 'open')).toHaveLength(1);
    expect(linksTo(mail?.html ?? '', 'click').length).toBeGreaterThan(0);
  });

  test.each([
    ['in a country where the store counts nobody', PEOPLE.german],
    ['of somebody who asked not to be counted', PEOPLE.uncounted],
  ])('carries no pixel and plain links %s', (_, person) => {
    const mail = sent.mails[person];
    for (const part of [mail?.html ?? '', mail?.text ?? '']) {
      expect([...linksTo(part, 'open'), ...linksTo(part, 'click')]).toEqual([]);
      expect(part).toContain('https://shop.example');
      expect(part).not.toMatch(/<img[^>]*(width="1"|height="1")/);
    }
  });
});

test.each([
  [{ opens: false, clicks: false }, [0, 0]],
  [{ opens: true, clicks: false }, [1, 0]],
  [{ opens: false, clicks: true }, [0, 1]],
])('a store that counts %o sends nothing else that counts', async (tracking, [pixels, clicks]) => {
  const { mails } = await send('SMTP', { tracking });
  const html = mails[PEOPLE.plain]?.html ?? '';
  expect([linksTo(html, 'open').length, Math.min(1, linksTo(html, 'click').length)]).toEqual([pixels, clicks]);
});

describe('the signature of a mail by SMTP', () => {
  const dns = zoneDns([
    {
      type: 'TXT',
      host: 'rk._domainkey.shop.example',
      value: `v=DKIM1; k=rsa; p=${KEY.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
    },
  ]);

  test('covers what RFC 8058 asks for, in the name of the sender’s domain, and holds nothing that was changed', async () => {
    const { mails } = await send('SMTP');
    for (const { raw = '' } of mails) {
      const verdict = await verifyDkim(raw, dns);
      expect(verdict).toMatchObject({ pass: true, domain: 'shop.example' });
      expect(verdict).toHaveProperty(
        'covered',
        expect.arrayContaining([
          'from',
          'to',
          'subject',
          'date',
          'message-id',
          'list-unsubscribe',
          'list-unsubscribe-post',
        ]),
      );
      for (const change of [
        (text: string) => text.replace(/^(List-Unsubscribe:\s+<https:\/\/mail\.)example/m, '$1evil'),
        (text: string) => text.replace('List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Clicks'),
        (text: string) => text.replace(/^From: .*$/m, 'From: Somebody <else@shop.example>'),
        (text: string) => text.replace(/^Subject: /m, 'Subject: Re: '),
      ]) {
        const changed = change(raw);
        expect(changed).not.toBe(raw);
        expect(await verifyDkim(changed, dns)).toEqual({ pass: false, why: 'a header was changed' });
      }
      expect(await verifyDkim(`${raw}more\r\n`, dns)).toEqual({ pass: false, why: 'the body was changed' });
    }
  });
});
