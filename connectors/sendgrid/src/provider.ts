/** The EmailProvider: what is asked of every provider, by SendGrid's v3 API. */
import { fail, type EmailProvider, type MailBatch, type SendResult } from '@rekindle/core';
import { fromAnswer, fromFailure } from './answer.ts';
import { openClient, type ClientOptions } from './client.ts';
import { sendGridDomains } from './domains.ts';
import { readInbound } from './inbound.ts';
import { bodyOf, LIMITS, tooLong } from './map.ts';
import { authenticate, readEvents, readPublicKey } from './webhooks.ts';

export interface SendGridOptions extends ClientOptions {
  /** Public key of the signed event webhook, base64 as the settings page shows it. Without it no webhook is taken. */
  webhookKey?: string | undefined;
  /** Public key of the security policy of Inbound Parse. Without it only the secret address guards what comes in. */
  inboundKey?: string | undefined;
}

/** Throws `bad_configuration` where a key cannot be one. */
export function sendGrid(options: SendGridOptions): EmailProvider {
  const client = openClient(options);
  const key = options.webhookKey === undefined ? undefined : readPublicKey(options.webhookKey);
  const inboundKey = options.inboundKey === undefined ? undefined : readPublicKey(options.inboundKey);
  return {
    name: 'sendgrid',
    maximumBatch: LIMITS.personalizations,
    // SendGrid knows no idempotency key.
    idempotent: false,
    send: (batch) => send(client, batch),
    readEvents(webhook, now) {
      if (!key) throw fail('unauthorised', 'No webhook is expected: SENDGRID_WEBHOOK_KEY is not set.');
      return readEvents(key, webhook, now);
    },
    domains: sendGridDomains(client),
    readInbound(webhook, now) {
      if (inboundKey) authenticate(inboundKey, webhook, now);
      return readInbound(webhook);
    },
  };
}

async function send(client: ReturnType<typeof openClient>, batch: MailBatch): Promise<SendResult> {
  const long = tooLong(batch);
  if (long !== undefined)
    return {
      outcome: 'refused',
      status: 0,
      retryable: false,
      error: `what differs in message ${long} is more than SendGrid takes (${String(LIMITS.substitutionBytes)} bytes)`,
    };
  try {
    // The client takes the text as it stands, though its types speak of objects.
    const body = bodyOf(batch) as unknown as object;
    const [answer] = await client.request({ method: 'POST', url: '/v3/mail/send', body });
    return fromAnswer(answer.statusCode, answer.headers as Record<string, unknown>);
  } catch (error) {
    return fromFailure(error);
  }
}
