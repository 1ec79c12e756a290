/** Makes a database ready for the application: the newest schema, the application's role, and the queue's tables. */
import path from 'node:path';
import { migrate } from '@rekindle/core';
import { prepareQueue } from '@rekindle/core/jobs';

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations');

/**
 * Safe with two processes at once. Gives the address the application connects with. Throws `database_unreachable`,
 * `bad_configuration`, `migration_failed` or `migration_changed`.
 */
export async function prepareDatabase(options: { ownerUrl: string; secret: string }): Promise<string> {
  const { url } = await migrate({ ...options, folder: MIGRATIONS });
  // Also where Redis holds the queues: going back to PostgreSQL is then a change of the configuration and nothing else.
  await prepareQueue(options.ownerUrl);
  return url;
}
