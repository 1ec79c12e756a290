/** What is known of sending domains: the last look at each, and whose they are. */
import type { StoreTransaction, Transaction } from '../database/connect.ts';
import type { DomainReport, LookState } from './report.ts';

export interface DomainCheck {
  domain: string;
  provider: string;
  state: LookState | 'unchecked';
  /** No mail starts */
  holds: boolean;
  report: DomainReport | null;
  checkedAt: Date | null;
  passedAt: Date | null;
  nextCheckAt: Date;
}

const COLUMNS = `domain, provider, state, holds, report, checked_at AS "checkedAt", passed_at AS "passedAt",
  next_check_at AS "nextCheckAt"`;

export async function readCheck(tx: StoreTransaction): Promise<DomainCheck | undefined> {
  const rows = await tx.rows<DomainCheck>(`SELECT ${COLUMNS} FROM domain_checks WHERE store_id = $1`, [tx.storeId]);
  return rows[0];
}

export async function saveCheck(tx: StoreTransaction, check: DomainCheck): Promise<void> {
  await tx.run(
    `INSERT INTO domain_checks (store_id, domain, provider, state, holds, report, checked_at, passed_at, next_check_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (store_id) DO UPDATE SET domain = excluded.domain, provider = excluded.provider, state = excluded.state,
       holds = excluded.holds, report = excluded.report, checked_at = excluded.checked_at, passed_at = excluded.passed_at,
       next_check_at = excluded.next_check_at`,
    [
      tx.storeId,
      check.domain,
      check.provider,
      check.state,
      check.holds,
      check.report === null ? null : JSON.stringify(check.report),
      check.checkedAt,
      check.passedAt,
      check.nextCheckAt,
    ],
  );
}

/** Whether a look is due: none was made yet, or its time has come. */
export async function lookDue(tx: StoreTransaction, now: Date): Promise<boolean> {
  const rows = await tx.rows<{ due: boolean }>(
    `SELECT coalesce((SELECT next_check_at <= $2 FROM domain_checks WHERE store_id = $1), true) AS due`,
    [tx.storeId, now],
  );
  return rows[0]?.due ?? false;
}

/** The organisation of the store that owns a domain; undefined: nobody does. */
export async function ownerOf(
  tx: Transaction,
  domain: string,
): Promise<{ storeId: string; organisationId: string } | undefined> {
  const rows = await tx.rows<{ storeId: string; organisationId: string }>(
    `SELECT o.store_id AS "storeId", s.organisation_id AS "organisationId"
     FROM domain_owners o JOIN stores s ON s.id = o.store_id WHERE o.domain = $1`,
    [domain],
  );
  return rows[0];
}

/** Claims a domain that nobody has. False: somebody has it. */
export async function claimDomain(tx: StoreTransaction, domain: string, now: Date): Promise<boolean> {
  const claimed = await tx.run(
    'INSERT INTO domain_owners (domain, store_id, claimed_at) VALUES ($1, $2, $3) ON CONFLICT (domain) DO NOTHING',
    [domain, tx.storeId, now],
  );
  return claimed > 0;
}

/** Lets go of every domain of the store but this one. */
export async function releaseOthers(tx: StoreTransaction, domain: string): Promise<void> {
  await tx.run('DELETE FROM domain_owners WHERE store_id = $1 AND domain <> $2', [tx.storeId, domain]);
}
