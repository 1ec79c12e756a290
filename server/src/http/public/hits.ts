/**
 * Opens and clicks on their way into the database: the redirect must not wait for it, so they are gathered for a moment and
 * written a store at a time. What a kill -9 takes with it is a moment's opens and clicks, never a wish to unsubscribe.
 */
import { recordHits, type Engine, type Hit } from '@rekindle/core';

export interface HitBuffer {
  add(hit: Hit): void;
  /** Writes what has been gathered. */
  flush(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
}

/** Milliseconds that hits are gathered. */
const GATHER_MS = 200;
/** Hits in one transaction. */
const BATCH = 500;
/** Hits held while the database does not answer; beyond, the oldest are dropped and counted in the log. */
const MOST = 20_000;

export function createHitBuffer(engine: Engine): HitBuffer {
  let waiting: Hit[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const hits = waiting;
    waiting = [];
    for (const [storeId, ofStore] of Map.groupBy(hits, (hit) => hit.storeId))
      for (let start = 0; start < ofStore.length; start += BATCH) {
        const batch = ofStore.slice(start, start + BATCH);
        try {
          await recordHits(engine, storeId, batch);
        } catch (error) {
          engine.log.warn({ store: storeId, hits: batch.length, err: error }, 'opens and clicks wait for the database');
          waiting.push(...batch);
        }
      }
    if (waiting.length > MOST) {
      engine.log.error(
        { hits: waiting.length - MOST },
        'opens and clicks were dropped: the database was away too long',
      );
      waiting = waiting.slice(-MOST);
    }
    if (waiting.length > 0 && !closed) soon();
  }
  function soon(): void {
    timer ??= setTimeout(() => void flush(), GATHER_MS);
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }
  return {
    add(hit) {
      waiting.push(hit);
      soon();
    },
    flush,
    async close() {
      closed = true;
      await flush();
      clearTimeout(timer);
    },
  };
}
