/** Deletes a store with everything that is its own, and its organisation where that has no other: for emptying the demo. There is no way back. */
import pg from 'pg';
import { connectAsOwner } from './reach.ts';

/** `ownerUrl`: the tables' owner; row-level security holds for it too, so it can delete nothing of another store. */
export async function forgetStore(ownerUrl: string, storeId: string): Promise<void> {
  const client = await connectAsOwner(ownerUrl);
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.store_id', $1, true)", [storeId]);
    const { rows } = await client.query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND column_name = 'store_id' AND table_type = 'BASE TABLE' ORDER BY table_name`,
    );
    for (const { table_name: table } of rows)
      await client.query(`DELETE FROM ${pg.escapeIdentifier(table)} WHERE store_id = $1`, [storeId]);
    await client.query("SELECT set_config('app.directory', 'on', true)");
    const gone = await client.query<{ organisation_id: string }>(
      'DELETE FROM stores WHERE id = $1 RETURNING organisation_id',
      [storeId],
    );
    for (const { organisation_id: organisation } of gone.rows)
      await client.query(
        'DELETE FROM organisations o WHERE id = $1 AND NOT EXISTS (SELECT FROM stores WHERE organisation_id = o.id)',
        [organisation],
      );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
