/** The built pages for a test: built now unless the last build is newer than every source. */
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const APP = path.resolve(import.meta.dirname, '../shopify-app');

export async function buildPagesIfStale(): Promise<void> {
  const built = await changedAt(path.join(APP, 'build/server/index.js'));
  const sources = await Promise.all(
    ['app', 'public'].map(async (folder) => {
      const entries = await readdir(path.join(APP, folder), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    }),
  );
  const files = [...sources.flat(), path.join(APP, 'vite.config.ts'), path.join(APP, 'package.json')];
  const times = await Promise.all(files.map(changedAt));
  if (built > Math.max(...times)) return;
  await promisify(execFile)('npm', ['run', '--silent', 'build', '--workspace', '@rekindle/shopify-app'], {
    cwd: path.dirname(APP),
    // A test run says 'test' here, and React would come in its slow, talkative build.
    env: { ...process.env, NODE_ENV: 'production' },
    maxBuffer: 1 << 24,
  });
}

/** Milliseconds; 0 where there is no such file. */
async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}
