/** Once a run: a PostgreSQL server (embedded, or TEST_DATABASE_URL) with a migrated template that test files clone. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from './core/src/database/embedded.ts';
import { migrate } from './core/src/database/migrate.ts';
import { asOwner, TEMPLATE, TEST_SECRET, withDatabase, type TestServer } from './core/src/testing/database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-test-'));
  // As root PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(folder, 0o755);
  const server =
    given === undefined
      ? await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'test', durable: false })
      : { ownerUrl: given, stop: () => Promise.resolve() };
  await asOwner(server.ownerUrl, `DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await asOwner(server.ownerUrl, `CREATE DATABASE ${TEMPLATE}`);
  const template = withDatabase(server.ownerUrl, TEMPLATE);
  const { url } = await migrate({
    ownerUrl: template,
    folder: path.join(import.meta.dirname, 'prisma/migrations'),
    secret: TEST_SECRET,
  });
  project.provide('testServer', { ownerUrl: server.ownerUrl, appUrl: url });
  return async () => {
    await asOwner(server.ownerUrl, `DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
