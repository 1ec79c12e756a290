/**
 * Staged people into customers, identities and consents: who is who first, then what is said of them.
 *
 * A person is found by the platform's id; a new id joins the customer of the same proven e-mail address whom this platform
 * does not know by another id; else a new customer is made. Two ids of one platform stay two people: the platform says so,
 * and families share addresses.
 */
import type { StoreTransaction } from '../database/connect.ts';

export interface PeopleCounts {
  /** Customers that were not there */
  customers: number;
  /** Customers that were there and of whom something else is said now */
  changed: number;
  consents: number;
}

/** `zones`: country → IANA zone, for people whose own zone nobody knows. */
export async function mergePeople(
  tx: StoreTransaction,
  platform: string,
  zones: Record<string, string>,
  now: Date,
): Promise<PeopleCounts> {
  await resolve(tx, platform);
  await joinByEmail(tx, platform);
  const customers = await insertCustomers(tx, platform, zones, now);
  await tx.run(
    `INSERT INTO identities (store_id, platform, external_id, customer_id)
    SELECT $1, $2, external_id, customer_id FROM resolved WHERE fresh ORDER BY external_id COLLATE "C"`,
    [tx.storeId, platform],
  );
  await moveOrders(tx);
  const changed = await updateCustomers(tx, zones, now);
  const consents = await appendConsents(tx, platform);
  return { customers, changed, consents };
}

/** One row a person: the newest words, and the customer that the platform's id already stands for. */
async function resolve(tx: StoreTransaction, platform: string): Promise<void> {
  await tx.run(
    `CREATE TEMPORARY TABLE resolved ON COMMIT DROP AS
    SELECT p.id, p.external_id, coalesce(i.customer_id, p.id) AS customer_id, i.customer_id IS NULL AS fresh, false AS joined, p.first_at,
      left(p.email_word, 24)::timestamptz AS email_at, substr(p.email_word, 25, 1) = '1' AS email_verified, substr(p.email_word, 26) AS email,
      left(p.country_word, 24)::timestamptz AS country_at, substr(p.country_word, 25) AS country,
      left(p.zone_word, 24)::timestamptz AS zone_at, substr(p.zone_word, 25) AS zone,
      p.phone, p.first_name, p.last_name, p.language
    FROM (
      SELECT id, external_id, min(first_at) AS first_at, max(email_word COLLATE "C") AS email_word, max(country_word COLLATE "C") AS country_word,
        max(zone_word COLLATE "C") AS zone_word, max(phone COLLATE "C") AS phone, max(first_name COLLATE "C") AS first_name,
        max(last_name COLLATE "C") AS last_name, max(language COLLATE "C") AS language
      FROM staged_people GROUP BY id, external_id
    ) p
    LEFT JOIN identities i ON i.store_id = '${tx.storeId}' AND i.platform = ${literal(platform)} AND i.external_id = p.external_id`,
  );
  // Only what joins look at: sampling every text would take longer than the joins.
  await tx.run('ANALYZE resolved (id, customer_id, fresh)');
}

/** CREATE TABLE AS takes no parameters. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** At most one new id joins a customer, and a new id joins the customer who has been there longest. */
async function joinByEmail(tx: StoreTransaction, platform: string): Promise<void> {
  await tx.run(
    `WITH candidates AS (
      SELECT r.id, r.external_id, c.id AS customer_id, row_number() OVER (PARTITION BY r.id ORDER BY c.created_at, c.key COLLATE "C") AS choice
      FROM resolved r JOIN customers c ON c.store_id = $1 AND c.email = r.email AND c.email_verified
      WHERE r.fresh AND r.email_verified
        AND NOT EXISTS (SELECT FROM identities i WHERE i.store_id = $1 AND i.customer_id = c.id AND i.platform = $2)
    ), chosen AS (
      SELECT DISTINCT ON (customer_id) id, customer_id FROM candidates WHERE choice = 1 ORDER BY customer_id, external_id COLLATE "C"
    )
    UPDATE resolved r SET customer_id = chosen.customer_id, joined = true FROM chosen WHERE r.id = chosen.id`,
    [tx.storeId, platform],
  );
}

function insertCustomers(
  tx: StoreTransaction,
  platform: string,
  zones: Record<string, string>,
  now: Date,
): Promise<number> {
  return tx.run(
    `INSERT INTO customers (id, store_id, key, email, email_verified, email_at, phone, first_name, last_name, language, country, country_at,
      time_zone, time_zone_at, time_zone_source, created_at, updated_at)
    SELECT id, $1, $2 || ':' || external_id, email, coalesce(email_verified, true), email_at, phone, first_name, last_name, language, country, country_at,
      coalesce(zone, countries.clock), zone_at, CASE WHEN zone IS NOT NULL THEN 'profile' WHEN countries.clock IS NOT NULL THEN 'country' END, first_at, $4
    FROM resolved LEFT JOIN jsonb_each_text($3::jsonb) AS countries (code, clock) ON countries.code = country WHERE fresh AND NOT joined ORDER BY id
    ON CONFLICT (id) DO NOTHING`,
    [tx.storeId, platform, JSON.stringify(zones), now],
  );
}

/** Orders were written under the id their customer would have alone; those of a person with another id follow it. */
async function moveOrders(tx: StoreTransaction): Promise<void> {
  const moved = await tx.run(
    `UPDATE orders o SET customer_id = r.customer_id FROM resolved r
    WHERE r.customer_id <> r.id AND o.store_id = $1 AND o.customer_id = r.id`,
    [tx.storeId],
  );
  if (moved > 0)
    await tx.run('UPDATE touched t SET customer_id = r.customer_id FROM resolved r WHERE r.id = t.customer_id');
}

/**
 * What was said later wins, field by field; a person's own zone wins over the country's. A list speaks as of now ($3): where
 * it repeats what is known nothing changes, not even the time of the word.
 */
function updateCustomers(tx: StoreTransaction, zones: Record<string, string>, now: Date): Promise<number> {
  return tx.run(
    `WITH told AS (
      SELECT DISTINCT ON (r.customer_id) r.customer_id AS id,
        CASE WHEN newer.email THEN r.email ELSE c.email END AS email,
        CASE WHEN newer.email THEN r.email_verified ELSE c.email_verified END AS email_verified,
        CASE WHEN newer.email THEN r.email_at ELSE c.email_at END AS email_at,
        CASE WHEN newer.country THEN r.country ELSE c.country END AS country,
        CASE WHEN newer.country THEN r.country_at ELSE c.country_at END AS country_at,
        CASE WHEN newer.zone THEN r.zone WHEN c.time_zone_source = 'profile' THEN c.time_zone END AS zone,
        CASE WHEN newer.zone THEN r.zone_at ELSE c.time_zone_at END AS zone_at,
        coalesce(r.phone, c.phone) AS phone, coalesce(r.first_name, c.first_name) AS first_name,
        coalesce(r.last_name, c.last_name) AS last_name, coalesce(r.language, c.language) AS language,
        least(r.first_at, c.created_at) AS created_at
      FROM resolved r JOIN customers c ON c.id = r.customer_id AND c.store_id = $1
      CROSS JOIN LATERAL (SELECT
        (r.email_at, r.email COLLATE "C") > (coalesce(c.email_at, '-infinity'), coalesce(c.email, '') COLLATE "C")
          AND (r.email_at <> $3 OR (r.email, r.email_verified) IS DISTINCT FROM (c.email, c.email_verified)) AS email,
        (r.country_at, r.country COLLATE "C") > (coalesce(c.country_at, '-infinity'), coalesce(c.country::text, '') COLLATE "C")
          AND (r.country_at <> $3 OR r.country IS DISTINCT FROM c.country::text) AS country,
        (r.zone_at, r.zone COLLATE "C") > (coalesce(c.time_zone_at, '-infinity'), coalesce(c.time_zone, '') COLLATE "C")
          AND (r.zone_at <> $3 OR (r.zone, 'profile') IS DISTINCT FROM (c.time_zone, c.time_zone_source)) AS zone
      ) newer
      WHERE NOT r.fresh OR r.joined
      ORDER BY r.customer_id, r.external_id COLLATE "C"
    ), placed AS (
      SELECT *, coalesce(zone, $2::jsonb ->> country) AS time_zone,
        CASE WHEN zone IS NOT NULL THEN 'profile' WHEN $2::jsonb ->> country IS NOT NULL THEN 'country' END AS time_zone_source
      FROM told
    )
    UPDATE customers c SET email = p.email, email_verified = p.email_verified, email_at = p.email_at, country = p.country, country_at = p.country_at,
      time_zone = p.time_zone, time_zone_source = p.time_zone_source, time_zone_at = p.zone_at, phone = p.phone, first_name = p.first_name,
      last_name = p.last_name, language = p.language, created_at = p.created_at, updated_at = $3
    FROM placed p
    WHERE c.id = p.id AND (c.email, c.email_verified, c.email_at, c.country, c.country_at, c.time_zone, c.time_zone_source, c.time_zone_at, c.phone,
        c.first_name, c.last_name, c.language, c.created_at)
      IS DISTINCT FROM (p.email, p.email_verified, p.email_at, p.country::bpchar, p.country_at, p.time_zone, p.time_zone_source, p.zone_at, p.phone,
        p.first_name, p.last_name, p.language, p.created_at)`,
    [tx.storeId, JSON.stringify(zones), now],
  );
}

/** A consent is added when it differs from what held at its time: saying the same thing again is no event. */
function appendConsents(tx: StoreTransaction, platform: string): Promise<number> {
  return tx.run(
    `INSERT INTO consents (store_id, customer_id, state, basis, at, source)
    SELECT $1, r.customer_id, s.state, s.basis, s.at, $2
    FROM (SELECT DISTINCT id, state, basis, at FROM staged_consents) s JOIN resolved r ON r.id = s.id
    LEFT JOIN LATERAL (
      SELECT c.state, c.basis FROM consents c
      WHERE c.store_id = $1 AND c.customer_id = r.customer_id AND c.channel = 'email' AND c.at <= s.at ORDER BY c.at DESC, c.id DESC LIMIT 1
    ) held ON true
    WHERE (held.state, held.basis) IS DISTINCT FROM (s.state, s.basis)
    ORDER BY r.customer_id, s.at, s.state COLLATE "C", s.basis COLLATE "C"
    ON CONFLICT (store_id, customer_id, channel, at, source, state) DO NOTHING`,
    [tx.storeId, platform],
  );
}
