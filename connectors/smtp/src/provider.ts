/** The EmailProvider: what is asked of every provider, by SMTP. */
import { fail, type EmailProvider, type MailBatch, type SendResult } from '@rekindle/core';
import { fromAttempt } from './answer.ts';
import { smtpClient, type Client, type ClientOptions } from './client.ts';
import { domainOf, flaw, toMail } from './map.ts';
import { signerFrom, type Signer, type SignOptions } from './sign.ts';

export type SmtpOptions = ClientOptions & SignOptions;

/** Throws `bad_configuration` where the address or the key cannot be one. */
export function smtp(options: SmtpOptions): EmailProvider {
  const client = smtpClient(options);
  const signer = signerFrom(options);
  return {
    name: 'smtp',
    // A batch is one fate. Two mails are two transactions, and one may be taken while the other is refused.
    maximumBatch: 1,
    // A server that is told the same Message-ID twice delivers twice.
    idempotent: false,
    send: (batch) => send(client, signer, batch),
    readEvents() {
      throw fail('unauthorised', 'No webhook is expected: mail servers send none. What they say stands in the answer.');
    },
    domains: signer.domains,
  };
}

async function send(client: Client, signer: Signer, batch: MailBatch): Promise<SendResult> {
  const [recipient, ...others] = batch.recipients;
  if (!recipient || others.length > 0) return unfit('SMTP takes one mail at a time');
  const wrong = flaw(batch, recipient);
  if (wrong !== undefined) return unfit(`message ${recipient.messageId} cannot be sent: ${wrong}`);
  const dkim = signer.signFor(domainOf(batch.from.email));
  return fromAttempt(await client.send({ ...toMail(batch, recipient), ...(dkim && { dkim }) }));
}

function unfit(error: string): SendResult {
  return { outcome: 'refused', status: 0, retryable: false, error };
}
