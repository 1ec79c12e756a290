/**
 * The configuration: every key of the environment that Rekindle knows, read once, by one schema. The only place that reads
 * process.env (a lint rule keeps it so). docs/operations.md has its table generated from here.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { fail } from './errors.ts';

function address(protocol: RegExp, example: string): z.ZodType<string> {
  return z.url({ protocol, error: `must be an address such as ${example}` });
}

/** An IP address, with a port or without. */
function isServer(text: string): boolean {
  const [, six, four] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  return isIP(six ?? four ?? text) !== 0;
}

const port = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .min(0, 'must be a port from 0 to 65535 (0: any free one)')
  .max(65535, 'must be a port from 0 to 65535 (0: any free one)');

export const configSchema = z.object({
  DATABASE_URL: address(/^postgres(ql)?$/, 'postgresql://user:password@host:5432/database')
    .optional()
    .describe(
      'PostgreSQL 14 or later, with the rights to create tables and roles. Without it an own PostgreSQL is started in REKINDLE_HOME.',
    ),
  REDIS_URL: address(/^rediss?$/, 'redis://host:6379')
    .optional()
    .describe('Moves the queues from PostgreSQL to Redis.'),
  APP_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters; `openssl rand -hex 32` makes one')
    .optional()
    .describe(
      'Root of all keys: tokens in mails, sealed credentials, the database role. At least 32 characters. Without it one is made and kept in REKINDLE_HOME.',
    ),
  PORT: port.default(3400).describe('Where the web server listens; 0 takes any free port.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address to listen on; 0.0.0.0 is every one. The stand-alone dashboard has no sign-in and is only served on loopback.',
    ),
  ROLE: z
    .enum(['all', 'web', 'public', 'worker'], 'must be all, web, public or worker')
    .default('all')
    .describe('What this process does: web (dashboard and API), public (links in mails), worker (the stages), or all.'),
  PUBLIC_URL: address(/^https?$/, 'https://mail.example.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('Address that links in mails point to. Default: http://127.0.0.1 with the port.'),
  EMAIL_PROVIDER: z
    .enum(['sendgrid', 'smtp', 'resend'], 'must be sendgrid, smtp or resend')
    .optional()
    .describe(
      'Who sends the mails. Default: the one of them whose key or address is set. A local run (npm start) uses none of them.',
    ),
  SENDGRID_API_KEY: z
    .string()
    .optional()
    .describe(
      'Sends through SendGrid. A local run (npm start) never uses it: its mails go to a stand-in and stay on the machine.',
    ),
  SENDGRID_URL: address(/^https?$/, 'https://api.sendgrid.com')
    .default('https://api.sendgrid.com')
    .describe('Where the SendGrid API is (https://api.eu.sendgrid.com for the EU).'),
  SENDGRID_WEBHOOK_KEY: z
    .string()
    .optional()
    .describe("Public key of SendGrid's signed event webhook, base64 as its settings page shows it."),
  REPLY_DOMAIN: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i, 'must be a name such as reply.example.com')
    .transform((name) => name.toLowerCase())
    .optional()
    .describe(
      'Domain at which answers to mails come in, by SendGrid’s Inbound Parse (`rekindle replies` says what to set). Without it they go to each store’s own address.',
    ),
  SENDGRID_INBOUND_KEY: z
    .string()
    .optional()
    .describe(
      'Public key of the security policy of Inbound Parse, base64. Without it only the secret address guards it.',
    ),
  SMTP_URL: address(/^smtps?$/, 'smtp://user:password@host:587')
    .optional()
    .describe(
      'Sends through a mail server, mail by mail: smtp:// (STARTTLS) or smtps://. It reports no bounces or complaints.',
    ),
  SMTP_SPF: z
    .string()
    .regex(
      /^[+?~]?(include|a|mx|ip4|ip6)(:[\w.:/-]+)?( [+?~]?(include|a|mx|ip4|ip6)(:[\w.:/-]+)?)*$/,
      'must be what an SPF record says of the mail server, such as include:_spf.example.com',
    )
    .optional()
    .describe(
      'What the SPF record of a sending domain must say so that the mail server may send for it, such as `include:_spf.example.com`.',
    ),
  SMTP_DKIM_SELECTOR: z
    .string()
    .optional()
    .describe(
      'Name of the key that mails by SMTP are signed with: receivers find it at `<selector>._domainkey.<domain>`. Without it the domain cannot be checked, and no mail is sent.',
    ),
  SMTP_DKIM_KEY: z
    .string()
    .transform((pem) => pem.replaceAll(String.raw`\n`, '\n'))
    .optional()
    .describe(
      'RSA private key, PEM, with which Rekindle signs mails by SMTP; its line ends may be written as `\\n`. Without it the mail server signs.',
    ),
  DNS_SERVERS: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((list) => list.every(isServer), 'must be addresses such as 9.9.9.9,[2620:fe::fe]:53')
    .optional()
    .describe(
      "Where the records of sending domains are looked up, comma between: addresses of DNS servers. Default: the system's own.",
    ),
  RESEND_API_KEY: z.string().optional().describe('Sends through Resend.'),
  RESEND_URL: address(/^https?$/, 'https://api.resend.com')
    .default('https://api.resend.com')
    .describe('Where the Resend API is.'),
  RESEND_WEBHOOK_KEY: z
    .string()
    .optional()
    .describe("Signing secret of Resend's webhook, as its page shows it (whsec_…)."),
  OPENAI_API_KEY: z
    .string()
    .optional()
    .describe('Lets a language model write the mails. Without it the built-in playbook writes them.'),
  OPENAI_URL: address(/^https?$/, 'https://api.openai.com/v1')
    .default('https://api.openai.com/v1')
    .describe('Where the OpenAI API, or one that speaks like it, is.'),
  OPENAI_MODEL: z.string().default('gpt-5-mini').describe('Which model writes.'),
  SHOPIFY_API_KEY: z
    .string()
    .optional()
    .describe(
      'Client id of the app in the Shopify Dev Dashboard. With the next two keys the app opens inside the Shopify admin.',
    ),
  SHOPIFY_API_SECRET: z
    .string()
    .optional()
    .describe("The app's client secret; session tokens and webhooks are signed with it."),
  SHOPIFY_APP_URL: address(/^https?$/, 'https://app.example.com')
    .transform((url) => new URL(url).origin)
    .optional()
    .describe(
      'Address of the app inside the Shopify admin, as `application_url` in shopify.app.toml. Whoever asks under this name needs a session token of Shopify.',
    ),
  SHOPIFY_URL: address(/^https?$/, 'http://127.0.0.1:4000')
    .optional()
    .describe('Where all shops are found instead of at their own addresses: a stand-in on this machine.'),
  HUBSPOT_CLIENT_ID: z
    .string()
    .optional()
    .describe('Client id of the HubSpot app; with the next key it can be connected.'),
  HUBSPOT_CLIENT_SECRET: z
    .string()
    .optional()
    .describe("The HubSpot app's client secret; its webhooks and the calls of its card are signed with it."),
  HUBSPOT_APP_ID: z.string().regex(/^\d+$/, 'must be a number').optional().describe('Number of the HubSpot app.'),
  HUBSPOT_URL: address(/^https?$/, 'https://api.hubapi.com')
    .default('https://api.hubapi.com')
    .describe('Where the HubSpot API is.'),
  SALESFORCE_CLIENT_ID: z
    .string()
    .optional()
    .describe(
      'Consumer key of the external client app in Salesforce, the same for every organisation it is installed in.',
    ),
  SALESFORCE_PRIVATE_KEY: z
    .string()
    .regex(
      /-----BEGIN PRIVATE KEY-----/,
      'must be a PKCS#8 key in PEM; `openssl pkcs8 -topk8 -nocrypt` makes one of any other',
    )
    .transform((pem) => pem.replaceAll(String.raw`\n`, '\n'))
    .optional()
    .describe('Private key of the certificate in that app, PEM; its line ends may be written as `\\n`.'),
  SALESFORCE_LOGIN_URL: address(/^https?$/, 'https://login.salesforce.com')
    .transform((url) => new URL(url).origin)
    .default('https://login.salesforce.com')
    .describe(
      'Where Rekindle signs in to Salesforce; https://test.salesforce.com for sandboxes. A connection may say otherwise.',
    ),
  OPENAI_INPUT_PRICE: z.coerce
    .number('must be a number of dollars')
    .min(0, 'must not be negative')
    .optional()
    .describe(
      'Dollars for a million tokens that are told to the model; with it /metrics shows what the writing costs.',
    ),
  OPENAI_OUTPUT_PRICE: z.coerce
    .number('must be a number of dollars')
    .min(0, 'must not be negative')
    .optional()
    .describe('Dollars for a million tokens that the model writes.'),
  METRICS_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters; `openssl rand -hex 16` makes one')
    .optional()
    .describe('Bearer token for /metrics. Without it the figures are told to this machine only.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'must be trace, debug, info, warn, error or silent')
    .default('info')
    .describe('The least that is logged.'),
  REKINDLE_HOME: z
    .string()
    .default('.rekindle')
    .describe('Folder for what a local run keeps: the embedded database, generated secrets.'),
});

export type Config = z.infer<typeof configSchema>;

/**
 * The configuration in an environment; an empty value counts as none. Throws `bad_configuration` with a sentence that
 * names every wrong key and what to do. A value is never repeated: it may be a secret.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.keys(configSchema.shape).map((key) => [key, env[key] || undefined]));
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
  throw fail('bad_configuration', `The configuration is wrong: ${wrong}. Correct it in the environment or in .env.`);
}

/** The address that links in mails point to. */
export function publicUrl(config: Config): string {
  return config.PUBLIC_URL ?? `http://127.0.0.1:${String(config.PORT)}`;
}
