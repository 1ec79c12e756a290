/**
 * Whom PostgreSQL runs as. It refuses to be root; there it becomes whoever owns the data, else the user postgres or nobody,
 * and its data goes where that user may enter.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readlink, realpath, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { fail } from '../../errors.ts';

const run = promisify(execFile);

/** Options for a child process: whose it is. Empty: ours. */
export interface DatabaseUser {
  uid?: number;
  gid?: number;
}

/** Homes for data that may not live in the checkout, best first. */
const ELSEWHERE = ['/var/lib/rekindle', '/var/tmp/rekindle'];

export async function databaseUser(folder: string): Promise<DatabaseUser> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(folder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => undefined);
    const [uid, gid] = (ids ?? []).map(({ stdout }) => Number(stdout));
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw fail(
    'bad_configuration',
    'PostgreSQL does not run as root, and there is no user postgres or nobody here to run it as; start as an ordinary user or set DATABASE_URL.',
  );
}

/**
 * The folder's true place. Where the user cannot enter it, a folder elsewhere that it can, with a symbolic link left in the
 * old place: deleting .rekindle still forgets the database.
 */
export async function placeFor(user: DatabaseUser, folder: string): Promise<string> {
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  if (user.uid === undefined) return realpath(folder).catch(() => folder);
  const link = await readlink(folder).catch(() => undefined);
  if (link !== undefined) {
    if (await canEnter(user, path.dirname(link))) return link;
    await rm(folder);
  }
  if (await canEnter(user, parent)) return realpath(folder).catch(() => folder);
  if (await stat(folder).catch(() => undefined)) {
    throw fail(
      'folder_not_writable',
      `The user that PostgreSQL runs as (${String(user.uid)}) may not enter ${parent}; let it (chmod o+x on the folders above), or delete ${folder} to begin anew elsewhere.`,
    );
  }
  const home = await roomElsewhere(user);
  const place = path.join(home, 'postgres');
  await symlink(place, folder);
  return place;
}

async function roomElsewhere(user: DatabaseUser): Promise<string> {
  for (const base of ELSEWHERE) {
    try {
      await mkdir(base, { recursive: true, mode: 0o755 });
      const home = await mkdtemp(path.join(base, 'data-'));
      await chmod(home, 0o755);
      if (await canEnter(user, home)) return home;
      await rm(home, { recursive: true });
    } catch {
      // The next one may do.
    }
  }
  throw fail(
    'folder_not_writable',
    `PostgreSQL's user (${String(user.uid)}) may enter neither this folder nor ${ELSEWHERE.join(' nor ')}; set DATABASE_URL.`,
  );
}

function canEnter(user: DatabaseUser, folder: string): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
