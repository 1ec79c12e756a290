/** SendGrid's signed event webhook: what it says of a message, in its own words, posted in batches. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Clock, ProviderEvent, Random } from '@rekindle/core';

/** What happened, in our words; the fake says it in SendGrid's. */
export type EmittedEvent = Pick<ProviderEvent, 'kind' | 'at' | 'messageId'> &
  Partial<Pick<ProviderEvent, 'permanent' | 'userAgent' | 'machine' | 'url' | 'reason'>>;

export interface EmitOptions {
  /** Copies of every event beside the first. Default 0 */
  duplicates?: number;
  /** In another order than they happened */
  shuffle?: boolean;
}

const NAMES: Record<ProviderEvent['kind'], string> = {
  processed: 'processed',
  delivered: 'delivered',
  deferred: 'deferred',
  open: 'open',
  click: 'click',
  bounce: 'bounce',
  dropped: 'dropped',
  complaint: 'spamreport',
  unsubscribe: 'unsubscribe',
};
/** SendGrid posts what came together within a second or so. */
const MOST = 1000;

export interface WebhookSender {
  /** base64 of the DER form, as SendGrid's settings page shows it */
  readonly publicKey: string;
  /** A signed request as SendGrid would send it, without sending it. */
  signed(events: object[]): { headers: Record<string, string>; body: Uint8Array };
  /** The headers that sign a body as it stands. */
  signatureOf(body: Uint8Array): Record<string, string>;
  /** Posts events. Resolves when all were answered 2xx; rejects with the status where one was not. */
  emit(url: string, events: EmittedEvent[], options?: EmitOptions): Promise<void>;
  wire(event: EmittedEvent): object;
}

export interface WebhookContext {
  clock: Clock;
  random: Random;
  /** Address and id argument of a message that was taken */
  about(messageId: string): { email: string; idArgument: string };
}

export function webhookSender(context: WebhookContext): WebhookSender {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let count = 0;

  const sender: WebhookSender = {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    signed(events) {
      // As SendGrid writes it: a line end after every event, which is part of what is signed.
      const body = Buffer.from(`${JSON.stringify(events).split('},{').join('},\r\n{')}\r\n`);
      return {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'SendGrid Event API',
          ...sender.signatureOf(body),
        },
        body,
      };
    },
    signatureOf(body) {
      const timestamp = String(Math.floor(context.clock.now().getTime() / 1000));
      const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString('base64');
      return {
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      };
    },
    wire(event) {
      const { email, idArgument } = context.about(event.messageId);
      const id = createHash('sha256')
        .update(`${event.messageId} ${String(count++)}`)
        .digest('base64url')
        .slice(0, 22);
      return {
        email,
        timestamp: Math.floor(event.at.getTime() / 1000),
        event: NAMES[event.kind],
        sg_event_id: id,
        sg_message_id: `${event.messageId}.recvd-fake-0`,
        'smtp-id': `<${event.messageId}@fake.sendgrid.invalid>`,
        [idArgument]: event.messageId,
        ...(event.kind === 'bounce' && {
          type: event.permanent === false ? 'blocked' : 'bounce',
          status: event.permanent === false ? '4.7.1' : '5.1.1',
        }),
        ...(event.reason !== undefined && { reason: event.reason }),
        ...(event.userAgent !== undefined && { useragent: event.userAgent }),
        ...(event.url !== undefined && { url: event.url }),
        ...(event.machine !== undefined && { sg_machine_open: event.machine }),
      };
    },
    async emit(url, events, options = {}) {
      const wired = events.map((event) => sender.wire(event));
      const all = wired.flatMap((event) => Array.from({ length: 1 + (options.duplicates ?? 0) }, () => event));
      if (options.shuffle === true) shuffle(all, context.random);
      for (let start = 0; start < all.length; start += MOST) {
        const { headers, body } = sender.signed(all.slice(start, start + MOST));
        const response = await fetch(url, { method: 'POST', headers, body });
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`the event webhook was answered ${String(response.status)}`);
      }
    },
  };
  return sender;
}

/** Fisher–Yates */
function shuffle(list: object[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [list[i], list[j]] = [list[j] as object, list[i] as object];
  }
}
