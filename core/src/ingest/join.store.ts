/**
 * Who is who across platforms. An id of a platform that is new joins a customer whom that platform does not know by another
 * id: by proven e-mail address first, else by phone. Two ids of one platform stay two people: the platform says so, and
 * families share addresses. The rule and its reasons: docs/decisions/011-who-is-who.md.
 */
import type { StoreTransaction } from '../database/connect.ts';

/**
 * By e-mail: the customer's own address, or one by which another platform knows her. At most one new id joins a customer, and
 * it joins the customer who has been there longest.
 */
export async function joinByEmail(tx: StoreTransaction, platform: string): Promise<void> {
  await tx.run(
    `WITH candidates AS (
      SELECT r.id, r.external_id, c.id AS customer_id, row_number() OVER (PARTITION BY r.id ORDER BY c.created_at, c.key COLLATE "C") AS choice
      FROM (
        SELECT r.id, c.id AS customer_id FROM resolved r JOIN customers c ON c.store_id = $1 AND c.email = r.email AND c.email_verified
        WHERE r.fresh AND r.email_verified
        UNION
        SELECT r.id, i.customer_id FROM resolved r JOIN identities i ON i.store_id = $1 AND i.email = r.email AND i.email_verified
        WHERE r.fresh AND r.email_verified
      ) found JOIN resolved r ON r.id = found.id JOIN customers c ON c.store_id = $1 AND c.id = found.customer_id
      WHERE NOT EXISTS (SELECT FROM identities i WHERE i.store_id = $1 AND i.customer_id = c.id AND i.platform = $2)
    ), chosen AS (
      SELECT DISTINCT ON (customer_id) id, customer_id FROM candidates WHERE choice = 1 ORDER BY customer_id, external_id COLLATE "C"
    )
    UPDATE resolved r SET customer_id = chosen.customer_id, joined = true FROM chosen WHERE r.id = chosen.id`,
    [tx.storeId, platform],
  );
}

/** Whether two rows with one phone are one person: the same last name, and no other first name. */
function sameName(mine: string, other: string): string {
  return `rekindle_name_key(${mine}.last_name) = rekindle_name_key(${other}.last_name)
    AND coalesce(rekindle_name_key(${mine}.first_name) = rekindle_name_key(${other}.first_name), true)`;
}

/** By phone, where it is told in full and nobody else has it: a number that several share names none of them. */
export async function joinByPhone(tx: StoreTransaction, platform: string): Promise<void> {
  await tx.run(
    `WITH alone AS (
      SELECT phone FROM resolved WHERE phone LIKE '+%' GROUP BY phone HAVING count(*) = 1
    )
    UPDATE resolved r SET customer_id = c.id, joined = true
    FROM alone, customers c
    WHERE r.fresh AND NOT r.joined AND r.phone = alone.phone AND c.store_id = $1 AND c.phone = r.phone AND ${sameName('r', 'c')}
      AND NOT EXISTS (SELECT FROM customers o WHERE o.store_id = $1 AND o.phone = r.phone AND o.id <> c.id)
      AND NOT EXISTS (SELECT FROM identities i WHERE i.store_id = $1 AND i.customer_id = c.id AND i.platform = $2)
      AND NOT EXISTS (SELECT FROM resolved o WHERE o.customer_id = c.id)`,
    [tx.storeId, platform],
  );
}

/** Two customers that turned out to be one. `a` is who stays: the one who has been there longer. */
export interface Twins {
  kept: string;
  gone: string;
  reason: 'email' | 'phone';
}

/**
 * Customers of whom this telling shows that they are one: a word that is new matches somebody else, whom no platform tells
 * apart from them. A few at a time.
 */
export async function findTwins(tx: StoreTransaction): Promise<Twins[]> {
  return tx.rows<Twins>(
    `WITH pairs AS (
      SELECT r.customer_id AS mine, c.id AS other, 'email' AS reason FROM resolved r
      JOIN customers c ON c.store_id = $1 AND c.email = r.email AND c.email_verified AND c.id <> r.customer_id
      WHERE r.email_verified AND NOT (r.fresh AND NOT r.joined)
      UNION
      SELECT r.customer_id, i.customer_id, 'email' FROM resolved r
      JOIN identities i ON i.store_id = $1 AND i.email = r.email AND i.email_verified AND i.customer_id <> r.customer_id
      WHERE r.email_verified AND NOT (r.fresh AND NOT r.joined)
      UNION
      SELECT r.customer_id, c.id, 'phone' FROM resolved r JOIN customers m ON m.id = r.customer_id AND m.store_id = $1
      JOIN customers c ON c.store_id = $1 AND c.phone = r.phone AND c.id <> r.customer_id AND ${sameName('m', 'c')}
      WHERE r.phone LIKE '+%' AND NOT (r.fresh AND NOT r.joined)
        AND (SELECT count(*) FROM customers o WHERE o.store_id = $1 AND o.phone = r.phone) = 2
    )
    SELECT DISTINCT ON (kept.id, gone.id) kept.id AS kept, gone.id AS gone, p.reason
    FROM pairs p JOIN customers a ON a.store_id = $1 AND a.id = p.mine JOIN customers b ON b.store_id = $1 AND b.id = p.other
    CROSS JOIN LATERAL (SELECT CASE WHEN (a.created_at, a.key COLLATE "C") <= (b.created_at, b.key COLLATE "C") THEN a.id ELSE b.id END AS id) kept
    CROSS JOIN LATERAL (SELECT CASE WHEN kept.id = a.id THEN b.id ELSE a.id END AS id) gone
    WHERE NOT EXISTS (SELECT FROM identities x JOIN identities y ON y.store_id = $1 AND y.platform = x.platform
      WHERE x.store_id = $1 AND x.customer_id = a.id AND y.customer_id = b.id)
      -- Somebody has parted them.
      AND NOT EXISTS (SELECT FROM merges m WHERE m.store_id = $1 AND m.undone_at IS NOT NULL
        AND m.kept_id IN (a.id, b.id) AND m.gone_id IN (a.id, b.id))
    ORDER BY kept.id, gone.id, p.reason LIMIT 100`,
    [tx.storeId],
  );
}

/** Those of `resolved` who stood for the one who went stand for the one who stays. */
export async function followMerge(tx: StoreTransaction, { kept, gone }: Twins): Promise<void> {
  await tx.run('UPDATE resolved SET customer_id = $1 WHERE customer_id = $2', [kept, gone]);
}
