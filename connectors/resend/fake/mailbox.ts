/** What the fake took: the newest mails whole, and how often each message came. */
import type { WireMail } from './request.ts';

/** A mail as its recipient gets it. */
export interface FakeMail {
  messageId: string;
  at: Date;
  from: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
}

export interface Mailbox {
  /** Takes a request's mails and gives their messages' ids, in order. */
  take(mails: readonly WireMail[], at: Date): string[];
  mail: (messageId: string) => FakeMail | undefined;
  /** How often each message was taken. */
  readonly accepted: ReadonlyMap<string, number>;
}

/** `keep`: mails that stay readable, the newest. */
export function createMailbox(keep: number): Mailbox {
  const accepted = new Map<string, number>();
  const kept = new Map<string, FakeMail>();
  let unnamed = 0;
  return {
    accepted,
    take: (mails, at) =>
      mails.map((mail) => {
        // The one tag that we send names the message.
        const id = mail.tags?.[0]?.value ?? `unnamed-${String(unnamed++)}`;
        accepted.set(id, (accepted.get(id) ?? 0) + 1);
        kept.delete(id);
        kept.set(id, readable(mail, id, at));
        if (kept.size > keep) kept.delete(kept.keys().next().value ?? '');
        return id;
      }),
    mail: (messageId) => kept.get(messageId),
  };
}

function readable(mail: WireMail, messageId: string, at: Date): FakeMail {
  return {
    messageId,
    at,
    from: mail.from,
    to: mail.to,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    headers: { ...(mail.reply_to !== undefined && { 'Reply-To': mail.reply_to }), ...mail.headers },
    tags: Object.fromEntries((mail.tags ?? []).map(({ name, value }) => [name, value])),
  };
}
