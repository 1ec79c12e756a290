/**
 * Builds the engine's surroundings from the configuration: the only place that knows which vendor stands behind a port. A
 * vendor's fake is no other code path: the same client, another address.
 */
import {
  fail,
  keysFrom,
  playbookWriter,
  publicUrl,
  type Clock,
  type Config,
  type Connector,
  type CopyWriter,
  type Database,
  type EmailProvider,
  type Engine,
  type Log,
  type Progress,
  type Random,
} from '@rekindle/core';
import { csvConnector, type CsvSettings } from '@rekindle/connector-csv';
import { openaiWriter } from '@rekindle/connector-openai';
import { sendGrid } from '@rekindle/connector-sendgrid';

export interface Around {
  database: Database;
  clock: Clock;
  random: Random;
  log: Log;
  progress?: Progress;
}

/** Throws `bad_configuration` where a key is missing or cannot be one. */
export function composeEngine(config: Config, around: Around): Engine {
  if (config.APP_SECRET === undefined)
    throw fail('bad_configuration', 'APP_SECRET is not set; `openssl rand -hex 32` makes one.');
  return {
    ...around,
    keys: keysFrom(config.APP_SECRET),
    email: emailProvider(config),
    writer: copyWriter(config),
    publicUrl: publicUrl(config),
    connector: (connection) => openConnector(connection),
  };
}

function emailProvider(config: Config): EmailProvider {
  if (config.SENDGRID_API_KEY === undefined)
    throw fail('bad_configuration', 'SENDGRID_API_KEY is not set; without it no mail can be sent.');
  return sendGrid({
    apiKey: config.SENDGRID_API_KEY,
    baseUrl: config.SENDGRID_URL,
    webhookKey: config.SENDGRID_WEBHOOK_KEY,
  });
}

function copyWriter(config: Config): CopyWriter {
  if (config.OPENAI_API_KEY === undefined) return playbookWriter;
  return openaiWriter({ apiKey: config.OPENAI_API_KEY, baseUrl: config.OPENAI_URL, model: config.OPENAI_MODEL });
}

// A function a platform: adding one is a line here.
const CONNECTORS: Record<string, (settings: unknown) => Connector> = {
  csv: (settings) => csvConnector(settings as CsvSettings),
};

async function openConnector(connection: { platform: string; settings: unknown }): Promise<Connector> {
  const open = CONNECTORS[connection.platform];
  if (!open) throw fail('bad_configuration', `There is no connector for the platform ${connection.platform}.`);
  return Promise.resolve(open(connection.settings));
}
