/** An e-mail provider in memory that counts what it accepted, by message, and misbehaves as told. */
import type { EmailProvider, MailBatch, MailRecipient, SendResult } from '../ports.ts';

/**
 * What to do with a request. `lost` answers are in doubt: `accept` says whether the mails were taken all the same.
 * `throw` is an adapter that breaks its word, after taking the mails.
 */
export type Behaviour =
  | { kind: 'accept' }
  | { kind: 'later'; retryAfterSeconds?: number }
  | { kind: 'refuse' }
  | { kind: 'lost'; accept: boolean }
  | { kind: 'throw' };

export interface CountingProvider extends EmailProvider {
  /** How often each message was accepted */
  readonly accepted: Map<string, number>;
  readonly requests: MailBatch[];
  /** The last mail of each address */
  readonly mails: Map<string, MailRecipient & { batch: MailBatch }>;
  behave: (batch: MailBatch) => Behaviour | Promise<Behaviour>;
}

/** `name`: a pace is kept by the provider's name, and outlives a test that shares its database. */
export function countingProvider(maximumBatch = 1000, name = 'counting'): CountingProvider {
  const provider: CountingProvider = {
    name,
    maximumBatch,
    idempotent: false,
    accepted: new Map(),
    requests: [],
    mails: new Map(),
    behave: () => ({ kind: 'accept' }),
    async send(batch): Promise<SendResult> {
      provider.requests.push(batch);
      const behaviour = await provider.behave(batch);
      if (behaviour.kind === 'accept' || behaviour.kind === 'throw' || (behaviour.kind === 'lost' && behaviour.accept))
        for (const recipient of batch.recipients) {
          provider.accepted.set(recipient.messageId, (provider.accepted.get(recipient.messageId) ?? 0) + 1);
          provider.mails.set(recipient.email, { ...recipient, batch });
        }
      switch (behaviour.kind) {
        case 'accept':
          return { outcome: 'accepted', status: 202, providerMessageId: `p-${batch.batchId}` };
        case 'later':
          return {
            outcome: 'refused',
            status: 429,
            retryable: true,
            retryAfterSeconds: behaviour.retryAfterSeconds,
            error: 'too many',
          };
        case 'refuse':
          return { outcome: 'refused', status: 400, retryable: false, error: 'not this one' };
        case 'lost':
          return { outcome: 'in_doubt', error: 'the connection was reset' };
        case 'throw':
          throw new Error('the adapter broke its word');
      }
    },
    readEvents: () => [],
    domains: { find: () => Promise.resolve(undefined) },
  };
  return provider;
}
