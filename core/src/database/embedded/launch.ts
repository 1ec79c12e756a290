/** Starts PostgreSQL on a cluster that is there and on which nobody runs, and ends it again. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { hold } from './lock.ts';
import { BARE, endPostgres, watchOver } from './process.ts';
import type { DatabaseUser } from './user.ts';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  // Room for the indexes of an import: what falls out is written at once, and read again.
  shared_buffers: '256MB',
  // A large import fills the default faster than it is written, and then waits for the disk.
  wal_buffers: '32MB',
  max_wal_size: '4GB',
};
/** For data that nobody will miss. */
const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
/** Lines of PostgreSQL's log that are kept to explain a failure. */
const KEPT_LINES = 8;

export interface LaunchOptions {
  /** The program postgres */
  program: string;
  place: string;
  user: DatabaseUser;
  password: string;
  durable: boolean;
}

export interface Server {
  url: string;
  port: number;
  /** Waits until it has ended. */
  stop(): Promise<void>;
}

/** The running server, or what PostgreSQL said when it did not start. */
export async function launch(options: LaunchOptions): Promise<Server | { refused: string }> {
  const port = await freePort();
  const settings = Object.entries({ ...SETTINGS, ...(options.durable ? {} : CARELESS) });
  const flags = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(options.program, ['-D', options.place, '-p', String(port), ...flags], {
    ...options.user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: BARE,
  });
  const refused = await untilReady(child);
  const pid = child.pid;
  if (refused !== undefined || pid === undefined) return { refused: refused ?? 'no process' };
  const watchman = watchOver(pid, options.user);
  const url = addressOf(port, options.password);
  const holding = await hold(url);
  async function end(orderly: boolean): Promise<void> {
    await endPostgres(pid ?? 0, orderly);
    watchman.kill('SIGKILL');
  }
  if (holding.state !== 'ours') {
    await end(true);
    return { refused: `its own hold is ${holding.state}` };
  }
  // Whoever forgets to stop it may still come to an end: the watchman stops it then.
  child.unref();
  (child.stderr as unknown as Socket).unref();
  let ended: Promise<void> | undefined;
  return {
    url,
    port,
    stop: () => (ended ??= holding.release().then(() => end(options.durable))),
  };
}

/** Undefined when it takes connections; the end of its log when it will not. */
function untilReady(child: ChildProcessByStdio<null, null, Readable>): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let said: string[] = [];
    child.stderr.on('data', (bytes: Buffer) => {
      said = [...said, ...bytes.toString().trim().split('\n')].slice(-KEPT_LINES);
      if (said.some((line) => line.includes('ready to accept connections'))) resolve(undefined);
    });
    child.on('error', reject);
    child.on('close', () => {
      resolve(said.join(' '));
    });
  });
}

export function addressOf(port: number, password: string): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/postgres`;
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
