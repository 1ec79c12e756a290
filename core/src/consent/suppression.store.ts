/** Addresses that get nothing. Kept by keyed hash only: no address ever stands in the table. */
import type { StoreTransaction } from '../database/connect.ts';

export type SuppressionReason = 'unsubscribed' | 'hard_bounce' | 'manual' | 'complaint' | 'erased';

export interface Suppression {
  addressHash: string;
  reason: SuppressionReason;
  at: Date;
  /** Platform or page that said so */
  source: string;
}

/** From the wish that a later yes may lift to those that nothing lifts. */
const WEIGHT: Record<SuppressionReason, number> = {
  unsubscribed: 0,
  hard_bounce: 1,
  manual: 2,
  complaint: 3,
  erased: 4,
};
const weightSql = (column: string): string =>
  `CASE ${column} ${Object.entries(WEIGHT)
    .map(([reason, weight]) => `WHEN '${reason}' THEN ${String(weight)}`)
    .join(' ')} END`;

/**
 * Suppresses addresses. A weightier reason replaces a lighter one, and of equal ones the newest counts, so that the order in
 * which they arrive does not matter; repeating changes nothing.
 */
export async function suppress(tx: StoreTransaction, suppressions: Suppression[]): Promise<void> {
  if (suppressions.length === 0) return;
  await tx.run(
    `INSERT INTO suppressions (store_id, address_hash, reason, at, source)
     SELECT DISTINCT ON (address_hash) $1::uuid, address_hash, reason, at, source
     FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[]) AS s (address_hash, reason, at, source)
     ORDER BY address_hash, ${weightSql('reason')} DESC, at DESC, source DESC
     ON CONFLICT (store_id, address_hash) DO UPDATE SET reason = excluded.reason, at = excluded.at, source = excluded.source
     WHERE (${weightSql('excluded.reason')}, excluded.at, excluded.source)
       > (${weightSql('suppressions.reason')}, suppressions.at, suppressions.source)`,
    [
      tx.storeId,
      suppressions.map((one) => one.addressHash),
      suppressions.map((one) => one.reason),
      suppressions.map((one) => one.at),
      suppressions.map((one) => one.source),
    ],
  );
}

/** Lifts an unsubscription that is older than a new, express yes. Bounces, complaints and erasures stay. */
export async function liftUnsubscription(tx: StoreTransaction, hash: string, saidYesAt: Date): Promise<boolean> {
  const lifted = await tx.run(
    `DELETE FROM suppressions WHERE store_id = $1 AND address_hash = $2 AND reason = 'unsubscribed' AND at < $3`,
    [tx.storeId, hash, saidYesAt],
  );
  return lifted > 0;
}

/** Which of these hashes are suppressed. */
export async function suppressedHashes(tx: StoreTransaction, hashes: string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ address_hash: string }>(
    'SELECT address_hash FROM suppressions WHERE store_id = $1 AND address_hash = ANY ($2)',
    [tx.storeId, hashes],
  );
  return new Set(rows.map((row) => row.address_hash));
}

/**
 * SQL for the hash of a lower-case address column, equal to addressHash. `inner` and `outer` are the parameters that carry
 * addressHashPads, such as `$3`.
 */
export function addressHashSql(column: string, inner: string, outer: string): string {
  return `encode(sha256(${outer}::bytea || sha256(${inner}::bytea || convert_to(${column}, 'UTF8'))), 'hex')`;
}
