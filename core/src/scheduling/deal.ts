/**
 * How the versions of a mail are dealt when it goes out day by day: each day's batch in shares that rest on what the batches
 * before it did. A person's batch is a keyed draw, and so is her version within it; the log of a batch is all that is needed
 * to deal it again. Pure.
 */
import { allocate, dealVariant, draw, type Allocation, type VariantRecord } from '../measurement/index.ts';
import type { Window } from './slot.ts';

const DAY = 86_400_000;

export type Dealing = 'even' | 'winner' | 'thompson';

/** What allocations hold of one batch. */
export interface LoggedBatch extends Allocation {
  rule: Dealing;
  /** The instant of the dealing; the hours of the batch were drawn as of then */
  decidedAt: Date;
}

/** Days of sending, one batch each. */
export function batchesOf({ sendFrom, sendUntil }: { sendFrom: Date; sendUntil: Date }): number {
  return Math.max(1, Math.round((sendUntil.getTime() - sendFrom.getTime()) / DAY));
}

/** The batch that is due at `now`, from 0; all before it are too. */
export function batchAt(campaign: { sendFrom: Date; sendUntil: Date }, now: Date): number {
  const day = Math.floor((now.getTime() - campaign.sendFrom.getTime()) / DAY);
  return Math.min(batchesOf(campaign) - 1, Math.max(0, day));
}

/** The person's batch, by a draw that has nothing to do with any other of hers. */
export function batchOf(drawKey: string, campaignKey: string, customerKey: string, batches: number): number {
  return Math.floor(draw(drawKey, JSON.stringify([campaignKey, 'batch']), customerKey) * batches);
}

/** When a batch dealt at `decidedAt` may go: its own day, or what is left of the campaign where that day is over. */
export function batchWindow(
  { sendFrom, sendUntil }: { sendFrom: Date; sendUntil: Date },
  batch: number,
  decidedAt: Date,
): Window {
  const start = sendFrom.getTime() + batch * DAY;
  const end = Math.min(sendUntil.getTime(), start + DAY);
  const from = Math.max(start, decidedAt.getTime());
  return { from: new Date(from), until: from < end ? new Date(end) : sendUntil };
}

/**
 * Shares of the next batch. The first is even, since nothing is known. A winner gets everybody, whichever way of dealing; the
 * chances of Thompson sampling come from clicks, which are there within days.
 */
export function decideBatch(
  batch: number,
  { rule, records, winner }: { rule: Dealing; records: VariantRecord[]; winner: string | null },
): Omit<LoggedBatch, 'decidedAt'> {
  const sorted = [...records].sort((one, other) => (one.key < other.key ? -1 : 1));
  if (winner !== null)
    return {
      batch,
      rule: 'winner',
      records: sorted,
      shares: sorted.map(({ key }) => ({ key, share: key === winner ? 1 : 0 })),
    };
  if (rule === 'thompson' && batch > 0) return { ...allocate(batch, sorted), rule };
  return { batch, rule: 'even', records: sorted, shares: sorted.map(({ key }) => ({ key, share: 1 / sorted.length })) };
}

/** Whether a logged batch comes out the same from what it says it knew. What won a batch is judged by the log of measurement. */
export function batchReplays(logged: LoggedBatch): boolean {
  if (logged.rule === 'winner') return logged.shares.filter(({ share }) => share === 1).length === 1;
  const again = decideBatch(logged.batch, { rule: logged.rule, records: logged.records, winner: null });
  return again.shares.every(({ key, share }, i) => {
    const kept = logged.shares[i];
    return kept?.key === key && Math.abs(kept.share - share) < 1e-9;
  });
}

/** The version of one person of a batch. */
export function dealtVariant(batch: Allocation, drawKey: string, campaignKey: string, customerKey: string): string {
  return dealVariant(batch, drawKey, campaignKey, customerKey);
}
