/** Ours → theirs: one recipient of a batch becomes one whole mail. */
import { fillGaps, renderWhole, type MailBatch, type MailRecipient } from '@rekindle/core';
import type { SendMailOptions } from 'nodemailer';

/** The header under which the message's opaque id travels, so that a bounce or a server's log can be matched by hand. */
export const MESSAGE_ID_HEADER = 'X-Rekindle-Message-ID';

/** One address as RFC 5321 writes it without quotes; anything else could be read as two, or as a command. */
const ADDRESS = /^[^\s<>"(),:;@[\\\]\p{Cc}]+@[^\s<>"(),:;@\\\p{Cc}]+$/u;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Why a mail cannot be sent by anybody, or undefined. Names no address. */
export function flaw(batch: MailBatch, recipient: MailRecipient): string | undefined {
  if (!ADDRESS.test(recipient.email)) return 'the recipient’s address is none';
  if (!ADDRESS.test(batch.from.email)) return 'the sender’s address is none';
  for (const [name, value] of Object.entries(recipient.headers))
    if (!HEADER_NAME.test(name) || /[\r\n]/.test(value)) return 'a header is broken';
  return undefined;
}

/** The mail as nodemailer takes it. */
export function toMail(batch: MailBatch, recipient: MailRecipient): SendMailOptions {
  const whole = renderWhole(batch.template, recipient.gaps);
  return {
    // Said apart from the headers: nothing in them can then add a recipient.
    envelope: { from: batch.from.email, to: [recipient.email] },
    from: { name: batch.from.name, address: batch.from.email },
    to: { name: '', address: recipient.email },
    ...(batch.replyTo !== undefined && { replyTo: { name: '', address: fillGaps(batch.replyTo, recipient.gaps) } }),
    ...whole,
    // Stays the same however often a mail is handed over: some mailboxes drop a second one.
    messageId: `<${recipient.messageId}@${domainOf(batch.from.email)}>`,
    headers: { ...recipient.headers, [MESSAGE_ID_HEADER]: recipient.messageId },
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Domain of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
