/** Whom of the demo store the platforms' stand-ins know, and what an earlier start left of them. */
import type { StoreTransaction } from '@rekindle/core';

export interface KnownPerson {
  email: string;
  firstName: string | null;
  lastName: string | null;
  country: string | null;
  createdAt: Date;
  /** The last word on mail, and its time */
  state: string;
  at: Date;
}

const KNOWN = `c.email, c.first_name AS "firstName", c.last_name AS "lastName", c.country, c.created_at AS "createdAt", said.state, said.at`;
// Only who has said yes outright: a platform that repeats a lesser ground would change what the law lets.
const SAID = `CROSS JOIN LATERAL (SELECT k.state, k.basis, k.at FROM consents k WHERE k.store_id = c.store_id AND k.customer_id = c.id
  AND k.channel = 'email' ORDER BY k.at DESC, k.id DESC LIMIT 1) said`;

/** Those whom an earlier start put there. */
export function peopleOfLastTime(tx: StoreTransaction, platform: string): Promise<KnownPerson[]> {
  return tx.rows<KnownPerson>(
    `SELECT ${KNOWN} FROM identities i JOIN customers c ON c.id = i.customer_id AND c.store_id = i.store_id ${SAID}
     WHERE i.store_id = $1 AND i.platform = $2 AND c.email IS NOT NULL ORDER BY length(i.external_id), i.external_id COLLATE "C"`,
    [tx.storeId, platform],
  );
}

/** Buyers worth a salesperson's time, those first with whom most is at stake. */
export function peopleWorthKnowing(tx: StoreTransaction, limit: number): Promise<KnownPerson[]> {
  return tx.rows<KnownPerson>(
    `SELECT ${KNOWN} FROM stores t JOIN scores s ON s.store_id = t.id AND s.version = t.score_version AND s.state = 'scored'
     JOIN customers c ON c.id = s.customer_id AND c.store_id = t.id ${SAID}
     WHERE t.id = $1 AND s.life_stage IN ('active', 'slipping', 'lapsed') AND c.email IS NOT NULL AND c.email_verified AND said.state = 'subscribed' AND said.basis = 'express'
     ORDER BY s.value_at_risk DESC NULLS LAST, c.id LIMIT $2`,
    [tx.storeId, limit],
  );
}

/**
 * The stand-ins begin anew with every start: what is known of them is forgotten, so that they are read from the beginning and told
 * everything again, and nobody asks at the addresses that they had.
 */
export async function forgetStandIns(tx: StoreTransaction, platforms: readonly string[]): Promise<void> {
  const of = 'WHERE store_id = $1 AND platform = ANY($2)';
  const values = [tx.storeId, platforms];
  await tx.run(`UPDATE connections SET state = 'disconnected', cursor = NULL, credentials = NULL ${of}`, values);
  await tx.run(`DELETE FROM identities ${of}`, values);
  // Pending, so that they are told again at once; what an id now stands for is compared before they go.
  await tx.run(
    `UPDATE write_backs SET state = 'pending', attempts = 0, next_attempt_at = created_at, error = NULL ${of}`,
    values,
  );
}
