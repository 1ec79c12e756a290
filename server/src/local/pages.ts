/** Builds the pages (shopify-app) when their sources are not the ones that the last build was made of. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@rekindle/core';

const ROOT = path.join(import.meta.dirname, '../../..');
const PAGES = path.join(ROOT, 'shopify-app');
const STAMP = path.join(PAGES, 'build/sources.sha256');
/** What a build is made of, besides the installed packages that the lock names. */
const SOURCES = ['shopify-app/app', 'shopify-app/public', 'core/src'];
const FILES = [
  'package-lock.json',
  'shopify-app/package.json',
  'shopify-app/vite.config.ts',
  'shopify-app/tsconfig.json',
];
/** Lines of the build's output that are worth showing when it fails. */
const SHOWN = 12;

/** True where it had to build, which `onBuild` hears first. Throws the end of the build's output. */
export async function buildPages(onBuild: () => void = () => undefined): Promise<boolean> {
  const wanted = await hashSources();
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  if (built === wanted) return false;
  onBuild();
  await build();
  await writeFile(STAMP, wanted);
  return true;
}

async function hashSources(): Promise<string> {
  const files = [...FILES];
  for (const folder of SOURCES) {
    const entries = await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      if (entry.isFile() && !entry.name.includes('.test.'))
        files.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  }
  const hash = createHash('sha256');
  for (const file of files.toSorted()) {
    const content = await readFile(path.join(ROOT, file)).catch(() => '');
    hash.update(`${file}\0`).update(createHash('sha256').update(content).digest());
  }
  return hash.digest('hex');
}

function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'node_modules/@remix-run/dev/dist/cli.js'), 'vite:build'], {
      cwd: PAGES,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else if (/ENOSPC/.test(said)) reject(fail('disk_full', `There is no space left to build the pages in ${PAGES}.`));
      else if (/EROFS|EACCES/.test(said))
        reject(fail('folder_not_writable', `The pages cannot be built: ${PAGES} cannot be written to.`));
      else reject(new Error(`the pages did not build:\n${said.trim().split('\n').slice(-SHOWN).join('\n')}`));
    });
  });
}
