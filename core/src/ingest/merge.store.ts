/**
 * Two customers become one, row by row, and what it takes to part them again. Everything of the one who goes moves to the one
 * who stays; where both have a row of the same name (a campaign's draw, a score) the one who stays keeps hers, and the other's
 * is kept in the record of the merge.
 */
import { holdStarts, UNDER_WAY } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';

/** Tables whose rows are named by themselves: they simply move. */
const OWN_NAME = ['orders', 'events', 'preferences', 'replies', 'personal_exports'] as const;
/** Tables with one row a customer and something else. */
const SHARED_NAME = {
  holdouts: 'campaign_id',
  outcomes: 'campaign_id',
  enrolments: 'campaign_id',
  segment_members: 'segment_id',
  scores: 'version',
  mail_scores: 'version',
} as const;
type SharedTable = keyof typeof SHARED_NAME;
const SHARED_TABLES = Object.keys(SHARED_NAME) as SharedTable[];

/** All columns but those that the database makes itself. */
const CUSTOMER = `id, store_id, key, email, email_verified, phone, first_name, last_name, language, country, time_zone, time_zone_source, email_at,
  country_at, time_zone_at, created_at, updated_at`;
/** Of those, the ones that a merge may change on the one who stays. */
const MERGED =
  `email email_verified email_at phone first_name last_name language country country_at time_zone time_zone_source time_zone_at
  created_at`.split(/\s+/);

export interface Moved {
  gone: unknown;
  before: unknown;
  after: unknown;
  identities: { platform: string; external_id: string }[];
  rows: Record<string, string[]>;
  /** Rows that gave way to one of the same name */
  dropped: Record<string, unknown[]>;
  messages: { id: string; occurrence: number; scheduled: boolean }[];
  /** The consents of the one who went, as they were, and their copies */
  consents: unknown[];
  copies: string[];
}

const ids = (rows: { id: string }[]): string[] => rows.map((row) => row.id);

/** Holds both customers and all their messages, in the order in which everybody does. False: one of them is not there. */
export async function holdBoth(tx: StoreTransaction, kept: string, gone: string): Promise<boolean> {
  const both = [tx.storeId, [kept, gone]];
  await holdStarts(tx);
  await tx.run(
    'SELECT id FROM messages WHERE store_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
    both,
  );
  const found = await tx.run(
    'SELECT id FROM customers WHERE store_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
    both,
  );
  return found === 2;
}

/** Moves everything of `gone` to `kept` and deletes it. */
export async function moveAll(tx: StoreTransaction, kept: string, gone: string, now: Date): Promise<Moved> {
  const pair = [tx.storeId, kept, gone];
  const [before, goneRow] = [await readCustomer(tx, kept), await readCustomer(tx, gone)];
  const identities = await tx.rows<{ platform: string; external_id: string }>(
    'UPDATE identities SET customer_id = $2 WHERE store_id = $1 AND customer_id = $3 RETURNING platform, external_id',
    pair,
  );
  const messages = await moveMessages(tx, kept, gone);
  const rows: Moved['rows'] = {};
  const dropped: Moved['dropped'] = {};
  for (const table of OWN_NAME)
    rows[table] = ids(
      await tx.rows(
        `UPDATE ${table} SET customer_id = $2 WHERE store_id = $1 AND customer_id = $3 RETURNING id::text`,
        pair,
      ),
    );
  for (const table of SHARED_TABLES) {
    const key = SHARED_NAME[table];
    rows[table] = ids(
      await tx.rows(
        `UPDATE ${table} t SET customer_id = $2 WHERE t.store_id = $1 AND t.customer_id = $3
           AND NOT EXISTS (SELECT FROM ${table} k WHERE k.store_id = $1 AND k.customer_id = $2 AND k.${key} = t.${key})
         RETURNING t.${key}::text AS id`,
        pair,
      ),
    );
    const left = await tx.rows<{ row: unknown }>(
      `DELETE FROM ${table} t WHERE t.store_id = $1 AND t.customer_id = $2 RETURNING to_jsonb(t) AS row`,
      [tx.storeId, gone],
    );
    dropped[table] = left.map(({ row }) => row);
  }
  const consents = await moveConsents(tx, kept, gone);
  await tx.run('DELETE FROM customer_totals WHERE store_id = $1 AND customer_id IN ($2, $3)', pair);
  await joinFields(tx, kept, gone, now);
  await tx.run('DELETE FROM customers WHERE store_id = $1 AND id = $2', [tx.storeId, gone]);
  const after = await readCustomer(tx, kept);
  return { gone: goneRow, before, after, identities, rows, dropped, messages, ...consents };
}

/** The same campaign may have written to both: the later mail is another occurrence, and one that is still to go does not. */
async function moveMessages(tx: StoreTransaction, kept: string, gone: string): Promise<Moved['messages']> {
  return tx.rows<Moved['messages'][number]>(
    `WITH twice AS (
      SELECT m.id, m.occurrence, m.state IN ('planned', 'scheduled') AND m.id NOT IN (${UNDER_WAY}) AND k.occurrence IS NOT NULL AS scheduled, coalesce(k.occurrence, 0) AS taken
      FROM messages m LEFT JOIN LATERAL (SELECT max(o.occurrence) AS occurrence FROM messages o
        WHERE o.store_id = $1 AND o.customer_id = $2 AND o.campaign_id = m.campaign_id AND o.step = m.step) k ON true
      WHERE m.store_id = $1 AND m.customer_id = $3
    ), moved AS (
      UPDATE messages m SET customer_id = $2, occurrence = m.occurrence + t.taken,
        state = CASE WHEN t.scheduled THEN 'dropped' ELSE m.state END, state_reason = CASE WHEN t.scheduled THEN 'same_person' ELSE m.state_reason END
      FROM twice t WHERE m.store_id = $1 AND m.id = t.id)
    SELECT id, occurrence, scheduled FROM twice`,
    [tx.storeId, kept, gone],
  );
}

/** Consents are never changed: those of the one who goes are copied, and their originals kept in the record. */
async function moveConsents(
  tx: StoreTransaction,
  kept: string,
  gone: string,
): Promise<Pick<Moved, 'consents' | 'copies'>> {
  const consents = await tx.rows<{ row: unknown }>(
    'DELETE FROM consents c WHERE c.store_id = $1 AND c.customer_id = $2 RETURNING to_jsonb(c) AS row',
    [tx.storeId, gone],
  );
  const originals = consents.map(({ row }) => row);
  const copies = await tx.rows<{ id: string }>(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source, evidence)
     SELECT $1, $2, channel, state, basis, at, source, evidence FROM jsonb_populate_recordset(NULL::consents, $3) ORDER BY at, id
     ON CONFLICT DO NOTHING RETURNING id::text`,
    [tx.storeId, kept, JSON.stringify(originals)],
  );
  return { consents: originals, copies: ids(copies) };
}

async function readCustomer(tx: StoreTransaction, id: string): Promise<unknown> {
  const [row] = await tx.rows<{ row: unknown }>(
    'SELECT to_jsonb(c) AS row FROM customers c WHERE store_id = $1 AND id = $2',
    [tx.storeId, id],
  );
  return row?.row;
}

/** The address that was said later; of everything else what the one who stays has, and what she lacks from the other. */
async function joinFields(tx: StoreTransaction, kept: string, gone: string, now: Date): Promise<void> {
  await tx.run(
    `UPDATE customers k SET
       email = CASE WHEN n.email THEN g.email ELSE k.email END, email_verified = CASE WHEN n.email THEN g.email_verified ELSE k.email_verified END,
       email_at = CASE WHEN n.email THEN g.email_at ELSE k.email_at END,
       phone = coalesce(k.phone, g.phone), first_name = coalesce(k.first_name, g.first_name), last_name = coalesce(k.last_name, g.last_name),
       language = coalesce(k.language, g.language), country = coalesce(k.country, g.country), country_at = CASE WHEN k.country IS NULL THEN g.country_at ELSE k.country_at END,
       time_zone = CASE WHEN n.zone THEN g.time_zone ELSE k.time_zone END, time_zone_source = CASE WHEN n.zone THEN g.time_zone_source ELSE k.time_zone_source END,
       time_zone_at = CASE WHEN n.zone THEN g.time_zone_at ELSE k.time_zone_at END,
       created_at = least(k.created_at, g.created_at), updated_at = $4
     FROM customers g CROSS JOIN LATERAL (SELECT
       g.email IS NOT NULL AND (o.email IS NULL OR g.email_verified AND coalesce(g.email_at, '-infinity') > coalesce(o.email_at, '-infinity')) AS email,
       g.time_zone IS NOT NULL AND (o.time_zone IS NULL
         OR array_position('{profile,address,country}', g.time_zone_source) < array_position('{profile,address,country}', o.time_zone_source)) AS zone
       FROM customers o WHERE o.store_id = $1 AND o.id = $2) n
     WHERE k.store_id = $1 AND k.id = $2 AND g.store_id = $1 AND g.id = $3`,
    [tx.storeId, kept, gone, now],
  );
}

/** Gives everything back: what moved, what gave way, and what the one who went has had since on platforms of her own. */
export async function moveBack(tx: StoreTransaction, kept: string, gone: string, moved: Moved): Promise<void> {
  const pair = [tx.storeId, kept, gone];
  await tx.run(
    `INSERT INTO customers (${CUSTOMER}) SELECT ${CUSTOMER} FROM jsonb_populate_record(NULL::customers, $1)`,
    [JSON.stringify(moved.gone)],
  );
  // What was said of her since the merge stays said.
  await tx.run(
    `UPDATE customers k SET ${MERGED.map((field) => `${field} = CASE WHEN k.${field} IS NOT DISTINCT FROM a.${field} THEN b.${field} ELSE k.${field} END`).join(', ')}
     FROM jsonb_populate_record(NULL::customers, $3) b, jsonb_populate_record(NULL::customers, $4) a WHERE k.store_id = $1 AND k.id = $2`,
    [tx.storeId, kept, JSON.stringify(moved.before), JSON.stringify(moved.after)],
  );
  await tx.run(
    `INSERT INTO identities (store_id, platform, external_id, customer_id)
     SELECT $1, platform, external_id, $2 FROM jsonb_to_recordset($3) AS r (platform text, external_id text)
     ON CONFLICT (store_id, platform, external_id) DO UPDATE SET customer_id = excluded.customer_id`,
    [tx.storeId, gone, JSON.stringify(moved.identities)],
  );
  for (const table of OWN_NAME)
    await tx.run(
      `UPDATE ${table} SET customer_id = $3 WHERE store_id = $1 AND customer_id = $2 AND id::text = ANY($4)`,
      [...pair, moved.rows[table] ?? []],
    );
  await tx.run(
    `UPDATE orders SET customer_id = $3 WHERE store_id = $1 AND customer_id = $2
       AND platform IN (SELECT platform FROM identities WHERE store_id = $1 AND customer_id = $3)
       AND platform NOT IN (SELECT platform FROM identities WHERE store_id = $1 AND customer_id = $2)`,
    pair,
  );
  for (const table of SHARED_TABLES) {
    await tx.run(
      `UPDATE ${table} SET customer_id = $3 WHERE store_id = $1 AND customer_id = $2 AND ${SHARED_NAME[table]}::text = ANY($4)`,
      [...pair, moved.rows[table] ?? []],
    );
    await tx.run(
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1) ON CONFLICT DO NOTHING`,
      [JSON.stringify(moved.dropped[table] ?? [])],
    );
  }
  await tx.run(
    `UPDATE messages m SET customer_id = $3, occurrence = r.occurrence,
       state = CASE WHEN r.scheduled AND m.state_reason = 'same_person' THEN 'scheduled' ELSE m.state END,
       state_reason = CASE WHEN m.state_reason = 'same_person' THEN NULL ELSE m.state_reason END
     FROM jsonb_to_recordset($4) AS r (id uuid, occurrence int, scheduled boolean)
     WHERE m.store_id = $1 AND m.customer_id = $2 AND m.id = r.id`,
    [...pair, JSON.stringify(moved.messages)],
  );
  await giveConsentsBack(tx, kept, gone, moved);
  await tx.run('DELETE FROM customer_totals WHERE store_id = $1 AND customer_id IN ($2, $3)', pair);
}

/** A refusal that was said while they were one holds for both. */
async function giveConsentsBack(tx: StoreTransaction, kept: string, gone: string, moved: Moved): Promise<void> {
  await tx.run('DELETE FROM consents WHERE store_id = $1 AND customer_id = $2 AND id::text = ANY($3)', [
    tx.storeId,
    kept,
    moved.copies,
  ]);
  await tx.run(
    'INSERT INTO consents SELECT * FROM jsonb_populate_recordset(NULL::consents, $1) ON CONFLICT DO NOTHING',
    [JSON.stringify(moved.consents)],
  );
  await tx.run(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source, evidence)
     SELECT store_id, $3, channel, state, basis, at, source, evidence FROM consents
     WHERE store_id = $1 AND customer_id = $2 AND state = 'unsubscribed'
       AND at > (SELECT at FROM merges WHERE store_id = $1 AND kept_id = $2 AND gone_id = $3 AND undone_at IS NULL ORDER BY id DESC LIMIT 1)
     ON CONFLICT DO NOTHING`,
    [tx.storeId, kept, gone],
  );
}
