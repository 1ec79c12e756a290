/** The built pages for a test: built as `npm start` builds them, by one test file at a time. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectDatabase } from '@rekindle/core';
import { inject } from 'vitest';

const BUILD = path.resolve(import.meta.dirname, '../scripts/build-pages.ts');
/** Any number that nobody else locks on the tests' server: "page". */
const LOCK = 0x70616765;

/** Builds unless the last build was made of the same sources. */
export async function buildPagesIfStale(): Promise<void> {
  const database = connectDatabase({ url: inject('testServer').ownerUrl, connections: 1 });
  try {
    await database.inDirectory(async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      // A test run says 'test' here, and React would come in its slow, talkative build.
      await promisify(execFile)(process.execPath, [BUILD], { env: { ...process.env, NODE_ENV: 'production' } });
    });
  } finally {
    await database.close();
  }
}
