/** Ours → theirs: one batch becomes one request of up to 1,000 personalizations that differ in their substitutions. */
import { createHash } from 'node:crypto';
import type { MailBatch, MailRecipient } from '@rekindle/core';
import type { MailDataRequired } from '@sendgrid/mail';

/** The custom argument under which the message's opaque id travels, and comes back with every event. */
export const MESSAGE_ID_ARG = 'rekindle_message_id';

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations */
export const LIMITS = { personalizations: 1000, substitutionBytes: 10_000 };

const GAP = /\u0001(\d+)\u0002/g;

/** The request's content, as @sendgrid/mail takes it. */
export function toMail(batch: MailBatch): MailDataRequired {
  const tag = tagOf(batch.batchId);
  const fixed = (text: string): string => text.replace(GAP, (_, number: string) => tag(Number(number)));
  return {
    from: batch.from,
    ...(batch.replyTo !== undefined && { replyTo: { email: batch.replyTo } }),
    subject: fixed(batch.template.subject),
    text: fixed(batch.template.text),
    html: fixed(batch.template.html),
    substitutionWrappers: ['', ''],
    personalizations: batch.recipients.map((recipient) => ({
      to: { email: recipient.email },
      headers: recipient.headers,
      customArgs: { [MESSAGE_ID_ARG]: recipient.messageId },
      substitutions: substitutions(recipient, tag),
    })),
    // We count opens and clicks with links of our own, which a store, a country or a person can switch off.
    trackingSettings: {
      clickTracking: { enable: false, enableText: false },
      openTracking: { enable: false },
      subscriptionTracking: { enable: false },
      ganalytics: { enable: false },
    },
  };
}

/** The id of a message whose gaps are more than SendGrid takes, or undefined. */
export function tooLong(batch: MailBatch): string | undefined {
  const tagBytes = tagOf(batch.batchId)(0).length + 3;
  return batch.recipients.find((recipient) => {
    const bytes = recipient.gaps.reduce((sum, gap) => sum + tagBytes + Buffer.byteLength(gap), 0);
    return bytes > LIMITS.substitutionBytes;
  })?.messageId;
}

/**
 * The tag that stands for a gap: new for every batch, because nobody says in which order SendGrid puts the values in. A
 * name that looks like another gap's tag would be filled too; one made up beforehand cannot look like it.
 */
function tagOf(batchId: string): (number: number) => string {
  const mark = createHash('sha256').update(batchId).digest('hex').slice(0, 8);
  return (number) => `-g${String(number)}x${mark}-`;
}

function substitutions(recipient: MailRecipient, tag: (number: number) => string): Record<string, string> {
  return Object.fromEntries(recipient.gaps.map((gap, number) => [tag(number), gap]));
}
