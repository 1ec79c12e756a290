/** Deletes people, and stores. Which tables hold people is read from the catalogue, so that a table of tomorrow is not forgotten. */
import pg from 'pg';
import { holdStarts } from '../consent/index.ts';
import type { StoreTransaction, Transaction } from '../database/connect.ts';

export interface FoundPerson {
  customerIds: string[];
  emails: string[];
}

/** Everybody of this id, or (where the id is unknown) of this address; with the addresses by which she is known. */
export async function findPerson(
  tx: StoreTransaction,
  who: { platform: string; externalId: string; email: string | undefined },
): Promise<FoundPerson> {
  const people = await tx.rows<{ id: string }>(
    `SELECT customer_id AS id FROM identities WHERE store_id = $1 AND platform = $2 AND external_id = $3
     UNION SELECT id FROM customers WHERE store_id = $1 AND email = $4
       AND NOT EXISTS (SELECT FROM identities WHERE store_id = $1 AND platform = $2 AND external_id = $3)`,
    [tx.storeId, who.platform, who.externalId, who.email ?? null],
  );
  const customerIds = people.map(({ id }) => id);
  const known = await tx.rows<{ email: string | null }>(
    `SELECT email FROM customers WHERE store_id = $1 AND id = ANY($2::uuid[])
     UNION SELECT email FROM identities WHERE store_id = $1 AND customer_id = ANY($2::uuid[])`,
    [tx.storeId, customerIds],
  );
  return { customerIds, emails: known.flatMap(({ email }) => email ?? []) };
}

async function tablesWith(tx: Transaction, column: string): Promise<string[]> {
  const rows = await tx.rows<{ name: string }>(
    `SELECT table_name::text AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND column_name = $1 AND table_type = 'BASE TABLE' ORDER BY 1`,
    [column],
  );
  return rows.map(({ name }) => pg.escapeIdentifier(name));
}

/** Deletes these people from every table of the store, and webhooks that wait and name an address of theirs. */
export async function deletePeople(tx: StoreTransaction, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  const people = [tx.storeId, customerIds];
  await holdStarts(tx);
  // Messages first, then customers: the order in which everybody holds them.
  await tx.run(
    'SELECT id FROM messages WHERE store_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
    people,
  );
  await tx.run('SELECT id FROM customers WHERE store_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE', people);
  await tx.run(
    `DELETE FROM write_backs b USING identities i WHERE b.store_id = $1 AND i.store_id = $1 AND i.customer_id = ANY($2::uuid[])
       AND b.platform = i.platform AND (b.kind IN ('score', 'consent') AND b.subject_id = i.external_id
         OR b.kind = 'touch' AND b.payload ->> 'externalId' = i.external_id)`,
    people,
  );
  await tx.run(
    `DELETE FROM webhook_inbox w USING (
       SELECT email FROM customers WHERE store_id = $1 AND id = ANY($2::uuid[]) UNION SELECT email FROM identities WHERE store_id = $1 AND customer_id = ANY($2::uuid[])
     ) a WHERE w.store_id = $1 AND w.processed_at IS NULL AND position(convert_to(a.email, 'UTF8') IN w.body) > 0`,
    people,
  );
  for (const [table, key, of] of [
    ['events', 'message_id', 'messages'],
    ['order_lines', 'order_id', 'orders'],
  ])
    await tx.run(
      `DELETE FROM ${table ?? ''} WHERE store_id = $1 AND ${key ?? ''} IN (SELECT id FROM ${of ?? ''} WHERE store_id = $1 AND customer_id = ANY($2::uuid[]))`,
      people,
    );
  for (const table of await tablesWith(tx, 'customer_id'))
    await tx.run(`DELETE FROM ${table} WHERE store_id = $1 AND customer_id = ANY($2::uuid[])`, people);
  await tx.run(
    `DELETE FROM merges WHERE store_id = $1 AND (kept_id = ANY($2::uuid[]) OR gone_id = ANY($2::uuid[]))`,
    people,
  );
  await tx.run('DELETE FROM customers WHERE store_id = $1 AND id = ANY($2::uuid[])', people);
  await tx.run('DELETE FROM audit_entries WHERE store_id = $1 AND subject = ANY($2::text[])', [
    tx.storeId,
    customerIds,
  ]);
  await tx.run('UPDATE stores SET data_version = data_version + 1 WHERE id = $1', [tx.storeId]);
}

/** Whether the store is connected to anything else. */
export async function othersAreLive(
  tx: StoreTransaction,
  account: { platform: string; account: string },
): Promise<boolean> {
  const rows = await tx.rows(
    `SELECT FROM connections WHERE store_id = $1 AND state <> 'disconnected' AND NOT (platform = $2 AND account = $3) LIMIT 1`,
    [tx.storeId, account.platform, account.account],
  );
  return rows.length > 0;
}

/** Customers whom no other platform knows. */
export async function onlyOfPlatform(tx: StoreTransaction, platform: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT customer_id AS id FROM identities WHERE store_id = $1 GROUP BY customer_id HAVING bool_and(platform = $2)`,
    [tx.storeId, platform],
  );
  return rows.map(({ id }) => id);
}

/** What is left of an account of a store that goes on: its ids, orders and connection. */
export async function deleteAccount(
  tx: StoreTransaction,
  account: { platform: string; account: string },
): Promise<void> {
  const platform = [tx.storeId, account.platform];
  await tx.run(
    'DELETE FROM order_lines WHERE store_id = $1 AND order_id IN (SELECT id FROM orders WHERE store_id = $1 AND platform = $2)',
    platform,
  );
  const touched = await tx.rows<{ customer_id: string }>(
    'DELETE FROM orders WHERE store_id = $1 AND platform = $2 RETURNING customer_id',
    platform,
  );
  await tx.run('DELETE FROM customer_totals WHERE store_id = $1 AND customer_id = ANY($2::uuid[])', [
    tx.storeId,
    touched.map((row) => row.customer_id),
  ]);
  for (const table of ['identities', 'products', 'write_backs'])
    await tx.run(`DELETE FROM ${table} WHERE store_id = $1 AND platform = $2`, platform);
  await tx.run('DELETE FROM connections WHERE store_id = $1 AND platform = $2 AND account = $3', [
    ...platform,
    account.account,
  ]);
}

/** Everything of the store, and the store. */
export async function deleteStore(tx: StoreTransaction): Promise<void> {
  await holdStarts(tx);
  for (const table of await tablesWith(tx, 'store_id'))
    await tx.run(`DELETE FROM ${table} WHERE store_id = $1`, [tx.storeId]);
  await tx.run('DELETE FROM stores WHERE id = $1', [tx.storeId]);
}

export async function closeEmptyOrganisations(tx: Transaction): Promise<void> {
  await tx.run('DELETE FROM organisations o WHERE NOT EXISTS (SELECT FROM stores s WHERE s.organisation_id = o.id)');
}
