/** Ways back from a platform's sign-in page, each taken once: whichever process is asked, the audit log knows. */
import type { StoreTransaction } from '@rekindle/core';

const ACTION = 'connection.allowed';

/** Takes a way back. False: it was taken before. */
export async function takeWayBack(
  tx: StoreTransaction,
  way: { nonce: string; actor: string; at: Date },
): Promise<boolean> {
  // Two at once: the second waits for the first one's end.
  await tx.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [way.nonce]);
  const taken = await tx.run(
    `INSERT INTO audit_entries (store_id, at, actor, action, subject, detail)
     SELECT $1, $2, $3, $4, $5, '{}'
     WHERE NOT EXISTS (SELECT FROM audit_entries WHERE store_id = $1 AND action = $4 AND subject = $5)`,
    [tx.storeId, way.at, way.actor, ACTION, way.nonce],
  );
  return taken > 0;
}
