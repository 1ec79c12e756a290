/**
 * What a request to /emails/batch must look like. Only what we send: a field that we do not mean to use is refused, although
 * Resend knows more. https://resend.com/docs/api-reference/emails/send-batch-emails
 */
import { z } from 'zod';

const address = z.email();
const mailbox = z.union([address, z.string().regex(/^("(\\.|[^"\\])*"|[^"<>,;:@]+) <[^\s<>@]+@[^\s<>@]+>$/)]);
const word = z.string().regex(/^[A-Za-z0-9_-]{1,256}$/);
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);

const mail = z.strictObject({
  from: mailbox,
  to: address,
  subject: z.string().min(1),
  html: z.string().min(1),
  text: z.string().min(1),
  reply_to: address.optional(),
  headers: z.record(headerName, z.string().regex(/^[^\r\n]*$/)).optional(),
  tags: z
    .array(z.strictObject({ name: word, value: word }))
    .length(1)
    .optional(),
});

export type WireMail = z.infer<typeof mail>;

const request = z.array(mail).min(1).max(100);

/** The mails, or what is wrong, as Resend would word it. */
export function readRequest(text: string): WireMail[] | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'The request body is not JSON.';
  }
  const read = request.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  // It quotes what it does not like, an address too: the client must not pass that on.
  const value = issue?.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    body,
  );
  return `Invalid \`${issue?.path.join('.') ?? ''}\` field: ${JSON.stringify(value)?.slice(0, 100) ?? 'missing'}`;
}
