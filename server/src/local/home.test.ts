import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from './home.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'rekindle-home-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

test('secrets are made once, kept, and for this user only', async () => {
  const folder = path.join(scratch, 'a/b');
  const first = await openHome(folder);
  expect(first.appSecret.length).toBeGreaterThanOrEqual(32);
  expect(first.appSecret).not.toBe(first.databasePassword);
  expect(await openHome(folder)).toEqual(first);
  expect((await stat(path.join(folder, 'app-secret'))).mode & 0o077).toBe(0);
});

test('two first starts at once agree on the secrets and leave nothing behind', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => openHome(scratch)));
  for (const other of others) expect(other).toEqual(first);
  expect(await readdir(scratch)).toEqual(['app-secret', 'database-password']);
});

test('a folder that cannot be is one sentence', async () => {
  await writeFile(path.join(scratch, 'file'), '');
  for (const folder of [path.join(scratch, 'file'), path.join(scratch, 'file/deeper')])
    await expect(openHome(folder)).rejects.toThrow(
      /^The folder .*file.* cannot be made or written to; .* REKINDLE_HOME/,
    );
  expect(await readFile(path.join(scratch, 'file'), 'utf8')).toBe('');
});
