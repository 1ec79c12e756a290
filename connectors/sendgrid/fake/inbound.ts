/** SendGrid's Inbound Parse: a mail that somebody wrote, posted as multipart/form-data in SendGrid's fields and order. */
import { createHash } from 'node:crypto';

/** A mail on its way to SendGrid's mail server. */
export interface WrittenMail {
  to: string;
  from: string;
  subject: string;
  text?: string;
  html?: string;
  /** Header fields beside the usual ones: Auto-Submitted … */
  headers?: Record<string, string>;
  /** Default: the sender's address; '' as bounces have it */
  returnPath?: string;
  /** Name of the character set that text and subject are sent in. Default UTF-8; latin1 is the other that is known. */
  charset?: 'UTF-8' | 'iso-8859-1';
  attachments?: { name: string; bytes: Uint8Array }[];
}

const BOUNDARY = 'xYzZY';

/** The request that SendGrid would post, without posting it. */
export function inboundRequest(mail: WrittenMail, at: Date): { headers: Record<string, string>; body: Uint8Array } {
  const address = /<([^>]+)>/.exec(mail.from)?.[1] ?? mail.from;
  const returnPath = mail.returnPath ?? address;
  const id = createHash('sha256')
    .update(JSON.stringify([mail, at]))
    .digest('hex')
    .slice(0, 24);
  const head = {
    Received: `from mail.example by mx.fake.sendgrid.invalid; ${at.toUTCString()}`,
    'Message-ID': `<${id}@${address.split('@')[1] ?? 'mail.example'}>`,
    Date: at.toUTCString(),
    From: mail.from,
    To: mail.to,
    Subject: mail.subject,
    'MIME-Version': '1.0',
    ...mail.headers,
  };
  const set = mail.charset ?? 'UTF-8';
  const encoding = set === 'UTF-8' ? 'utf8' : 'latin1';
  const attachments = mail.attachments ?? [];
  const info = Object.fromEntries(
    attachments.map(({ name }, place) => [
      `attachment${String(place + 1)}`,
      { filename: name, name, type: 'application/octet-stream' },
    ]),
  );
  const fields: [name: string, value: string | Buffer][] = [
    [
      'headers',
      `${Object.entries(head)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')}\n`,
    ],
    ['dkim', `{@${address.split('@')[1] ?? ''} : pass}`],
    ['to', mail.to],
    ...(mail.html === undefined ? [] : [['html', mail.html] satisfies [string, string]]),
    ['from', mail.from],
    ...(mail.text === undefined ? [] : [['text', Buffer.from(mail.text, encoding)] satisfies [string, Buffer]]),
    ['sender_ip', '192.0.2.7'],
    ['envelope', JSON.stringify({ to: [mail.to], from: returnPath })],
    ['attachments', String(attachments.length)],
    ['subject', Buffer.from(mail.subject, encoding)],
    ...(attachments.length === 0 ? [] : [['attachment-info', JSON.stringify(info)] satisfies [string, string]]),
    ['charsets', JSON.stringify({ to: 'UTF-8', html: 'UTF-8', subject: set, from: 'UTF-8', text: set })],
    ['SPF', 'pass'],
  ];
  const parts = [
    ...fields.map(([name, value]) => part(`name="${name}"`, typeof value === 'string' ? Buffer.from(value) : value)),
    ...attachments.map(({ name, bytes }, place) =>
      part(`name="attachment${String(place + 1)}"; filename="${name}"`, Buffer.from(bytes), 'application/octet-stream'),
    ),
  ];
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'user-agent': 'SendGrid Parse' },
    body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  };
}

function part(disposition: string, value: Buffer, type?: string): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`;
  return Buffer.concat([Buffer.from(head), value, Buffer.from('\r\n')]);
}
