/** The EmailProvider: what is asked of every provider, by SMTP. */
import { fail, type EmailProvider, type MailBatch, type SendResult } from '@rekindle/core';
import { fromAttempt } from './answer.ts';
import { smtpClient, type Client, type ClientOptions } from './client.ts';
import { flaw, toMail } from './map.ts';

export type SmtpOptions = ClientOptions;

/** Throws `bad_configuration` where the address cannot be one. */
export function smtp(options: SmtpOptions): EmailProvider {
  const client = smtpClient(options);
  return {
    name: 'smtp',
    // A batch is one fate. Two mails are two transactions, and one may be taken while the other is refused.
    maximumBatch: 1,
    // A server that is told the same Message-ID twice delivers twice.
    idempotent: false,
    send: (batch) => send(client, batch),
    readEvents() {
      throw fail('unauthorised', 'No webhook is expected: mail servers send none. What they say stands in the answer.');
    },
  };
}

async function send(client: Client, batch: MailBatch): Promise<SendResult> {
  const [recipient, ...others] = batch.recipients;
  if (!recipient || others.length > 0) return unfit('SMTP takes one mail at a time');
  const wrong = flaw(batch, recipient);
  if (wrong !== undefined) return unfit(`message ${recipient.messageId} cannot be sent: ${wrong}`);
  return fromAttempt(await client.send(toMail(batch, recipient)));
}

function unfit(error: string): SendResult {
  return { outcome: 'refused', status: 0, retryable: false, error };
}
