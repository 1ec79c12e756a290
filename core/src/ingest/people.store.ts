/**
 * Staged people into customers, identities and consents: who is who first (join.store.ts), then what is said of them.
 *
 * A platform that is asked again and again repeats itself. What it said of a person last is kept with her id there, and only
 * what differs from that is news: else the platform that has not heard of a new address would take it back.
 */
import type { StoreTransaction } from '../database/connect.ts';
import { joinByEmail, joinByPhone } from './join.store.ts';

export interface PeopleCounts {
  /** Customers that were not there */
  customers: number;
  /** Customers that were there and of whom something else is said now */
  changed: number;
  consents: number;
  /** Orders that went to somebody whom another platform knows already */
  moved: number;
}

export interface Telling {
  platform: string;
  /** As of when it is told */
  at: Date;
  /** Whether the platform is asked again and again, and tells by itself. False: a file, which is read as a whole. */
  repeats: boolean;
  /** Whether nobody was staged twice */
  once: boolean;
}

/** `zones`: country → IANA zone, for people whose own zone nobody knows. Leaves `resolved` behind, a row a person. */
export async function mergePeople(
  tx: StoreTransaction,
  telling: Telling,
  zones: Record<string, string>,
): Promise<PeopleCounts> {
  const { platform, at, repeats } = telling;
  await resolve(tx, telling);
  if (repeats) await leaveOutOldWords(tx);
  await joinByEmail(tx, platform);
  await joinByPhone(tx, platform);
  const customers = await insertCustomers(tx, platform, zones, at);
  await saveIdentities(tx, telling);
  const moved = await moveOrders(tx);
  const changed = await updateCustomers(tx, telling, zones);
  const consents = await appendConsents(tx, platform);
  return { customers, changed, consents, moved };
}

/** One row a person: the newest words, and the customer that the platform's id already stands for. */
async function resolve(tx: StoreTransaction, { platform, at, once }: Telling): Promise<void> {
  const newest = (words: string): string => (once ? words : `max(${words} COLLATE "C") AS ${words}`);
  await tx.run(
    `CREATE TEMPORARY TABLE resolved ON COMMIT DROP AS
    SELECT p.id, p.external_id, coalesce(i.customer_id, p.id) AS customer_id, i.customer_id IS NULL AS fresh, false AS joined, p.first_at, p.listed,
      left(p.email_word, 24)::timestamptz AS email_at, substr(p.email_word, 25, 1) = '1' AS email_verified, substr(p.email_word, 26) AS email,
      left(p.country_word, 24)::timestamptz AS country_at, substr(p.country_word, 25) AS country,
      left(p.zone_word, 24)::timestamptz AS zone_at, ltrim(substr(p.zone_word, 25), '@') AS zone,
      CASE substr(p.zone_word, 25, 1) WHEN '' THEN NULL WHEN '@' THEN 'address' ELSE 'profile' END AS zone_from,
      p.phone, p.first_name, p.last_name, p.language,
      i.email AS last_email, i.email_verified AS last_verified, i.phone AS last_phone, coalesce(i.told_at > ${literal(at.toISOString())}::timestamptz, false) AS late
    FROM (
      SELECT id, external_id, ${once ? 'first_at, listed = 1 AS listed' : 'min(first_at) AS first_at, max(listed) = 1 AS listed'},
        ${['email_word', 'country_word', 'zone_word', 'phone', 'first_name', 'last_name', 'language'].map(newest).join(', ')}
      FROM staged_people ${once ? '' : 'GROUP BY id, external_id'}
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

/** What comes after newer words is not said at all; what is said a second time is no news. */
async function leaveOutOldWords(tx: StoreTransaction): Promise<void> {
  await tx.run(
    `UPDATE resolved SET email = NULL, email_at = NULL, email_verified = NULL, country = NULL, country_at = NULL, zone = NULL, zone_at = NULL,
      phone = NULL, first_name = NULL, last_name = NULL, language = NULL
    WHERE late AND listed`,
  );
  await tx.run(
    `UPDATE resolved SET email = NULL, email_at = NULL, email_verified = NULL
    WHERE NOT fresh AND email = last_email AND email_verified = last_verified`,
  );
  await tx.run('UPDATE resolved SET phone = NULL WHERE NOT fresh AND phone = last_phone');
}

async function insertCustomers(
  tx: StoreTransaction,
  platform: string,
  zones: Record<string, string>,
  now: Date,
): Promise<number> {
  // Whoever may be there is looked for before each row: where nobody is, that is a quarter of the work.
  const [found] = await tx.rows<{ some: boolean }>(
    'SELECT EXISTS (SELECT FROM customers WHERE store_id = $1) AS some',
    [tx.storeId],
  );
  return tx.run(
    `INSERT INTO customers (id, store_id, key, email, email_verified, email_at, phone, first_name, last_name, language, country, country_at,
      time_zone, time_zone_at, time_zone_source, created_at, updated_at)
    SELECT id, $1, $2 || ':' || external_id, email, coalesce(email_verified, true), email_at, phone, first_name, last_name, language, country, country_at,
      coalesce(zone, countries.clock), zone_at, CASE WHEN zone IS NOT NULL THEN zone_from WHEN countries.clock IS NOT NULL THEN 'country' END, first_at, $4
    FROM resolved LEFT JOIN jsonb_each_text($3::jsonb) AS countries (code, clock) ON countries.code = country WHERE fresh AND NOT joined ORDER BY id
    ${found?.some === false ? '' : 'ON CONFLICT (id) DO NOTHING'}`,
    [tx.storeId, platform, JSON.stringify(zones), now],
  );
}

/** New ids, and what their platform said last. */
async function saveIdentities(tx: StoreTransaction, { platform, at, repeats }: Telling): Promise<void> {
  const said = repeats
    ? 'CASE WHEN listed THEN email END, CASE WHEN listed THEN email_verified END, CASE WHEN listed THEN phone END, CASE WHEN listed THEN $3::timestamptz END'
    : 'NULL, NULL::boolean, NULL, NULL::timestamptz';
  await tx.run(
    `INSERT INTO identities (store_id, platform, external_id, customer_id, email, email_verified, phone, told_at)
    SELECT $1, $2, external_id, customer_id, ${said} FROM resolved WHERE fresh ORDER BY external_id COLLATE "C"`,
    repeats ? [tx.storeId, platform, at] : [tx.storeId, platform],
  );
  if (!repeats) return;
  await tx.run(
    `UPDATE identities i SET told_at = $3, email = coalesce(r.email, i.email), phone = coalesce(r.phone, i.phone),
      email_verified = CASE WHEN r.email IS NULL THEN i.email_verified ELSE r.email_verified END
    FROM resolved r
    WHERE NOT r.fresh AND r.listed AND NOT r.late AND i.store_id = $1 AND i.platform = $2 AND i.external_id = r.external_id`,
    [tx.storeId, platform, at],
  );
}

/** Orders were written under the id their customer would have alone; those of a person with another id follow it. */
async function moveOrders(tx: StoreTransaction): Promise<number> {
  const moved = await tx.run(
    `UPDATE orders o SET customer_id = r.customer_id FROM resolved r
    WHERE r.customer_id <> r.id AND o.store_id = $1 AND o.customer_id = r.id`,
    [tx.storeId],
  );
  if (moved > 0)
    await tx.run('UPDATE touched t SET customer_id = r.customer_id FROM resolved r WHERE r.id = t.customer_id');
  return moved;
}

/**
 * What was said later wins, field by field; a person's own zone wins over the country's. A list speaks as of now ($3): where
 * it repeats what is known nothing changes, not even the time of the word. Names and language have no time: the platform that
 * knew the person first says them, the others fill what it leaves open.
 */
function updateCustomers(tx: StoreTransaction, telling: Telling, zones: Record<string, string>): Promise<number> {
  return tx.run(
    `WITH told AS (
      SELECT DISTINCT ON (r.customer_id) r.customer_id AS id,
        CASE WHEN newer.email THEN r.email ELSE c.email END AS email,
        CASE WHEN newer.email THEN r.email_verified ELSE c.email_verified END AS email_verified,
        CASE WHEN newer.email THEN r.email_at ELSE c.email_at END AS email_at,
        CASE WHEN newer.country THEN r.country ELSE c.country END AS country,
        CASE WHEN newer.country THEN r.country_at ELSE c.country_at END AS country_at,
        CASE WHEN newer.zone THEN r.zone WHEN c.time_zone_source IN ('profile', 'address') THEN c.time_zone END AS zone,
        CASE WHEN newer.zone THEN r.zone_from ELSE c.time_zone_source END AS zone_from,
        CASE WHEN newer.zone THEN r.zone_at ELSE c.time_zone_at END AS zone_at,
        CASE WHEN r.joined THEN coalesce(c.phone, r.phone) ELSE coalesce(r.phone, c.phone) END AS phone,
        CASE WHEN first THEN coalesce(r.first_name, c.first_name) ELSE coalesce(c.first_name, r.first_name) END AS first_name,
        CASE WHEN first THEN coalesce(r.last_name, c.last_name) ELSE coalesce(c.last_name, r.last_name) END AS last_name,
        CASE WHEN first THEN coalesce(r.language, c.language) ELSE coalesce(c.language, r.language) END AS language,
        least(r.first_at, c.created_at) AS created_at
      FROM resolved r JOIN customers c ON c.id = r.customer_id AND c.store_id = $1
      CROSS JOIN LATERAL (SELECT
        starts_with(c.key, $4::text || ':') AS first,
        (r.email_at, r.email COLLATE "C") > (coalesce(c.email_at, '-infinity'), coalesce(c.email, '') COLLATE "C")
          AND (r.email_at <> $3 OR (r.email, r.email_verified) IS DISTINCT FROM (c.email, c.email_verified)) AS email,
        (r.country_at, r.country COLLATE "C") > (coalesce(c.country_at, '-infinity'), coalesce(c.country::text, '') COLLATE "C")
          AND (r.country_at <> $3 OR r.country IS DISTINCT FROM c.country::text) AS country,
        CASE WHEN r.zone_from IS DISTINCT FROM c.time_zone_source AND c.time_zone_source IN ('profile', 'address') THEN r.zone_from = 'profile'
          ELSE (r.zone_at, r.zone COLLATE "C") > (coalesce(c.time_zone_at, '-infinity'), coalesce(c.time_zone, '') COLLATE "C")
            AND (r.zone_at <> $3 OR (r.zone, r.zone_from) IS DISTINCT FROM (c.time_zone, c.time_zone_source)) END AS zone
      ) newer
      WHERE NOT r.fresh OR r.joined
      ORDER BY r.customer_id, r.external_id COLLATE "C"
    ), placed AS (
      SELECT *, coalesce(zone, $2::jsonb ->> country) AS time_zone,
        CASE WHEN zone IS NOT NULL THEN zone_from WHEN $2::jsonb ->> country IS NOT NULL THEN 'country' END AS time_zone_source
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
    [tx.storeId, JSON.stringify(zones), telling.at, telling.platform],
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
