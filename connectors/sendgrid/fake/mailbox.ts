/**
 * What the fake took. A request's words are kept once, each mail as the values that go into them, and only the newest mails
 * keep those: a hundred thousand mails stay small. How often each message was taken is kept for all.
 */
import type { MailRequest, Personalization } from './request.ts';

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
}

export type MailHead = Pick<FakeMail, 'messageId' | 'at' | 'to' | 'subject'>;

interface Template {
  subject: string;
  from: string;
  replyTo: string | undefined;
  html: string;
  text: string;
  /** Matches any substitution tag of the request */
  tags: RegExp | undefined;
}

interface Kept {
  template: Template;
  at: number;
  /** The personalization's JSON: off the heap, and one piece */
  rest: Buffer;
}

export interface Mailbox {
  /** Takes a request's mails and gives their ids, in order. */
  take(request: MailRequest, at: Date): string[];
  /** A kept mail, whole; undefined where it was never taken or is not kept any more. */
  mail: (messageId: string) => FakeMail | undefined;
  /** How many are kept. */
  readonly size: number;
  /** Kept mails from the `skip`-th on, newest first, without their bodies; each is put together when it is looked at. */
  newest(skip?: number): Iterable<MailHead>;
  /** How often each message was taken. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Name of the custom argument that holds the message's id */
  readonly idArgument: string;
  clear(): void;
}

export function createMailbox(keep: number): Mailbox {
  const accepted = new Map<string, number>();
  // A Map remembers the order in which its keys came.
  const kept = new Map<string, Kept>();
  let idArgument = 'id';
  let unnamed = 0;

  function open(messageId: string, mail: Kept) {
    const one = JSON.parse(mail.rest.toString()) as Personalization;
    const { template } = mail;
    const put = (text: string): string =>
      template.tags === undefined ? text : text.replace(template.tags, (tag) => one.substitutions?.[tag] ?? tag);
    const head: MailHead = {
      messageId,
      at: new Date(mail.at),
      to: one.to.map((to) => to.email).join(', '),
      subject: put(one.subject ?? template.subject),
    };
    return { one, template, put, head };
  }

  function read(messageId: string, mail: Kept): FakeMail {
    const { one, template, put, head } = open(messageId, mail);
    return {
      ...head,
      from: template.from,
      html: put(template.html),
      text: put(template.text),
      headers: { ...(template.replyTo !== undefined && { 'Reply-To': put(template.replyTo) }), ...one.headers },
    };
  }

  return {
    accepted,
    get idArgument() {
      return idArgument;
    },
    take(request, at) {
      const template = templateOf(request);
      return request.personalizations.map((one) => {
        const [argument] = Object.entries(one.custom_args ?? {});
        if (argument) idArgument = argument[0];
        const id = argument?.[1] ?? `unnamed-${String(unnamed++)}`;
        accepted.set(id, (accepted.get(id) ?? 0) + 1);
        kept.delete(id);
        kept.set(id, { template, at: at.getTime(), rest: Buffer.from(JSON.stringify(one)) });
        if (kept.size > keep) kept.delete(kept.keys().next().value ?? '');
        return id;
      });
    },
    mail(messageId) {
      const mail = kept.get(messageId);
      return mail && read(messageId, mail);
    },
    get size() {
      return kept.size;
    },
    *newest(skip = 0) {
      for (const [id, mail] of [...kept].toReversed().slice(skip)) yield open(id, mail).head;
    },
    clear() {
      accepted.clear();
      kept.clear();
    },
  };
}

function templateOf(request: MailRequest): Template {
  const part = (type: string): string => request.content.find((one) => one.type === type)?.value ?? '';
  const tags = new Set(request.personalizations.flatMap((one) => Object.keys(one.substitutions ?? {})));
  // Longer tags first: one may begin with another.
  const pattern = [...tags]
    .toSorted((a, b) => b.length - a.length)
    .map((tag) => tag.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return {
    subject: request.subject ?? '',
    from: request.from.name ? `${request.from.name} <${request.from.email}>` : request.from.email,
    replyTo: request.reply_to?.email,
    html: part('text/html'),
    text: part('text/plain'),
    tags: pattern.length === 0 ? undefined : new RegExp(pattern.join('|'), 'g'),
  };
}
