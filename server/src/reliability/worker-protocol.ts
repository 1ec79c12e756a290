/** What a trial and its workers say to each other, over Node's channel between parent and child. */
import type { ClockSettings } from './clock.ts';

export interface WorkerSettings {
  databaseUrl: string;
  storeId: string;
  clock: ClockSettings;
  provider: { url: string; apiKey: string };
  timeoutMs: number;
  batch: number;
  /** Milliseconds between two deliveries */
  beatMs: number;
  /** Of a broken variant: milliseconds between the last look at a mail and its hand-over. The product has none. */
  dawdleMs: number;
}

export type ToWorker =
  /** Loads and connects, and does nothing yet */
  { say: 'prepare'; settings: WorkerSettings } | { say: 'start' } | { say: 'put'; shift: number };

export type FromWorker =
  /** Prepared, and waits for `start` */
  | { say: 'ready' }
  /** A claim is committed */
  | { say: 'claimed'; batchIds: string[] }
  /** The request starts now, by the clock that all processes of a machine share (process.hrtime) */
  | { say: 'sending'; messageIds: string[]; at: number }
  /** A delivery ended, having handed over so many batches */
  | { say: 'delivered'; batches: number }
  | { say: 'failed' };
