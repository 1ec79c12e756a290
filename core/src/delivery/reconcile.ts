/**
 * Messages in doubt: those whose holder never told what became of them. Never sent again. Word from the provider (any event
 * of the message) settles them; where none comes within the window, a marketing mail is given up and counted, because what
 * it offers is worth less than the annoyance of a second copy.
 */
import type { StoreTransaction } from '../database/connect.ts';
import { expireDoubts, expireLeases, settleByEvents } from './reconcile.store.ts';

/** How long word is waited for. SendGrid sends its events again for 24 hours. */
export const DOUBT_WINDOW_MS = 24 * 3_600_000;

export interface Reconciled {
  /** Leases that ran out */
  expired: number;
  /** In doubt, now known to have been accepted or refused */
  settled: number;
  /** Given up after the window */
  givenUp: number;
}

export async function reconcile(tx: StoreTransaction, now: Date): Promise<Reconciled> {
  const expired = await expireLeases(tx, now);
  const settled = await settleByEvents(tx);
  const givenUp = await expireDoubts(tx, new Date(now.getTime() - DOUBT_WINDOW_MS));
  return { expired, settled, givenUp };
}
