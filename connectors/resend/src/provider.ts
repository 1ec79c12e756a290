/** The EmailProvider: what is asked of every provider, by Resend's API. */
import { fail, type EmailProvider, type MailBatch, type SendResult } from '@rekindle/core';
import { fromExchange } from './answer.ts';
import { resendClient, type Client, type ClientOptions } from './client.ts';
import { resendDomains } from './domains.ts';
import { LIMITS, toMails, untaggable } from './map.ts';
import { readKey } from './signature.ts';
import { readEvents } from './webhooks.ts';

export interface ResendOptions extends ClientOptions {
  /** Signing secret of the webhook, whsec_… as its page shows it. Without it no webhook is taken. */
  webhookKey?: string | undefined;
}

/** Throws `bad_configuration` where a key cannot be one. */
export function resend(options: ResendOptions): EmailProvider {
  const client = resendClient(options);
  const key = options.webhookKey === undefined ? undefined : readKey(options.webhookKey);
  return {
    name: 'resend',
    maximumBatch: LIMITS.mails,
    // For 24 hours, by the Idempotency-Key.
    idempotent: true,
    send: (batch) => send(client, batch),
    readEvents(webhook, now) {
      if (!key) throw fail('unauthorised', 'No webhook is expected: RESEND_WEBHOOK_KEY is not set.');
      return readEvents(key, webhook, now);
    },
    domains: resendDomains(client),
  };
}

async function send(client: Client, batch: MailBatch): Promise<SendResult> {
  const wrong = untaggable(batch);
  if (wrong)
    return {
      outcome: 'refused',
      status: 0,
      retryable: false,
      error: 'a message’s id is more than Resend takes for a tag (letters, digits, - and _)',
    };
  return fromExchange(await client.sendBatch(toMails(batch), batch.batchId), batch.recipients.length);
}
