/**
 * Makes a new cluster: in a folder beside, which gets the place's name when all is done. A killed or failed try leaves the
 * place as it was, and of two at the same time one wins.
 */
import { spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../errors.ts';
import { BARE } from './process.ts';
import type { DatabaseUser } from './user.ts';

const MAJOR = '18';
/** Milliseconds after which a half-made cluster is nobody's any more. */
const ABANDONED_AFTER = 600_000;

export interface ClusterOptions {
  /** The data folder to be; its parent is there. */
  place: string;
  password: string;
  user: DatabaseUser;
  /** The program initdb */
  initdb: string;
}

/** Makes the cluster unless it is there. Throws `bad_configuration` where it is of another PostgreSQL. */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const version = await readFile(path.join(options.place, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  });
  if (version === undefined) await create(options);
  else if (version.trim() !== MAJOR) {
    const what = `The data in ${options.place} is of PostgreSQL ${version.trim()}, and this is ${MAJOR}`;
    throw fail('bad_configuration', `${what}; move it away, or set DATABASE_URL to a PostgreSQL ${version.trim()}.`);
  }
}

async function create({ place, password, user, initdb }: ClusterOptions): Promise<void> {
  const making = await mkdtemp(`${place}.new-`);
  await removeAbandoned(place, making);
  try {
    const passwordFile = path.join(making, 'password');
    const data = path.join(making, 'data');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await mkdir(data, { mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined)
      for (const file of [making, passwordFile, data]) await chown(file, user.uid, user.gid);
    // Byte order of text is the same on every machine, and so is every ORDER BY.
    const flags = ['--encoding=UTF8', '--locale=C', '--username=postgres', '--auth=scram-sha-256'];
    await run(initdb, [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags], user);
    await rename(data, place).catch((error: unknown) => {
      // Another start was quicker: its cluster is as good.
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as { code?: string }).code ?? '')) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Folders of tries that were killed. One that is young may be another start at this moment. */
async function removeAbandoned(place: string, making: string): Promise<void> {
  const parent = path.dirname(place);
  const now = (await stat(making)).mtimeMs;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${path.basename(place)}.new-`)) continue;
    const made = (await stat(path.join(parent, name)).catch(() => undefined))?.mtimeMs ?? now;
    if (now - made > ABANDONED_AFTER) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function run(program: string, flags: string[], user: DatabaseUser): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, flags, {
      ...user,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: BARE,
    });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb ended with ${String(code ?? signal)}: ${said.trim()}`));
    });
  });
}
