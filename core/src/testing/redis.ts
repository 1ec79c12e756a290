/** A Redis of its own for a test, from the redis-server on PATH. Nothing is installed for it. */
import { spawn, spawnSync } from 'node:child_process';
import { freePort } from '../database/embedded.ts';

export interface TestRedis {
  url: string;
  stop(): Promise<void>;
}

/** Where redis-server is; undefined where there is none. */
export function findRedis(): string | undefined {
  const found = spawnSync('sh', ['-c', 'command -v redis-server'], { encoding: 'utf8' }).stdout.trim();
  return found === '' ? undefined : found;
}

/** Starts it on a free port, without a file, and waits until it answers. */
export async function startRedis(binary: string): Promise<TestRedis> {
  const port = await freePort();
  const child = spawn(binary, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`redis-server ended with ${String(code)}`));
    });
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('Ready to accept connections')) resolve();
    });
  });
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', () => {
          resolve();
        });
        child.kill();
      }),
  };
}
