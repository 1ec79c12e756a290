import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase } from '@rekindle/core/testing';
import { expect, inject, test } from 'vitest';

const CLI = path.join(import.meta.dirname, '../cli.ts');
const ID = '00000000-0000-8000-8000-000000000000';

/** What the command says on standard error, after it failed. */
function failure(words: string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const nowhere = {
      REKINDLE_HOME: path.join(tmpdir(), 'rekindle-explain-nowhere'),
      DATABASE_URL: '',
      APP_SECRET: '',
    };
    const around = { env: { ...process.env, ...nowhere, ...env } };
    execFile(process.execPath, [CLI, 'explain', ...words], around, (error, stdout, stderr) => {
      resolve(error === null || stdout !== '' ? 'no failure' : stderr.trim());
    });
  });
}

test('what cannot be explained is one sentence', { timeout: 60_000 }, async () => {
  const base = await createTestDatabase(inject('testServer'));
  const at = { DATABASE_URL: base.ownerUrl, APP_SECRET: 'another secret of thirty-two characters' };
  const said = await Promise.all([
    failure(['--message', ID, '--customer', ID], {}),
    failure(['--message', ID], {}),
    failure(['--message', ID], { DATABASE_URL: base.ownerUrl }),
    failure(['--message', ID], at),
    failure(['--message', ID], { ...at, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }),
  ]);
  await base.drop();
  expect(said).toEqual([
    expect.stringContaining('Say which') as string,
    expect.stringContaining('run npm start first') as string,
    expect.stringContaining('APP_SECRET is not set') as string,
    expect.stringContaining('has no Rekindle in it, or APP_SECRET is not the one') as string,
    expect.stringContaining('does not answer') as string,
  ]);
});
