/** Fresh statistics for tables that a stage has just filled, so that the next one's joins are planned for what is there. */
import type { Transaction } from './connect.ts';

/** Rows from which a plan made for an empty table hurts. */
const MANY = 1000;

export type BulkTable =
  | 'customers'
  | 'identities'
  | 'consents'
  | 'orders'
  | 'order_lines'
  | 'customer_totals'
  | 'scores'
  | 'segment_members'
  | 'holdouts'
  | 'enrolments'
  | 'messages';

/** ANALYZEs the tables where `written` rows are many; a sample, so its cost hardly grows with the table. */
export async function refreshStatistics(tx: Transaction, written: number, tables: BulkTable[]): Promise<void> {
  if (written >= MANY) await tx.run('SELECT rekindle_analyze($1)', [tables]);
}
