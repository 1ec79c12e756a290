/** Web and worker of a local run: the process of production, with SendGrid's stand-in where SendGrid would be. */
import { createLog, systemRandom, wallClock, type Config, type Database } from '@rekindle/core';
import { composeEngine } from '../compose.ts';
import { startProcess, type Running } from '../process.ts';
import type { Demo } from './demo.ts';
import type { LocalPlatforms } from './platforms.ts';

export async function serve(
  config: Config,
  database: Database,
  { mails, storeId }: Demo,
  platforms: LocalPlatforms,
): Promise<Running> {
  // At a terminal the one URL is the message; what goes wrong is said beside it.
  const level = config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
  const log = createLog({ level, readable: process.stderr.isTTY });
  // Whatever the environment names: no mail of a local run leaves the machine.
  const local: Config = {
    ...config,
    ...platforms.config,
    EMAIL_PROVIDER: 'sendgrid',
    SENDGRID_API_KEY: mails.apiKey,
    SENDGRID_URL: mails.url,
    SENDGRID_WEBHOOK_KEY: mails.publicKey,
  };
  const engine = composeEngine(local, { database, clock: wallClock, random: systemRandom(), log, standIn: true });
  const running = await startProcess(engine, {
    ...config,
    // Its card's calls are answered; the app inside the Shopify admin is not played here.
    HUBSPOT_CLIENT_SECRET: local.HUBSPOT_CLIENT_SECRET,
    ROLE: 'all',
  });
  mails.setWebhookUrl(`http://127.0.0.1:${String(running.port)}/webhooks/sendgrid/${storeId}`);
  await platforms.connect(engine, running.url);
  return running;
}
