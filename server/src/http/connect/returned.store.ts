/** Administrators who came back from a platform's own page: each way there may be walked once. */
import { noteChange, type StoreTransaction } from '@rekindle/core';

const ACTION = 'connection.returned';

/** Notes that the way with this name was walked. False: it was before, by whichever process. */
export async function noteReturn(
  tx: StoreTransaction,
  way: { name: string; at: Date; actor: string },
): Promise<boolean> {
  // Of two who come back at once the second waits here, and then sees the first.
  await tx.rows('SELECT FROM pg_advisory_xact_lock(hashtextextended($1, 0))', [`${ACTION} ${way.name}`]);
  const before = await tx.rows('SELECT FROM audit_entries WHERE store_id = $1 AND action = $2 AND subject = $3', [
    tx.storeId,
    ACTION,
    way.name,
  ]);
  if (before.length > 0) return false;
  await noteChange(tx, { at: way.at, actor: way.actor, action: ACTION, subject: way.name });
  return true;
}
