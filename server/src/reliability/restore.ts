/**
 * A backup that is ten minutes old: it was made in the middle of a campaign, the campaign went on, the database is lost, and the
 * backup takes its place. Whatever the provider got meanwhile must not go again. Counted at the provider.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  asOwner,
  connectDatabase,
  doubtAfterRestore,
  migrate,
  receiveEvents,
  STAGES,
  withDatabase,
  type Database,
  type Engine,
  type MailBatch,
} from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { fakeClock } from '@rekindle/core/testing';
import { MIGRATIONS } from '../demo/scratch.ts';
import type { Audit } from './audit.ts';
import type { Report } from './report.ts';
import { openScene, SECRET, type Scene } from './scene.ts';
import { count, countOpen } from './settle.ts';

const MINUTE = 60_000;
const MESSAGES = 60;
const BATCH = 10;
const BEATS = 60;

export async function restore({ trials, seed }: { database: Database; trials: number; seed: number }): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-restore-'));
  try {
    // As root PostgreSQL runs as a user of its own, who must be able to enter.
    await chmod(folder, 0o755);
    const server = await startEmbeddedPostgres({
      folder: path.join(folder, 'postgres'),
      password: 'restore',
      durable: false,
    });
    try {
      const sum = { messages: 0, lost: 0, duplicated: 0, inDoubt: 0, unrecorded: 0, givenUp: 0, gone: 0 };
      for (let trial = 0; trial < trials; trial++) {
        const { audit, goneSince } = await loseOnce(server.ownerUrl, `restore ${String(seed + trial)}`, true);
        for (const key of ['messages', 'lost', 'duplicated', 'inDoubt', 'unrecorded', 'givenUp'] as const)
          sum[key] += audit[key];
        sum.gone += goneSince;
      }
      const control = await loseOnce(server.ownerUrl, `restore goes on ${String(seed)}`, false);
      return {
        name: 'restore',
        seed,
        trials,
        messages: sum.messages,
        lost: sum.lost,
        duplicated: sum.duplicated,
        inDoubt: sum.inDoubt,
        leaked: 0,
        recoveryP99Seconds: null,
        positiveControlCaught: control.audit.duplicated > 0,
        more: {
          unrecorded: sum.unrecorded,
          takenSinceTheBackup: sum.gone,
          givenUp: sum.givenUp,
          controlDuplicated: control.audit.duplicated,
        },
      };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Delivers until the provider has so many, and stops between two batches as a worker does that is asked to. */
async function deliverUntil({ engine, storeId, provider }: Scene, most: number): Promise<void> {
  const stop = new AbortController();
  const { email } = engine;
  const counting = {
    ...email,
    async send(batch: MailBatch) {
      const result = await email.send(batch);
      if (provider.accepted.size >= most) stop.abort();
      return result;
    },
  };
  await STAGES.delivery({ ...engine, email: counting, signal: stop.signal }, storeId);
}

async function tell({ provider, storeId }: Scene, engine: Engine): Promise<void> {
  const events = [...provider.accepted.keys()].map((messageId) => ({
    kind: 'processed' as const,
    messageId,
    at: engine.clock.now(),
  }));
  await receiveEvents(engine, storeId, 'sendgrid', provider.signed(events));
}

/** `told`: somebody says that it was restored; else it is started as if nothing had happened. */
async function loseOnce(ownerUrl: string, seed: string, told: boolean): Promise<{ audit: Audit; goneSince: number }> {
  const name = `live_${randomBytes(4).toString('hex')}`;
  await asOwner(ownerUrl, `CREATE DATABASE ${name}`);
  const { url } = await migrate({ ownerUrl: withDatabase(ownerUrl, name), folder: MIGRATIONS, secret: SECRET });
  const clock = fakeClock('2026-03-02T00:00:00Z');
  const live = connectDatabase({ url });
  const scene = await openScene({ database: live, seed, messages: MESSAGES, clock, batch: BATCH });
  try {
    // A third has gone when the backup is made, another third goes after it.
    await deliverUntil(scene, MESSAGES / 3);
    await live.close();
    await asOwner(ownerUrl, `CREATE DATABASE ${name}_saved TEMPLATE ${name}`);
    const going = connectDatabase({ url });
    const before = scene.provider.accepted.size;
    await deliverUntil({ ...scene, engine: { ...scene.engine, database: going } }, (2 * MESSAGES) / 3);
    await going.close();
    const goneSince = scene.provider.accepted.size - before;
    clock.advance(10 * MINUTE);

    const restored = connectDatabase({ url: withDatabase(url, `${name}_saved`) });
    const engine = { ...scene.engine, database: restored };
    const after = { ...scene, engine, tellAll: () => tell(scene, engine) };
    try {
      if (told) await doubtAfterRestore(engine);
      for (let beat = 0; (await countOpen(after)) > 0 && beat < BEATS; beat++) {
        await STAGES.delivery(engine, scene.storeId);
        // The provider tells of its mails within a day, again where nobody answered.
        if (beat === 1) await after.tellAll();
        clock.advance(60 * MINUTE);
      }
      return { audit: await count(after), goneSince };
    } finally {
      await restored.close();
    }
  } finally {
    await scene.close();
  }
}
