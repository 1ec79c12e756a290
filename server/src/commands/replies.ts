/** `replies`: what must be set so that answers to mails come in. */
import { keysFrom, publicUrl, readConfig } from '@rekindle/core';
import type { Command } from 'commander';
import { replySecret } from '../http/webhooks/replies.ts';
import { printResult } from './output.ts';

export function add(program: Command): void {
  program
    .command('replies')
    .description('Answers to mails: the MX record to set, and the address to give to SendGrid.')
    .option('--json', 'print one JSON document')
    .action((options: { json?: boolean }) => show(options.json === true));
}

async function show(json: boolean): Promise<void> {
  const { storedSecret } = await import('./stored.ts');
  const config = readConfig();
  const secret = await storedSecret(config);
  const domain = config.REPLY_DOMAIN ?? 'reply.your-domain.example';
  const address = `${publicUrl(config)}/webhooks/sendgrid/replies/${replySecret(keysFrom(secret), 'sendgrid')}`;
  const mx = `${domain}. MX 10 mx.sendgrid.net.`;
  printResult(json, { set: config.REPLY_DOMAIN !== undefined, mx, address }, [
    ...(config.REPLY_DOMAIN === undefined
      ? ['REPLY_DOMAIN is not set: answers go to each store’s own address. To have them here:', '']
      : []),
    `1. A DNS record for a name that gets no other mail:  ${mx}`,
    `2. REPLY_DOMAIN=${domain}`,
    '3. SendGrid, Settings, Inbound Parse, Add Host & URL: that name, and as Destination URL',
    `   ${address}`,
    '   Whoever knows this address can put answers in people’s mouths: keep it to yourself.',
  ]);
}
