/** The embedded database where it matters: killed holders, two starts at once, folders that cannot be used. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedDatabase } from './embedded.ts';

const HOLDER = path.join(import.meta.dirname, '../testing/hold-database.ts');
const isRoot = process.getuid?.() === 0;

let scratch: string;
let folder: string;
const running: EmbeddedDatabase[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'rekindle-embedded-'));
  await chmod(scratch, 0o755);
  folder = path.join(scratch, 'home/postgres');
});

afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const server of running.splice(0)) await server.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function start(options: { patience?: number; folder?: string } = {}): Promise<EmbeddedDatabase> {
  const server = await startEmbeddedPostgres({ folder, password: 'secret word', ...options });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

/** Another process that holds the folder's database; gives its address. */
async function holder(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn('node', [HOLDER, folder, 'secret word'], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [bytes] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, url: bytes.toString().trim() };
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(path.join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('the embedded database', () => {
  test('keeps its data over a stop and leaves no lock', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    expect(await readdir(path.dirname(folder))).toEqual(['postgres']);
    await expect(postmasterPid()).rejects.toThrow('ENOENT');
    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT n FROM kept')).toEqual([7]);
  });

  test('is refused to a second process while the first one lives', async () => {
    await holder();
    await expect(start({ patience: 0 })).rejects.toThrow(/Rekindle already runs on .*; stop that one first/);
  });

  test('is ended by the watchman when its process is killed, and starts again with its data', async () => {
    const { child, url } = await holder();
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS n');
    child.kill('SIGKILL');
    const server = await start();
    expect(await query(server.ownerUrl, 'SELECT n FROM kept')).toEqual([7]);
  });

  test('recovers when PostgreSQL itself was killed and left its pid file', async () => {
    const { child, url } = await holder();
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS n');
    process.kill(await postmasterPid(), 'SIGKILL');
    child.kill('SIGKILL');
    const server = await start();
    expect(await query(server.ownerUrl, 'SELECT n FROM kept')).toEqual([7]);
  });

  test('takes no stranger for PostgreSQL because of a number in an old pid file', async () => {
    await (await start()).stop();
    const innocent = String(process.pid);
    await writeFile(path.join(folder, 'postmaster.pid'), `${innocent}\n${folder}\n1\n1\n\n127.0.0.1\n`);
    const server = await start();
    expect(await query(server.ownerUrl, 'SELECT 1')).toEqual([1]);
  });

  test('clears away what a killed first start left, but not another that is under way', async () => {
    for (const name of ['old', 'young']) await mkdir(`${folder}.new-${name}/data`, { recursive: true });
    await utimes(`${folder}.new-old`, 1_000_000, 1_000_000);
    await start();
    expect(await readdir(path.dirname(folder))).toEqual(['postgres', 'postgres.new-young']);
  });

  test('of two first starts at once, one gets it', async () => {
    const both = await Promise.allSettled([start({ patience: 0 }), start({ patience: 0 })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await readdir(path.dirname(folder))).toEqual(['postgres']);
  });

  test('says what is wrong with data of another version', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/is of PostgreSQL 12, and this is 18; .*DATABASE_URL/);
  });

  test('says which folder cannot be written to', async () => {
    await writeFile(path.join(scratch, 'home'), 'a file where a folder should be');
    await expect(start()).rejects.toThrow(/home/);
    // /sys takes no folder from anybody, root included.
    if (process.platform !== 'linux') return;
    await expect(start({ folder: '/sys/rekindle/postgres' })).rejects.toMatchObject({ code: 'folder_not_writable' });
  });

  test.runIf(isRoot)("as root, works in a home that PostgreSQL's user may not enter", async () => {
    await chmod(scratch, 0o700);
    const server = await start();
    await query(server.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await server.stop();
    const again = await start();
    const [place] = await query(again.ownerUrl, 'SHOW data_directory');
    expect(await query(again.ownerUrl, 'SELECT n FROM kept')).toEqual([7]);
    expect(place).not.toContain(scratch);
    await again.stop();
    await rm(path.dirname(String(place)), { recursive: true });
  });
});
