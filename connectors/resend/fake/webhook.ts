/** Resend's webhooks: one event each, in its own words, signed as Svix signs. */
import { createHash, createHmac } from 'node:crypto';
import type { Clock, ProviderEvent, Random, RawWebhook } from '@rekindle/core';
import type { FakeMail } from './mailbox.ts';

/** What happened, in our words; the fake says it in Resend's. */
export type EmittedEvent = Pick<ProviderEvent, 'kind' | 'at' | 'messageId'> &
  Partial<Pick<ProviderEvent, 'permanent' | 'userAgent' | 'url' | 'reason'>>;

export interface EmitOptions {
  /** Copies of every event beside the first. Default 0 */
  duplicates?: number;
  /** In another order than they happened */
  shuffle?: boolean;
}

const NAMES: Partial<Record<ProviderEvent['kind'], string>> = {
  processed: 'email.sent',
  delivered: 'email.delivered',
  deferred: 'email.delivery_delayed',
  open: 'email.opened',
  click: 'email.clicked',
  bounce: 'email.bounced',
  dropped: 'email.failed',
  complaint: 'email.complained',
};

export interface WebhookSender {
  /** whsec_…, as Resend's page shows it */
  readonly key: string;
  /** A signed webhook as Resend would send it, without sending it. Throws for what Resend does not tell. */
  signed: (event: EmittedEvent) => RawWebhook;
  /** Posts events. Resolves when all were answered 2xx; rejects with the status where one was not. */
  emit(url: string, events: EmittedEvent[], options?: EmitOptions): Promise<void>;
}

export interface WebhookContext {
  clock: Clock;
  random: Random;
  seed: string;
  mail: (messageId: string) => FakeMail | undefined;
}

export function webhookSender(context: WebhookContext): WebhookSender {
  const secret = createHash('sha256').update(`resend fake ${context.seed}`).digest();
  let count = 0;

  const sender: WebhookSender = {
    key: `whsec_${secret.toString('base64')}`,
    signed(event) {
      const body = Buffer.from(JSON.stringify(wire(event, context.mail(event.messageId))));
      const id = `msg_${createHash('sha256')
        .update(`${event.messageId} ${String(count++)}`)
        .digest('hex')
        .slice(0, 27)}`;
      const timestamp = String(Math.floor(context.clock.now().getTime() / 1000));
      const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64');
      return {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Svix-Webhooks/1.24 (sender-fake)',
          'svix-id': id,
          'svix-timestamp': timestamp,
          'svix-signature': `v1,${signature}`,
        },
        body,
      };
    },
    async emit(url, events, options = {}) {
      const all = events.flatMap((event) => {
        const webhook = sender.signed(event);
        return Array.from({ length: 1 + (options.duplicates ?? 0) }, () => webhook);
      });
      if (options.shuffle === true) shuffle(all, context.random);
      for (const { headers, body } of all) {
        const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`the webhook was answered ${String(response.status)}`);
      }
    },
  };
  return sender;
}

function wire(event: EmittedEvent, mail: FakeMail | undefined): object {
  const type = NAMES[event.kind];
  if (type === undefined) throw new Error(`Resend tells nothing of the kind ${event.kind}`);
  const at = event.at.toISOString();
  const visit = { ipAddress: '192.0.2.1', timestamp: at, userAgent: event.userAgent ?? 'Mozilla/5.0' };
  return {
    type,
    created_at: at,
    data: {
      broadcast_id: null,
      created_at: mail?.at.toISOString() ?? at,
      email_id: createHash('sha256').update(event.messageId).digest('hex').slice(0, 32),
      from: mail?.from ?? 'somebody@example.com',
      to: [mail?.to ?? 'somebody@example.com'],
      subject: mail?.subject ?? '',
      tags: mail?.tags ?? {},
      ...(event.kind === 'bounce' && {
        bounce: {
          type: event.permanent === false ? 'Transient' : 'Permanent',
          subType: 'General',
          message: event.reason ?? 'The recipient’s mail server rejected the mail.',
        },
      }),
      ...(event.kind === 'dropped' && { failed: { reason: event.reason ?? 'reached_daily_quota' } }),
      ...(event.kind === 'open' && { open: visit }),
      ...(event.kind === 'click' && { click: { ...visit, link: event.url ?? 'https://example.com/' } }),
    },
  };
}

/** Fisher–Yates */
function shuffle(list: RawWebhook[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [list[i], list[j]] = [list[j] as RawWebhook, list[i] as RawWebhook];
  }
}
