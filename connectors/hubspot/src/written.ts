/** What every kind of write-back shares: what it needs, what came of one, and how to find the one that is wrong. */
import { RekindleError, type WriteBackResult } from '@rekindle/core';
import type { Ask } from './ask.ts';

export interface PushContext {
  ask: Ask;
  /** The kind of mail whose consent counts */
  subscription: () => Promise<string>;
  /** Makes the properties that scores are written to, once. */
  ensureProperties: () => Promise<void>;
}

/** A write-back whose payload was understood. */
export interface Written<Payload> {
  id: number;
  subjectId: string;
  payload: Payload;
}

export function refused(id: number, error: string): WriteBackResult {
  return { id, ok: false, retryable: false, error };
}

/** What a whole request met, as one record's fate. What an administrator can mend may be tried again. */
export function failed(id: number, error: RekindleError): WriteBackResult {
  const mendable = error.detail['status'] === 401 || error.detail['status'] === 403;
  return { id, ok: false, retryable: error.retryable || mendable, error: error.message };
}

/** The statuses that say that something about the request itself is wrong. */
const ABOUT_CONTENT = new Set<unknown>([400, 404, 409, 413, 422]);

export function isAboutContent(error: unknown): error is RekindleError {
  return error instanceof RekindleError && ABOUT_CONTENT.has(error.detail['status']);
}

/**
 * Sends records together, in requests of `most`; a request that is refused for what is in it is halved until it is known which
 * record it was.
 */
export async function together<Record extends { id: number }>(
  records: Record[],
  most: number,
  send: (records: Record[]) => Promise<WriteBackResult[]>,
): Promise<WriteBackResult[]> {
  const results: WriteBackResult[] = [];
  const waiting: Record[][] = [];
  for (let start = 0; start < records.length; start += most) waiting.push(records.slice(start, start + most));
  for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
    try {
      results.push(...(await send(batch)));
    } catch (error) {
      const [first] = batch;
      if (!first || !isAboutContent(error)) throw error;
      if (batch.length === 1) results.push(failed(first.id, error));
      else {
        const half = Math.ceil(batch.length / 2);
        waiting.unshift(batch.slice(0, half), batch.slice(half));
      }
    }
  }
  return results;
}
