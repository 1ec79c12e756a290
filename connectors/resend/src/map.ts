/** Ours → theirs: one batch becomes one request of up to 100 whole mails. Resend fills no gaps. */
import { fillGaps, renderWhole, type MailBatch, type MailRecipient } from '@rekindle/core';
import type { CreateBatchOptions } from 'resend';

/** The tag under which the message's opaque id travels, and comes back with every event. */
export const MESSAGE_ID_TAG = 'rekindle_message_id';

/** https://resend.com/docs/api-reference/emails/send-batch-emails, https://resend.com/docs/dashboard/emails/tags */
export const LIMITS = { mails: 100, tag: /^[A-Za-z0-9_-]{1,256}$/ };

/** Names that need no quotes in `Name <address>`. */
const PLAIN_NAME = /^[\p{L}\p{N} ’'&!._-]+$/u;

/** The request's content, as the SDK takes it. */
export function toMails(batch: MailBatch): CreateBatchOptions {
  return batch.recipients.map((recipient) => ({
    from: mailbox(batch.from),
    to: recipient.email,
    ...(batch.replyTo !== undefined && { replyTo: fillGaps(batch.replyTo, recipient.gaps) }),
    ...renderWhole(batch.template, recipient.gaps),
    headers: recipient.headers,
    tags: [{ name: MESSAGE_ID_TAG, value: recipient.messageId }],
  }));
}

/** A message whose id is no tag: its events would never be found again. */
export function untaggable(batch: MailBatch): MailRecipient | undefined {
  return batch.recipients.find((recipient) => !LIMITS.tag.test(recipient.messageId));
}

function mailbox({ email, name }: MailBatch['from']): string {
  const clean = name.replace(/\p{Cc}/gu, ' ').trim();
  if (clean === '') return email;
  return PLAIN_NAME.test(clean) ? `${clean} <${email}>` : `"${clean.replace(/["\\]/g, '\\$&')}" <${email}>`;
}
