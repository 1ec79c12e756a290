/**
 * The count at the end. What the provider took is the truth; the ledger is what is judged. Only when every message has come
 * to an end: unsent is not lost. Pure.
 */
import type { LedgerRow } from './ledger.store.ts';

export interface Audit {
  messages: number;
  lost: number;
  duplicated: number;
  inDoubt: number;
  /** Taken by the provider, and the ledger says it never went; or no message of the ledger at all */
  unrecorded: number;
  /** Named in the ledger as given up, and indeed never taken */
  givenUp: number;
  /** Left out by a last check, and never taken */
  leftOut: number;
  accepted: number;
}

/** Without `claimed` in the rows themselves: see countStates. */
export const OPEN = ['planned', 'scheduled', 'claimed', 'in_doubt'];

export function audit(ledger: readonly LedgerRow[], taken: ReadonlyMap<string, number>): Audit {
  const open = ledger.filter((row) => OPEN.includes(row.state));
  if (open.length > 0) throw new Error(`${String(open.length)} messages have not come to an end`);
  const known = new Set(ledger.map((row) => row.id));
  const never = ledger.filter((row) => !taken.has(row.id));
  const givenUp = never.filter((row) => row.reason === 'in_doubt_expired').length;
  const leftOut = never.filter((row) => row.state === 'dropped' && row.reason !== 'in_doubt_expired').length;
  return {
    messages: ledger.length,
    // Refused counts as lost too: the provider of these trials refuses nobody for good.
    lost: never.length - givenUp - leftOut,
    duplicated: [...taken.values()].filter((times) => times > 1).length,
    inDoubt: ledger.filter((row) => row.doubted).length,
    unrecorded:
      ledger.filter((row) => row.state !== 'accepted' && taken.has(row.id)).length +
      [...taken.keys()].filter((id) => !known.has(id)).length,
    givenUp,
    leftOut,
    accepted: ledger.filter((row) => row.state === 'accepted').length,
  };
}
