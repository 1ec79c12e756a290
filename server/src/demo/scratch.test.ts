import { asOwner, connectDatabase } from '@rekindle/core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { withScratchDatabase } from './scratch.ts';

const { ownerUrl, appUrl } = inject('testServer');

test('on a server where the application runs its password stays, and nothing is left behind', async () => {
  const owner = connectDatabase({ url: ownerUrl });
  onTestFinished(() => owner.close());
  const [run] = await withScratchDatabase({ databaseUrl: ownerUrl, secret: 'not the application’s' }, (database) =>
    database.inDirectory((tx) =>
      tx.rows<{ name: string; login: string; member: boolean }>(
        `SELECT current_database() AS name, current_user AS login, pg_has_role('rekindle_app', 'member') AS member`,
      ),
    ),
  );
  const name = run?.name ?? '';
  expect(run).toEqual({ name: expect.stringMatching(/^rekindle_run_/) as string, login: name, member: true });
  await asOwner(appUrl, 'SELECT 1');
  const left = await owner.inDirectory((tx) =>
    tx.rows(
      'SELECT rolname FROM pg_roles WHERE rolname = $1 UNION ALL SELECT datname FROM pg_database WHERE datname = $1',
      [name],
    ),
  );
  expect(left).toEqual([]);
});
