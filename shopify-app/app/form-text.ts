/** Bytes of the longest form of ours, several times over. */
const LARGEST = 64 * 1024;

/** What a form of ours sends. Throws an answer where that is none: somebody else made it up. */
export async function formOf(request: Request): Promise<FormData> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST)
    throw new Response('The form is too long.', { status: 413 });
  try {
    return await request.formData();
  } catch {
    throw new Response('This is not one of our forms.', { status: 400 });
  }
}

/** A field of a sent form as text; what is missing, or is a file, is empty. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
