/** Parts of a stream of bytes, taken from front to back; what is between them is passed over. */
import type { Hash } from 'node:crypto';

export interface Slices {
  /** The bytes from `start` up to `end`, as far as there are any. `start` must not lie before what was taken already. */
  take(start: number, end: number): AsyncGenerator<Buffer>;
  /** Bytes seen so far, and the last of them */
  seen(): { bytes: number; last: number | undefined };
  close(): Promise<void>;
}

/** `hash` is fed everything that passes. */
export function slice(pieces: AsyncIterable<Buffer>, hash: Hash): Slices {
  const iterator = pieces[Symbol.asyncIterator]();
  let held: Buffer | undefined;
  let position = 0;
  let bytes = 0;
  let last: number | undefined;
  return {
    async *take(start, end) {
      while (position < end) {
        if (!held || held.length === 0) {
          const next = await iterator.next();
          if (next.done === true) return;
          held = next.value;
          hash.update(held);
          bytes += held.length;
          last = held.at(-1) ?? last;
        }
        const from = Math.min(held.length, Math.max(0, start - position));
        const to = Math.min(held.length, end - position);
        const part = held.subarray(from, Math.max(from, to));
        const used = Math.max(from, to);
        position += used;
        held = held.subarray(used);
        if (part.length > 0) yield part;
      }
    },
    seen: () => ({ bytes, last }),
    async close() {
      await iterator.return?.();
    },
  };
}
