/** Deletes a store with everything that is its own: for emptying the demo. There is no way back. */
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
    await client.query('DELETE FROM stores WHERE id = $1', [storeId]);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
