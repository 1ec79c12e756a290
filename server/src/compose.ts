/**
 * Builds the engine's surroundings from the configuration: the only place that knows which vendor stands behind a port. A
 * vendor's fake is no other code path: the same client, another address.
 */
import {
  credentialsOf,
  fail,
  keysFrom,
  playbookWriter,
  publicUrl,
  type Clock,
  type Config,
  type CopyWriter,
  type Database,
  type EmailProvider,
  type Engine,
  type Log,
  type Progress,
  type Random,
} from '@rekindle/core';
import { openaiWriter } from '@rekindle/connector-openai';
import { resend } from '@rekindle/connector-resend';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { smtp } from '@rekindle/connector-smtp';
import { openDns } from './dns.ts';
import { openConnector, pageAddress, platformWebhooks } from './platforms.ts';
import { createMeter, type ProcessMeter } from './meter.ts';

export interface Around {
  database: Database;
  clock: Clock;
  random: Random;
  log: Log;
  progress?: Progress;
  /**
   * The mail provider is a stand-in on this machine, for a demo or a local run: its sending domain is not looked up. Refused
   * for any other address.
   */
  standIn?: boolean;
}

/** An engine whose work is counted for /metrics. */
export type Composed = Engine & { readonly meter: ProcessMeter };

/** Throws `bad_configuration` where a key is missing or cannot be one. */
export function composeEngine(config: Config, { standIn = false, ...around }: Around): Composed {
  if (config.APP_SECRET === undefined)
    throw fail('bad_configuration', 'APP_SECRET is not set; `openssl rand -hex 32` makes one.');
  const keys = keysFrom(config.APP_SECRET);
  const email = openEmailProvider(config);
  if (config.REPLY_DOMAIN !== undefined && email.readInbound === undefined)
    throw fail('bad_configuration', `REPLY_DOMAIN is set, but ${email.name} takes in no mail; sendgrid does.`);
  const meter = createMeter({ input: config.OPENAI_INPUT_PRICE, output: config.OPENAI_OUTPUT_PRICE });
  return {
    ...around,
    keys,
    meter,
    email,
    replyDomain: config.REPLY_DOMAIN,
    pageAddress: (path, connections) => pageAddress(config, path, connections),
    dns: standIn ? noDns(config) : openDns({ servers: config.DNS_SERVERS }),
    writer: copyWriter(config, meter),
    publicUrl: publicUrl(config),
    webhooks: platformWebhooks(config, keys),
    // What it throws is thrown to who waits for it.
    connector: async (connection) => {
      const credentials = credentialsOf({ database: around.database, keys }, connection);
      return Promise.resolve(openConnector({ ...connection, credentials }, config));
    },
  };
}

/** A real provider's mails are sent from a domain that was looked at, whoever starts the engine. */
function noDns(config: Config): null {
  const { SENDGRID_URL: address } = config;
  if (config.EMAIL_PROVIDER !== 'sendgrid' || !LOOPBACK.test(new URL(address).hostname))
    throw fail('internal', 'Only a stand-in on this machine may send from a domain that nobody looked at.');
  return null;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

type ProviderName = NonNullable<Config['EMAIL_PROVIDER']>;

// A line each: the key that it cannot do without, and how it is opened with that.
const PROVIDERS: Record<
  ProviderName,
  {
    key: 'SENDGRID_API_KEY' | 'SMTP_URL' | 'RESEND_API_KEY';
    open: (value: string, config: Config) => EmailProvider;
  }
> = {
  sendgrid: {
    key: 'SENDGRID_API_KEY',
    open: (apiKey, config) =>
      sendGrid({
        apiKey,
        baseUrl: config.SENDGRID_URL,
        webhookKey: config.SENDGRID_WEBHOOK_KEY,
        inboundKey: config.SENDGRID_INBOUND_KEY,
      }),
  },
  smtp: {
    key: 'SMTP_URL',
    open: (url, config) =>
      smtp({ url, dkimSelector: config.SMTP_DKIM_SELECTOR, dkimKey: config.SMTP_DKIM_KEY, spf: config.SMTP_SPF }),
  },
  resend: {
    key: 'RESEND_API_KEY',
    open: (apiKey, config) => resend({ apiKey, baseUrl: config.RESEND_URL, webhookKey: config.RESEND_WEBHOOK_KEY }),
  },
};

/** Who mails: whom EMAIL_PROVIDER names, else the only one with a key. Throws `bad_configuration`. */
export function openEmailProvider(config: Config): EmailProvider {
  const { key, open } = PROVIDERS[config.EMAIL_PROVIDER ?? onlyProvider(config)];
  const value = config[key];
  if (value === undefined) throw fail('bad_configuration', `${key} is not set; without it no mail can be sent.`);
  return open(value, config);
}

function onlyProvider(config: Config): ProviderName {
  const names = Object.keys(PROVIDERS) as ProviderName[];
  const [name, ...others] = names.filter((one) => config[PROVIDERS[one].key] !== undefined);
  if (name !== undefined && others.length === 0) return name;
  const keys = names.map((one) => PROVIDERS[one].key).join(', ');
  // To guess would send somebody's campaign through the wrong door.
  throw name === undefined
    ? fail('bad_configuration', `No mail can be sent: none of ${keys} is set.`)
    : fail('bad_configuration', `More than one of ${keys} is set; EMAIL_PROVIDER says which is meant.`);
}

function copyWriter(config: Config, meter: ProcessMeter): CopyWriter {
  if (config.OPENAI_API_KEY === undefined) return playbookWriter;
  return openaiWriter({
    apiKey: config.OPENAI_API_KEY,
    baseUrl: config.OPENAI_URL,
    model: config.OPENAI_MODEL,
    onUsage: (used) => {
      meter.countTokens(used);
    },
  });
}
