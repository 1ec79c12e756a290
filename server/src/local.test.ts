/** `npm start` where it cannot start: one sentence on the error stream, exit code 1, nothing left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@rekindle/core/embedded';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

const LOCAL = path.join(import.meta.dirname, 'local.ts');
let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'rekindle-start-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

async function start(environment: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [LOCAL], {
    env: {
      NODE_ENV: 'test',
      PATH: process.env['PATH'],
      REKINDLE_HOME: path.join(scratch, 'home'),
      PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

test('a key that is wrong', async () => {
  const { code, stderr } = await start({ PORT: 'http' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^rekindle: The configuration is wrong: PORT must be a number\. Correct it .*\n$/);
});

test('a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const port = (other.address() as AddressInfo).port;
  const { code, stderr } = await start({ PORT: String(port) });
  expect(code).toBe(1);
  expect(stderr).toBe(
    `rekindle: Port ${String(port)} is taken; end what listens there, or choose another: PORT=${String(port + 1)} npm start\n`,
  );
  expect(await readdir(path.join(scratch, 'home'))).toEqual(['app-secret', 'database-password']);
});

test('a database that does not answer', async () => {
  const port = String(await freePort());
  const { code, stderr } = await start({ DATABASE_URL: `postgresql://me:hush@127.0.0.1:${port}/db` });
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^rekindle: No PostgreSQL answers at 127.0.0.1:${port} .*\\n$`));
  expect(stderr).not.toContain('hush');
});

test('a folder that cannot be', async () => {
  await writeFile(path.join(scratch, 'file'), '');
  const { code, stderr } = await start({ REKINDLE_HOME: path.join(scratch, 'file/home') });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^rekindle: The folder .* cannot be made or written to; .*\n$/);
});
