/**
 * The processes around an embedded PostgreSQL: is the one that postmaster.pid names alive, is it PostgreSQL at all, how is
 * it ended, and the watchman who ends it when this process is no more.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseUser } from './user.ts';

/** How long PostgreSQL gets for an orderly end, in milliseconds, before it must end at once. */
const ORDERLY = 20_000;
const LOOK_AGAIN = 25;

/** All that PostgreSQL's programs are told of our environment: it may hold secrets. */
export const BARE = { LC_ALL: 'C', PATH: '/usr/bin:/bin' } as unknown as NodeJS.ProcessEnv;

export interface Postmaster {
  pid: number;
  port: number;
}

/** Who runs on this data folder, by its postmaster.pid; undefined where nobody does. */
export async function findPostmaster(place: string): Promise<Postmaster | undefined> {
  const file = path.join(place, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n');
  const found = { pid: Number(pid), port: Number(port) };
  if (!(found.pid > 0) || !isAlive(found.pid)) return undefined;
  if (isPostgres(found.pid)) return found;
  // After a crash the number may belong to another program of this user; PostgreSQL would take that for itself.
  await rm(file, { force: true });
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // Where nobody reaps (a container without init), the dead stay in the list as zombies.
  return process.platform !== 'linux' || !/^State:\s+Z/m.test(readProc(pid, 'status'));
}

function isPostgres(pid: number): boolean {
  if (process.platform === 'linux') return readProc(pid, 'cmdline').includes('postgres');
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes('postgres');
  } catch {
    return false;
  }
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Ends a PostgreSQL by its number: orderly, then at once (it recovers from that at its next start). */
export async function endPostgres(pid: number, orderly = true): Promise<void> {
  if (orderly && (await signalAndWait(pid, 'SIGINT', ORDERLY))) return;
  if (await signalAndWait(pid, 'SIGQUIT', ORDERLY)) return;
  await signalAndWait(pid, 'SIGKILL', ORDERLY);
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, atMost: number): Promise<boolean> {
  for (let waited = 0; waited < atMost; waited += LOOK_AGAIN) {
    try {
      if (waited === 0) process.kill(pid, signal);
    } catch {
      return true;
    }
    if (!isAlive(pid)) return true;
    await wait(LOOK_AGAIN);
  }
  return false;
}

/**
 * A shell that waits for the end of this process, however it comes, and then ends PostgreSQL in an orderly way: after
 * `kill -9` nothing of ours runs on. It notices because the pipe it reads from closes.
 */
export function watchOver(pid: number, user: DatabaseUser): ChildProcess {
  const watchman = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'rekindle-watchman', String(pid)], {
    ...user,
    cwd: '/',
    // A group of its own: neither Ctrl-C nor a kill of our group reaches it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: BARE,
  });
  watchman.on('error', () => undefined);
  watchman.unref();
  return watchman;
}
