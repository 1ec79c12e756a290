/**
 * The fields of a multipart/form-data body (RFC 7578, RFC 2046 section 5.1.1), as bytes and without copying: SendGrid says in
 * another field in which character set each of them is written, and attachments, which may be most of 30 MB, are passed over.
 */
import { fail } from '@rekindle/core';

const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
/** Fields of one mail; more are none of SendGrid's. */
const MOST_PARTS = 500;
const LONGEST_HEAD = 4096;

/** Fields by name; files are left out. Throws `bad_request` where the body is not one. */
export function readFields(contentType: string | undefined, body: Uint8Array): Map<string, Buffer> {
  const boundary = /^multipart\/form-data;.*\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  if (!boundary) throw fail('bad_request', 'The body is not multipart/form-data.');
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`);
  const between = Buffer.concat([LINE_END, mark]);
  const fields = new Map<string, Buffer>();
  // What stands before the first boundary is nobody's; the first may begin the body.
  let at = bytes.subarray(0, mark.length).equals(mark) ? mark.length : after(bytes, between, 0);
  for (let part = 0; at >= 0 && part < MOST_PARTS; part++) {
    if (bytes.subarray(at, at + 2).toString('latin1') === '--') return fields;
    const end = bytes.indexOf(between, at);
    if (end < 0) break;
    keep(fields, bytes.subarray(at, end));
    at = end + between.length;
  }
  throw fail('bad_request', 'The body breaks off, or has too many parts.');
}

function after(bytes: Buffer, wanted: Buffer, from: number): number {
  const at = bytes.indexOf(wanted, from);
  return at < 0 ? -1 : at + wanted.length;
}

/** `part` begins with the line end of its boundary. */
function keep(fields: Map<string, Buffer>, part: Buffer): void {
  const headEnd = part.indexOf(HEAD_END);
  if (headEnd < 0 || headEnd > LONGEST_HEAD) throw fail('bad_request', 'A part of the body has no head.');
  const head = part.subarray(0, headEnd).toString('utf8');
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? '';
  const name = /(?:^|[;\s])name="([^"]{1,100})"/.exec(disposition)?.[1];
  if (name === undefined) throw fail('bad_request', 'A part of the body has no name.');
  if (/(?:^|[;\s])filename\*?=/i.test(disposition)) return;
  if (!fields.has(name)) fields.set(name, part.subarray(headEnd + HEAD_END.length));
}
