/** How stores of the trial of fairness are set: mails may go at any hour, and whoever is in every campaign gets them all. */
import type { StoreTransaction } from '@rekindle/core';

export async function freeSending(tx: StoreTransaction): Promise<void> {
  await tx.run(
    `UPDATE stores SET settings = '{"quietHours": {"from": 0, "to": 0}, "cap": {"messages": 50, "days": 1}}' WHERE id = $1`,
    [tx.storeId],
  );
}

/** All that is not sent yet is due at `at`. */
export async function makeDue(tx: StoreTransaction, at: Date): Promise<void> {
  await tx.run(`UPDATE messages SET scheduled_at = $2 WHERE store_id = $1 AND state = 'scheduled'`, [tx.storeId, at]);
}
