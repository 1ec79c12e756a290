/**
 * The hold that one process has on a running cluster: an advisory lock of a session. It ends with the process, however that
 * ends, so there is no lock file to go stale.
 */
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** Any two numbers that nobody else locks: "reki" "hold". */
const LOCK = [0x72656b69, 0x686f6c64];
/** Tries to reach a server that is starting, recovering or about to end. */
const TRIES = 60;
const BETWEEN_TRIES = 100;

export type Holding =
  | { state: 'ours'; release: () => Promise<void> }
  /** Another living process has it. */
  | { state: 'theirs' }
  /** No answer, or not to this password. */
  | { state: 'unreachable' };

/** Takes the hold, unless somebody has it. */
export async function hold(url: string): Promise<Holding> {
  const client = await connect(url);
  if (!client) return { state: 'unreachable' };
  const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', LOCK);
  if (rows[0]?.got === true) {
    // Only the server looks at this connection: it must not keep the process alive.
    const { stream } = (client as unknown as { connection: { stream: Partial<Pick<Socket, 'ref' | 'unref'>> } })
      .connection;
    stream.unref?.();
    return {
      state: 'ours',
      release: () => {
        // Letting go is waited for, even by a process that has nothing else left to do.
        stream.ref?.();
        return client.end().catch(() => undefined);
      },
    };
  }
  await client.end();
  return { state: 'theirs' };
}

async function connect(url: string): Promise<pg.Client | undefined> {
  for (let tried = 0; tried < TRIES; tried++) {
    const client = new pg.Client({ connectionString: url, keepAlive: true });
    // The server's end ends this connection too; whoever stops it knows.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const code = (error as { code?: string }).code;
      // 57P03: it is starting up or shutting down.
      if (code !== '57P03') return undefined;
      await wait(BETWEEN_TRIES);
    }
  }
  return undefined;
}
