/** What the fake took: each mail read as a mail program would read it, and how often each message came. */
import PostalMime, { type Address, type Email } from 'postal-mime';

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
  /** Every byte as it came, one character each */
  raw: string;
}

export interface Envelope {
  from: string;
  to: string[];
}

export interface Mailbox {
  /** Keeps a mail and gives its id. */
  take: (mail: FakeMail) => string;
  mail: (messageId: string) => FakeMail | undefined;
  /** How often each message was taken. */
  readonly accepted: ReadonlyMap<string, number>;
}

/** RFC 5322 section 2.1.1, without the line end */
const LONGEST_LINE = 998;

/** `keep`: mails that stay readable, the newest. */
export function createMailbox(keep: number): Mailbox {
  const accepted = new Map<string, number>();
  const kept = new Map<string, FakeMail>();
  return {
    accepted,
    take(mail) {
      const id = mail.messageId;
      accepted.set(id, (accepted.get(id) ?? 0) + 1);
      kept.delete(id);
      kept.set(id, mail);
      if (kept.size > keep) kept.delete(kept.keys().next().value ?? '');
      return id;
    },
    mail: (messageId) => kept.get(messageId),
  };
}

/** Reads a mail; a complaint where no server should take it. `idHeader`: header with the sender's own id of the mail. */
export async function readMail(
  raw: Buffer,
  envelope: Envelope,
  idHeader: string,
  at: Date,
): Promise<FakeMail | string> {
  if (
    raw
      .toString('latin1')
      .split('\r\n')
      .some((line) => line.length > LONGEST_LINE)
  )
    return 'a line is too long';
  const email = await PostalMime.parse(raw);
  const headers = Object.fromEntries(email.headers.map(({ originalKey, value }) => [originalKey, value]));
  const wrong = complaint(email, envelope);
  if (wrong !== undefined) return wrong;
  const messageId = email.headers.find(({ key }) => key === idHeader.toLowerCase())?.value;
  if (messageId === undefined || !email.messageId?.startsWith(`<${messageId}@`)) return 'the ids do not fit together';
  return {
    messageId,
    at,
    from: written(email.from),
    to: (email.to ?? []).map(written).join(', '),
    subject: email.subject ?? '',
    html: withoutLastLineEnd(email.html),
    text: withoutLastLineEnd(email.text),
    headers,
    raw: raw.toString('latin1'),
  };
}

function complaint(email: Email, envelope: Envelope): string | undefined {
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'mime-version'])
    if (email.headers.filter(({ key }) => key === name).length !== 1) return `${name} must stand there once`;
  if (email.from?.address !== envelope.from) return 'From is not the envelope’s sender';
  if ((email.to ?? []).map((to) => to.address).join() !== envelope.to.join())
    return 'To is not the envelope’s recipient';
  if (email.text === undefined || email.html === undefined) return 'a mail has text and HTML';
  return undefined;
}

function written(address: Address | undefined): string {
  if (address?.address === undefined) return '';
  return address.name ? `${address.name} <${address.address}>` : address.address;
}

/** The reader ends every part with a line end of its own. */
function withoutLastLineEnd(text: string | undefined): string {
  return (text ?? '').replace(/\r?\n$/, '');
}
