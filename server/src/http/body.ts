/** A request's raw bytes, and never more of them than asked for. */
import { fail, RekindleError } from '@rekindle/core';

/** Reads the whole body. Throws `too_large` as soon as it is longer than `most` bytes, whatever its length header says, `bad_request` where it breaks off. */
export async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const tooLarge = () => fail('too_large', `The body is longer than ${String(most)} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
      length += piece.byteLength;
      if (length > most) throw tooLarge();
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof RekindleError) throw error;
    // Whoever sent it is gone, or sent less than announced: nothing of ours failed.
    throw fail('bad_request', 'The request broke off before its end.', { cause: error });
  }
  return Buffer.concat(pieces);
}
