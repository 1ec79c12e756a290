/**
 * A database of its own for a test file, cloned from a migrated template in about a tenth of a second. The server behind it
 * is started once a run by vitest.global.ts (or is TEST_DATABASE_URL).
 */
import { randomBytes } from 'node:crypto';
import { connectDatabase, type Database } from '../database/connect.ts';
import { asOwner, withDatabase } from '../database/owner.ts';

export { asOwner, withDatabase };

export const TEMPLATE = 'rekindle_template';
/** APP_SECRET of every test: the server's one application role has a password derived from it. */
export const TEST_SECRET = 'the one secret of all tests, long enough to be one';

export interface TestDatabase {
  database: Database;
  /** The same database with an owner's rights, for looking behind row-level security. */
  ownerUrl: string;
  drop(): Promise<void>;
}

/** Addresses that the run's global set-up made: of the server's owner and of the template as the application. */
export interface TestServer {
  ownerUrl: string;
  appUrl: string;
}

export async function createTestDatabase(server: TestServer): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asOwner(server.ownerUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const database = connectDatabase({ url: withDatabase(server.appUrl, name), connections: 6 });
  return {
    database,
    ownerUrl: withDatabase(server.ownerUrl, name),
    async drop() {
      await database.close();
      await asOwner(server.ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
