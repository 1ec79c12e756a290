/** The small forms of our pages and of mail programs. */
import type { Context } from 'hono';
import { readBody } from '../body.ts';

/** Forms of ours are a few hundred bytes, those of mail programs some fifty. */
const LARGEST = 16 * 1024;

export type Form = ReadonlyMap<string, string>;

/** Urlencoded or multipart; what cannot be read is an empty one. */
export async function readForm(context: Context): Promise<Form> {
  const body = await readBody(context.req.raw, LARGEST);
  const type = context.req.header('content-type') ?? 'application/x-www-form-urlencoded';
  try {
    const form = await new Response(Buffer.from(body), { headers: { 'Content-Type': type } }).formData();
    return new Map([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  } catch {
    return new Map();
  }
}

/** Whether a mail program's unsubscribe button sent it (RFC 8058). */
export function saidOneClick(form: Form): boolean {
  return form.get('List-Unsubscribe') === 'One-Click';
}
