/**
 * SendGrid's Inbound Parse webhook → a mail that somebody wrote to an address of ours.
 * https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fail, type InboundMail, type RawWebhook } from '@rekindle/core';
import { readFields } from './multipart.ts';

/** Longest text that is looked at, in bytes: what a person writes is far shorter, and what is quoted does not count. */
const LONGEST_TEXT = 256 * 1024;
const LONGEST_HEADERS = 64 * 1024;
const LONGEST_LINE = 2000;

const envelope = z.object({
  to: z.array(z.string().max(LONGEST_LINE)).min(1).max(100),
  from: z.string().max(LONGEST_LINE),
});
const charsets = z.record(z.string(), z.string());

/** Throws `bad_request` where it is no mail. */
export function readInbound({ headers, body }: RawWebhook): InboundMail {
  const fields = readFields(headers['content-type'], body);
  const sets = jsonOf(fields.get('charsets'), charsets) ?? {};
  const text = (name: string, longest: number): string =>
    decode(fields.get(name)?.subarray(0, longest) ?? Buffer.alloc(0), sets[name]);
  const delivered = jsonOf(fields.get('envelope'), envelope);
  if (!delivered) throw fail('bad_request', 'The mail has no envelope that can be read.');
  const head = headersOf(text('headers', LONGEST_HEADERS));
  const written = text('text', LONGEST_TEXT);
  return {
    id: head['message-id'] ?? createHash('sha256').update(body).digest('hex'),
    to: delivered.to,
    returnPath: delivered.from,
    subject: text('subject', LONGEST_LINE).replace(/[\r\n]+/g, ' '),
    text: written.trim() === '' ? textOfHtml(text('html', LONGEST_TEXT)) : written,
    headers: head,
  };
}

function jsonOf<T>(bytes: Buffer | undefined, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(bytes?.subarray(0, LONGEST_HEADERS).toString('utf8') ?? '')).data;
  } catch {
    return undefined;
  }
}

/** A name of a character set that nobody knows is taken for UTF-8. */
function decode(bytes: Buffer, set: string | undefined): string {
  try {
    return new TextDecoder(set ?? 'utf-8').decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

/** Header fields by name in small letters; folded lines are joined (RFC 5322, 2.2.3), of several of a name the first counts. */
function headersOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]{1,100}):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) found[name.toLowerCase()] ??= (value ?? '').slice(0, LONGEST_LINE);
  }
  return found;
}

/** What is read in an HTML mail, roughly: lines where blocks end, no tags. */
function textOfHtml(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<blockquote\b[\s\S]*$/i, '')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<[^>]{0,2000}>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}
