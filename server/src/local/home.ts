/** REKINDLE_HOME: what a local run keeps between starts. Secrets are made once and only this user can read them. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, type RekindleError } from '@rekindle/core';

export interface Home {
  /** Absolute */
  folder: string;
  /** Owner's password of the embedded database. */
  databasePassword: string;
  /** APP_SECRET where the configuration has none. */
  appSecret: string;
}

/** Opens the folder, and makes what is not there yet. Throws `folder_not_writable` or `disk_full`. */
export async function openHome(folder: string): Promise<Home> {
  const absolute = path.resolve(folder);
  try {
    await mkdir(absolute, { recursive: true });
    return {
      folder: absolute,
      databasePassword: await keepSecret(path.join(absolute, 'database-password')),
      appSecret: await keepSecret(path.join(absolute, 'app-secret')),
    };
  } catch (error) {
    throw explain(error, absolute);
  }
}

async function keepSecret(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  if (kept !== '') return kept;
  // Written whole under another name first: a full disk or a second start at this moment leaves no half a secret.
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(fresh, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(fresh).catch(() => undefined);
  }
  return readFile(file, 'utf8');
}

function explain(error: unknown, folder: string): RekindleError {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail('disk_full', `There is no space left on the disk that holds ${folder}; free some and start again.`, {
      cause: error,
    });
  // ENOENT: what Node's recursive mkdir says of a read-only disk.
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST'].includes(code))
    return fail(
      'folder_not_writable',
      `The folder ${folder} cannot be made or written to; make it yours, or set REKINDLE_HOME to another folder.`,
      { cause: error },
    );
  return fail('internal', message, { cause: error });
}
