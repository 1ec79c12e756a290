/** The operator's command on files that are no order logs. Real logs: readme.test.ts, which runs the README's commands. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-logs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function rekindle(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'server/src/cli.ts'), ...words], {
    env: { ...process.env, DATABASE_URL: inject('testServer').ownerUrl, LOG_LEVEL: 'warn' },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, ...said });
    });
  });
}

describe('a log that is none is one sentence and exit code 1', () => {
  test.each([
    ['nothing in it', Buffer.from('')],
    ['bytes of something else', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 37) % 256))],
    ['another encoding', Buffer.from('\ufeffcustomer_id,order_id,ordered_at,amount\n1,2,2026-01-01,3\n', 'utf16le')],
    ['half a gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b])],
    ['columns missing', Buffer.from('name,price\nCup,3\n')],
  ])('%s', { timeout: 120_000 }, async (name, bytes) => {
    const file = path.join(folder, `${name}.csv`);
    await writeFile(file, bytes);
    const { code, out, err } = await rekindle('demo', '--orders', file, '--json');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/internal error/);
  });

  test('no such file', { timeout: 120_000 }, async () => {
    const { code, err } = await rekindle('demo', '--orders', path.join(folder, 'nowhere.csv'));
    expect(code).toBe(1);
    expect(err).toMatch(/nowhere\.csv/);
  });
});
