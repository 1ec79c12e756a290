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
  // Files leave no addresses with the ids: an import of a million people looks none up.
  const [kept] = await tx.rows<{ some: boolean }>(
    'SELECT EXISTS (SELECT FROM identities WHERE store_id = $1 AND email IS NOT NULL) AS some',
    [tx.storeId],
  );
  const byIdentity = `
        UNION
        SELECT r.id, i.customer_id FROM resolved r, ${lookUp('SELECT i.customer_id FROM identities i WHERE i.store_id = $1 AND i.email = r.email AND i.email_verified')} i
        WHERE r.fresh AND r.email_verified`;
  await tx.run(
    `WITH candidates AS (
      SELECT r.id, r.external_id, c.id AS customer_id, row_number() OVER (PARTITION BY r.id ORDER BY c.created_at, c.key COLLATE "C") AS choice
      FROM (
        SELECT r.id, c.id AS customer_id FROM resolved r JOIN customers c ON c.store_id = $1 AND c.email = r.email AND c.email_verified
        WHERE r.fresh AND r.email_verified${kept?.some === true ? byIdentity : ''}
      ) found JOIN resolved r ON r.id = found.id JOIN customers c ON c.store_id = $1 AND c.id = found.customer_id
      WHERE NOT EXISTS (SELECT FROM identities i WHERE i.store_id = $1 AND i.customer_id = c.id AND i.platform = $2)
    ), chosen AS (
      SELECT DISTINCT ON (customer_id) id, customer_id FROM candidates WHERE choice = 1 ORDER BY customer_id, external_id COLLATE "C"
    )
    UPDATE resolved r SET customer_id = chosen.customer_id, joined = true FROM chosen WHERE r.id = chosen.id`,
    [tx.storeId, platform],
  );
}

/**
 * A look into an index for each row beside it. The tables may have grown by a million rows in this very transaction, of which
 * the planner knows nothing: left to itself it compares everybody with everybody.
 */
function lookUp(select: string): string {
  return `LATERAL (${select} LIMIT 20)`;
}

/** Whether two rows with one phone are one person: the same last name, and no other first name. */
function sameName(mine: string, other: string): string {
  return `rekindle_name_key(${mine}.last_name) = rekindle_name_key(${other}.last_name)
    AND coalesce(rekindle_name_key(${mine}.first_name) = rekindle_name_key(${other}.first_name), true)`;
}

/** By phone, where it is told in full and nobody else has it: a number that several share names none of them. */
export async function joinByPhone(tx: StoreTransaction, platform: string): Promise<void> {
  const told = await tx.rows(`SELECT FROM resolved WHERE fresh AND NOT joined AND phone LIKE '+%' LIMIT 1`);
  if (told.length === 0) return;
  await tx.run(
    `WITH alone AS MATERIALIZED (
      SELECT phone FROM resolved WHERE phone LIKE '+%' GROUP BY phone HAVING count(*) = 1
    ), chosen AS MATERIALIZED (
      SELECT r.id, c.id AS customer_id FROM alone JOIN resolved r ON r.phone = alone.phone,
        ${lookUp('SELECT c.id, c.first_name, c.last_name FROM customers c WHERE c.store_id = $1 AND c.phone = r.phone')} c
      WHERE r.fresh AND NOT r.joined AND ${sameName('r', 'c')}
        AND (SELECT count(*) FROM customers o WHERE o.store_id = $1 AND o.phone = r.phone) = 1
        AND NOT EXISTS (SELECT FROM identities i WHERE i.store_id = $1 AND i.customer_id = c.id AND i.platform = $2)
        AND NOT EXISTS (SELECT FROM resolved o WHERE o.customer_id = c.id)
    )
    UPDATE resolved r SET customer_id = chosen.customer_id, joined = true FROM chosen WHERE r.id = chosen.id`,
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
  // Whoever is new and joined nobody has just been compared with everybody; what an order says of its buyer merges nobody.
  const news = `listed AND (email_verified OR phone LIKE '+%') AND NOT (fresh AND NOT joined)`;
  if ((await tx.rows(`SELECT FROM resolved WHERE ${news} LIMIT 1`)).length === 0) return [];
  return tx.rows<Twins>(
    `WITH news AS MATERIALIZED (SELECT customer_id, phone, CASE WHEN email_verified THEN email END AS email FROM resolved WHERE ${news}),
    pairs AS MATERIALIZED (
      SELECT r.customer_id AS mine, c.id AS other, 'email' AS reason
      FROM news r, ${lookUp('SELECT c.id FROM customers c WHERE c.store_id = $1 AND c.email = r.email AND c.email_verified AND c.id <> r.customer_id')} c
      UNION
      SELECT r.customer_id, i.customer_id, 'email'
      FROM news r, ${lookUp('SELECT i.customer_id FROM identities i WHERE i.store_id = $1 AND i.email = r.email AND i.email_verified AND i.customer_id <> r.customer_id')} i
      UNION
      SELECT r.customer_id, c.id, 'phone'
      FROM news r, ${lookUp('SELECT m.first_name, m.last_name FROM customers m WHERE m.store_id = $1 AND m.id = r.customer_id')} m,
        ${lookUp('SELECT c.id, c.first_name, c.last_name FROM customers c WHERE c.store_id = $1 AND c.phone = r.phone AND c.id <> r.customer_id')} c
      WHERE r.phone LIKE '+%' AND ${sameName('m', 'c')}
        AND (SELECT count(*) FROM customers o WHERE o.store_id = $1 AND o.phone = r.phone) = 2
    )
    SELECT DISTINCT ON (kept.id, gone.id) kept.id AS kept, gone.id AS gone, p.reason
    FROM pairs p, ${lookUp('SELECT a.id, a.created_at, a.key FROM customers a WHERE a.store_id = $1 AND a.id = p.mine')} a,
      ${lookUp('SELECT b.id, b.created_at, b.key FROM customers b WHERE b.store_id = $1 AND b.id = p.other')} b
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
