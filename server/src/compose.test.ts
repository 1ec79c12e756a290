/** Which provider mails, chosen by configuration alone, each against its fake over real sockets. */
import { afterEach, describe, expect, test } from 'vitest';
import { readConfig, type MailBatch } from '@rekindle/core';
import { startResendFake } from '@rekindle/connector-resend/fake';
import { startSendGridFake } from '@rekindle/connector-sendgrid/fake';
import { startSmtpFake } from '@rekindle/connector-smtp/fake';
import { openEmailProvider } from './compose.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const mail: MailBatch = {
  batchId: 'b-1',
  from: { email: 'hello@shop.example', name: 'Shop' },
  template: { subject: 'For \u00010\u0002', html: '<p>\u00010\u0002', text: '\u00010\u0002' },
  recipients: [{ messageId: 'm-1', email: 'ana@example.com', gaps: ['Ana'], headers: {} }],
};

const KEYS = { SENDGRID_API_KEY: 'SG.x', SMTP_URL: 'smtp://mail.example', RESEND_API_KEY: 're_x' };
const open = (env: Record<string, string>) => openEmailProvider(readConfig(env));

describe('who mails', () => {
  test.each([
    ['sendgrid', { SENDGRID_API_KEY: KEYS.SENDGRID_API_KEY }],
    ['smtp', { SMTP_URL: KEYS.SMTP_URL }],
    ['resend', { RESEND_API_KEY: KEYS.RESEND_API_KEY }],
  ])('%s, by the only key that is set', (name, env) => {
    expect(open(env).name).toBe(name);
  });

  test.each(['sendgrid', 'smtp', 'resend'])('%s, by name among several', (name) => {
    expect(open({ ...KEYS, EMAIL_PROVIDER: name }).name).toBe(name);
  });

  test('nobody is guessed', () => {
    expect(() => open({})).toThrow('none of SENDGRID_API_KEY, SMTP_URL, RESEND_API_KEY is set');
    expect(() => open({ SMTP_URL: KEYS.SMTP_URL, RESEND_API_KEY: 're_x' })).toThrow('EMAIL_PROVIDER says which');
    expect(() => open({ EMAIL_PROVIDER: 'smtp', RESEND_API_KEY: 're_x' })).toThrow('SMTP_URL is not set');
    expect(() => open({ EMAIL_PROVIDER: 'pigeon' })).toThrow('EMAIL_PROVIDER must be sendgrid, smtp or resend');
    expect(() => open({ SMTP_URL: 'http://mail.example' })).toThrow('SMTP_URL must be an address such as smtp://');
  });
});

test.each<[string, () => Promise<{ env: Record<string, string>; taken: () => number | undefined }>]>([
  [
    'sendgrid',
    async () => {
      const fake = await startSendGridFake();
      closing.push(fake.close);
      return {
        env: { SENDGRID_API_KEY: fake.apiKey, SENDGRID_URL: fake.url, SENDGRID_WEBHOOK_KEY: fake.publicKey },
        taken: () => fake.accepted.get('m-1'),
      };
    },
  ],
  [
    'smtp',
    async () => {
      const fake = await startSmtpFake();
      closing.push(fake.close);
      return { env: { SMTP_URL: fake.url }, taken: () => fake.accepted.get('m-1') };
    },
  ],
  [
    'resend',
    async () => {
      const fake = await startResendFake();
      closing.push(fake.close);
      return {
        env: { RESEND_API_KEY: fake.apiKey, RESEND_URL: fake.url, RESEND_WEBHOOK_KEY: fake.webhookKey },
        taken: () => fake.accepted.get('m-1'),
      };
    },
  ],
])('a mail goes through %s at the address that the configuration names', async (_, start) => {
  const { env, taken } = await start();
  expect(await open(env).send(mail)).toMatchObject({ outcome: 'accepted' });
  expect(taken()).toBe(1);
});
