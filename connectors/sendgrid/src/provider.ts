/** The EmailProvider: what is asked of every provider, by SendGrid's v3 API. */
import { fail, type EmailProvider, type MailBatch, type SendResult } from '@rekindle/core';
import { fromAnswer, fromFailure } from './answer.ts';
import { mailService, type ClientOptions } from './client.ts';
import { LIMITS, toMail, tooLong } from './map.ts';
import { readEvents, readPublicKey } from './webhooks.ts';

export interface SendGridOptions extends ClientOptions {
  /** Public key of the signed event webhook, base64 as the settings page shows it. Without it no webhook is taken. */
  webhookKey?: string | undefined;
}

/** Throws `bad_configuration` where a key cannot be one. */
export function sendGrid(options: SendGridOptions): EmailProvider {
  const service = mailService(options);
  const key = options.webhookKey === undefined ? undefined : readPublicKey(options.webhookKey);
  return {
    name: 'sendgrid',
    maximumBatch: LIMITS.personalizations,
    // SendGrid knows no idempotency key.
    idempotent: false,
    send: (batch) => send(service, batch),
    readEvents(webhook, now) {
      if (!key) throw fail('unauthorised', 'No webhook is expected: SENDGRID_WEBHOOK_KEY is not set.');
      return readEvents(key, webhook, now);
    },
  };
}

async function send(service: ReturnType<typeof mailService>, batch: MailBatch): Promise<SendResult> {
  const long = tooLong(batch);
  if (long !== undefined)
    return {
      outcome: 'refused',
      status: 0,
      retryable: false,
      error: `what differs in message ${long} is more than SendGrid takes (${String(LIMITS.substitutionBytes)} bytes)`,
    };
  try {
    const [answer] = await service.send(toMail(batch));
    return fromAnswer(answer.statusCode, answer.headers as Record<string, unknown>);
  } catch (error) {
    return fromFailure(error);
  }
}
