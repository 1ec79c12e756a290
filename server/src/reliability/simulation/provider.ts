/** The provider of a simulated store: in memory, by virtual time, with all the ways in which an answer can go wrong. */
import type { EmailProvider, MailBatch, ProviderEvent, Random, SendResult } from '@rekindle/core';

export interface SimulatedProvider {
  /** As one worker sees it. `hold`: a request that takes long; the answer comes when the promise resolves, or never. */
  seenBy(hold: () => Promise<void>): EmailProvider;
  /** Events that have become known since they were asked for last, copies among them */
  news(): ProviderEvent[];
}

export interface ProviderOptions {
  /** Of this life alone: all who send through one provider share its pace */
  name: string;
  random: Random;
  now: () => number;
  /** Share of the requests that meet a fault */
  faults: number;
  onStart: (batch: MailBatch) => void;
  onTaken: (batch: MailBatch) => void;
}

const NO_ANSWER: SendResult = { outcome: 'in_doubt', error: 'the connection was reset' };

export function simulatedProvider(options: ProviderOptions): SimulatedProvider {
  const { random, now } = options;
  const known: ProviderEvent[] = [];
  let count = 0;

  function take(batch: MailBatch): void {
    options.onTaken(batch);
    for (const { messageId } of batch.recipients) {
      const event = (kind: ProviderEvent['kind'], more: Partial<ProviderEvent> = {}): ProviderEvent => ({
        vendorEventId: `e${String(++count)}`,
        kind,
        at: new Date(now()),
        messageId,
        ...more,
      });
      known.push(event('processed'));
      const fate = random.next();
      if (fate < 0.04) known.push(event('bounce', { permanent: true }));
      else if (fate < 0.06) known.push(event('complaint'));
      else if (fate < 0.5) known.push(event('delivered'));
    }
  }

  async function send(batch: MailBatch, hold: () => Promise<void>): Promise<SendResult> {
    options.onStart(batch);
    const drawn = random.next() / options.faults;
    if (drawn < 0.2)
      return { outcome: 'refused', status: 429, retryable: true, error: 'too many', retryAfterSeconds: 60 };
    if (drawn < 0.3) return NO_ANSWER;
    take(batch);
    if (drawn < 0.5) return NO_ANSWER;
    if (drawn < 0.6) throw new Error('the adapter broke its word');
    if (drawn < 1) await hold();
    return { outcome: 'accepted', status: 202, providerMessageId: `p-${batch.batchId}` };
  }

  function order(event: ProviderEvent): number {
    // As good as shuffled, and the same every time.
    return (Number(event.vendorEventId.slice(1)) * 7919) % 101;
  }
  return {
    seenBy: (hold) => ({
      name: options.name,
      maximumBatch: 5,
      idempotent: false,
      send: (batch) => send(batch, hold),
      readEvents: (raw) =>
        (JSON.parse(Buffer.from(raw.body).toString()) as ProviderEvent[]).map((event) => ({
          ...event,
          at: new Date(event.at),
        })),
      domains: { find: () => Promise.resolve(undefined) },
    }),
    news() {
      const told = known.splice(0);
      const copies = told.filter(() => random.next() < 0.3);
      return [...told, ...copies].toSorted((a, b) => order(a) - order(b));
    },
  };
}
