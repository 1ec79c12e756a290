/** A PostgreSQL of its own that forgets nothing it has committed, and that can be made to crash. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDatabase, migrate, type Database } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { MIGRATIONS } from '../demo/scratch.ts';
import { serverProcess } from './ledger.store.ts';
import { SECRET } from './scene.ts';

export interface OwnServer {
  database: Database;
  /** Of whoever may make tables */
  ownerUrl: string;
  /**
   * kill -9 of one of the server's own processes: PostgreSQL ends every session at once, throws its memory away, and
   * recovers from its log, on the same port. No process says goodbye, as with `pg_ctl restart -m immediate`.
   */
  crash(): Promise<void>;
  /** Whether it answers. */
  answers(): Promise<boolean>;
}

export async function withOwnServer<Result>(work: (server: OwnServer) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-restarts-'));
  try {
    // As root PostgreSQL runs as a user of its own, who must be able to enter.
    await chmod(folder, 0o755);
    const server = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'restarts' });
    try {
      const { url } = await migrate({ ownerUrl: server.ownerUrl, folder: MIGRATIONS, secret: SECRET });
      const database = connectDatabase({ url });
      const pidOf = () => database.inDirectory(serverProcess);
      try {
        return await work({
          database,
          ownerUrl: server.ownerUrl,
          crash: async () => {
            process.kill(await pidOf(), 'SIGKILL');
          },
          answers: () =>
            pidOf().then(
              () => true,
              () => false,
            ),
        });
      } finally {
        await database.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
