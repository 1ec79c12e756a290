/**
 * A batch as the JSON text of POST /v3/mail/send. Written piece by piece: the fixed part once, and of each recipient only what
 * differs. @sendgrid/mail builds an object a recipient, copies it, renames its keys and has it written out as JSON, which
 * costs more than all the rest of sending; the result is the same (map.test.ts holds the two against each other).
 * https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 */
import { createHash } from 'node:crypto';
import type { MailBatch, MailRecipient } from '@rekindle/core';

/** The custom argument under which the message's opaque id travels, and comes back with every event. */
export const MESSAGE_ID_ARG = 'rekindle_message_id';

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations */
export const LIMITS = { personalizations: 1000, substitutionBytes: 10_000 };

const GAP = /\u0001(\d+)\u0002/g;
/** What JSON may not hold as it stands, and halves of characters: those are left to JSON.stringify. */
const ODD = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The request's body. */
export function bodyOf(batch: MailBatch): string {
  const tag = tagOf(batch.batchId);
  const fixed = (text: string): string => text.replace(GAP, (_, number: string) => tag(Number(number)));
  const { from, replyTo, template, recipients } = batch;
  const rest = JSON.stringify({
    from: { email: from.email, name: from.name },
    ...(replyTo !== undefined && { reply_to: { email: fixed(replyTo) } }),
    subject: fixed(template.subject),
    content: [
      { type: 'text/plain', value: fixed(template.text) },
      { type: 'text/html', value: fixed(template.html) },
    ],
    // We count opens and clicks with links of our own, which a store, a country or a person can switch off.
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
      ganalytics: { enable: false },
    },
  });
  const names = namesOf(recipients, tag);
  const people = recipients.map((recipient) => personalization(recipient, names)).join(',');
  return `{"personalizations":[${people}],${rest.slice(1)}`;
}

/** The id of a message whose gaps are more than SendGrid takes, or undefined. */
export function tooLong(batch: MailBatch): string | undefined {
  const tagBytes = tagOf(batch.batchId)(0).length + 3;
  return batch.recipients.find(({ gaps }) => {
    // A character has three bytes at most: few recipients need to be counted to the byte.
    let most = 0;
    for (const gap of gaps) most += tagBytes + gap.length * 3;
    if (most <= LIMITS.substitutionBytes) return false;
    return gaps.reduce((sum, gap) => sum + tagBytes + Buffer.byteLength(gap), 0) > LIMITS.substitutionBytes;
  })?.messageId;
}

interface Names {
  /** `"-g0x1234abcd-":`, by the gap's number */
  tags: string[];
  /** `"List-Unsubscribe":`, by the header's name */
  headers: Map<string, string>;
}

function namesOf(recipients: MailRecipient[], tag: (number: number) => string): Names {
  const gaps = Math.max(0, ...recipients.map((recipient) => recipient.gaps.length));
  return { tags: Array.from({ length: gaps }, (_, number) => `${quoted(tag(number))}:`), headers: new Map() };
}

function personalization(recipient: MailRecipient, names: Names): string {
  let headers = '';
  for (const [name, value] of Object.entries(recipient.headers)) {
    let key = names.headers.get(name);
    if (key === undefined) names.headers.set(name, (key = `${quoted(name)}:`));
    headers += `${headers === '' ? '' : ','}${key}${quoted(value)}`;
  }
  let substitutions = '';
  for (let number = 0; number < recipient.gaps.length; number++)
    substitutions += `${number === 0 ? '' : ','}${names.tags[number] ?? ''}${quoted(recipient.gaps[number] ?? '')}`;
  return `{"to":[{"email":${quoted(recipient.email)}}],"headers":{${headers}},"custom_args":{"${MESSAGE_ID_ARG}":${quoted(recipient.messageId)}},"substitutions":{${substitutions}}}`;
}

/** As JSON.stringify quotes it. */
function quoted(text: string): string {
  return ODD.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/**
 * The tag that stands for a gap: new for every batch, because nobody says in which order SendGrid puts the values in. A
 * name that looks like another gap's tag would be filled too; one made up beforehand cannot look like it.
 */
export function tagOf(batchId: string): (number: number) => string {
  const mark = createHash('sha256').update(batchId).digest('hex').slice(0, 8);
  return (number) => `-g${String(number)}x${mark}-`;
}
