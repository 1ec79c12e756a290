/** What an import left out: counted by reason in full, listed up to a limit. Never what a row said of a person. */
import type { RejectedRow } from '../ports.ts';

/** Rows that are listed one by one; the rest is only counted. */
const LISTED = 1000;

export interface Rejected {
  total: number;
  byReason: Record<string, number>;
  rows: RejectedRow[];
}

export function noneRejected(): Rejected {
  return { total: 0, byReason: {}, rows: [] };
}

export function reject(rejected: Rejected, row: RejectedRow): void {
  rejected.total++;
  rejected.byReason[row.reason] = (rejected.byReason[row.reason] ?? 0) + 1;
  if (rejected.rows.length < LISTED) rejected.rows.push(row);
}

/** The counts with their reasons in the order of the alphabet, so that the same import always reads the same. */
export function countsOf(rejected: Rejected): { total: number; byReason: Record<string, number> } {
  const reasons = Object.entries(rejected.byReason).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { total: rejected.total, byReason: Object.fromEntries(reasons) };
}
