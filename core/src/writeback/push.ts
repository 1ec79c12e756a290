/**
 * Hands the outbox to one platform, batch by batch. Each batch's fate is committed before the next one goes; a batch whose
 * fate was lost with the process goes again, which changes nothing on the platform (ports.ts, Connector.push).
 */
import type { Engine } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import type { Connector, WriteBackResult } from '../ports.ts';
import { loadDue, savePushed, type Pushed, type Waiting } from './outbox.store.ts';
import { GIVE_UP_AFTER, retryDelay } from './retry.ts';
import { payloadOf, type CustomerLink, type Reader } from './words.ts';

/** Rows in one call: every platform that is planned takes a hundred. */
const BATCH = 100;
/** Longest reason that is kept. */
const LONGEST = 300;

export interface PushReport {
  pushed: number;
  /** Will be tried again */
  postponed: number;
  /** Given up, with a reason */
  failed: number;
}

export async function pushDue(
  engine: Engine,
  storeId: string,
  connector: Connector,
  words: { reader: Reader; link: CustomerLink },
): Promise<PushReport> {
  const report = { pushed: 0, postponed: 0, failed: 0 };
  for (;;) {
    const now = engine.clock.now();
    const rows = await engine.database.inStore(storeId, (tx) =>
      loadDue(tx, { platform: connector.platform, kinds: connector.takes, now, limit: BATCH }),
    );
    if (rows.length === 0) return report;
    const results = await push(connector, rows, words);
    const pushed = rows.map((row) => judge(row, results.get(row.id), now));
    await engine.database.inStore(storeId, (tx) => savePushed(tx, pushed, now));
    for (const one of pushed)
      report[one.state === 'done' ? 'pushed' : one.state === 'failed' ? 'failed' : 'postponed']++;
  }
}

async function push(
  connector: Connector,
  rows: Waiting[],
  words: { reader: Reader; link: CustomerLink },
): Promise<Map<number, WriteBackResult>> {
  try {
    const results = await connector.push(
      rows.map(({ id, kind, subjectId, payload }) => ({
        id,
        kind,
        subjectId,
        payload: { ...payloadOf(kind, subjectId, payload, words) },
      })),
    );
    return new Map(results.map((result) => [result.id, result]));
  } catch (error) {
    const retryable = !(error instanceof RekindleError) || error.retryable;
    const reason = error instanceof Error ? error.message : 'the platform cannot be reached';
    return new Map(rows.map(({ id }) => [id, { id, ok: false, retryable, error: reason }]));
  }
}

/** What becomes of a row after one push. No answer is a no that may change. Pure. */
export function judge(row: Waiting, result: WriteBackResult | undefined, now: Date): Pushed {
  const attempts = row.attempts + 1;
  if (result?.ok === true) return { row, state: 'done', attempts, nextAttemptAt: now, error: null };
  const error = (result?.error ?? 'the platform did not say what became of it').slice(0, LONGEST);
  const again = (result?.retryable ?? true) && attempts < GIVE_UP_AFTER;
  return {
    row,
    state: again ? 'pending' : 'failed',
    attempts,
    nextAttemptAt: again ? new Date(now.getTime() + retryDelay(attempts)) : now,
    error,
  };
}
