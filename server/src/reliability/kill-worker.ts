/**
 * kill -9 of workers in the middle of sending: each a random 3 to 43 milliseconds after the first claim of its life, every
 * second one as long after its first request, two at a time, on one database, until every message has come to an end.
 * Counted at the provider.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom, type Database } from '@rekindle/core';
import type { Faults } from '@rekindle/connector-sendgrid/fake';
import type { Audit } from './audit.ts';
import { trialClock } from './clock.ts';
import { openCrew, type Crew } from './crew.ts';
import { openClaims, recordFirst, sendAgain, type Break } from './ledger.store.ts';
import { percentile, rounded, type Report } from './report.ts';
import { openScene, type Scene } from './scene.ts';
import { settleAll, until } from './settle.ts';

const WORKERS = 2;
const BATCH = 20;
/** A life of 43 ms hands over a few batches. */
const MESSAGES_A_KILL = 60;
/** At least as long as a claim holds */
const LEASE_MS = 30_000;
/** Lives that a broken variant is watched for at most. */
const CONTROL_KILLS = 12;
/** A provider with bad days of its own: 2 in 100 requests, and one in three is slow. */
const FAULTS: Faults = { too_many: 0.005, error_before: 0.005, error_after: 0.005, reset_after: 0.005, slow: 0.33 };

export interface Given {
  database: Database;
  trials: number;
  seed: number;
}

export async function killWorker({ database, trials, seed }: Given): Promise<Report> {
  const { audit, ...kills } = await playKills({
    database,
    seed: `kill-worker ${String(seed)}`,
    kills: trials,
    faults: FAULTS,
    delay: (next) => 3 + 40 * next,
  });
  // Killed when the provider has it and has not answered: who sends again then sends twice.
  const again = await playKills({
    database,
    seed: `kill-worker sends again ${String(seed)}`,
    kills: CONTROL_KILLS,
    faults: { slow: 1 },
    from: 'request',
    delay: (next) => 40 + 160 * next,
    broken: sendAgain,
    caught: (scene) => [...scene.provider.accepted.values()].some((times) => times > 1),
  });
  // Killed before the bytes leave, or the provider breaks off: who has noted it as sent has lost it.
  const first = await playKills({
    database,
    seed: `kill-worker records first ${String(seed)}`,
    kills: Math.min(trials, 4),
    faults: { reset_before: 0.5 },
    from: 'claim',
    delay: (next) => 3 * next,
    broken: recordFirst,
  });
  return {
    name: 'kill-worker',
    seed,
    trials: kills.hits,
    messages: audit.messages,
    lost: audit.lost,
    duplicated: audit.duplicated,
    inDoubt: audit.inDoubt,
    leaked: 0,
    recoveryP99Seconds: rounded(percentile(kills.recoveries, 0.99)),
    positiveControlCaught: again.audit.duplicated > 0 && first.audit.lost > 0,
    more: {
      kills: kills.kills,
      inDoubtPerKill: Math.round((10 * kills.left) / Math.max(kills.hits, 1)) / 10,
      // Of those left: not taken, for the worker died before the bytes had left, or the provider broke off.
      givenUp: audit.givenUp,
      unrecorded: audit.unrecorded,
      controlDuplicated: again.audit.duplicated,
      controlLost: first.audit.lost,
      seconds: Math.round(kills.seconds),
    },
  };
}

interface Play {
  database: Database;
  seed: string;
  /** Kills that find a claim open */
  kills: number;
  faults: Faults;
  /** From when on the delay counts. Default: in turn */
  from?: 'claim' | 'request';
  /** Milliseconds to the kill, of a number in 0..1 */
  delay: (next: number) => number;
  broken?: Break;
  /** Ends a broken variant early */
  caught?: (scene: Scene) => boolean;
}

interface Played {
  audit: Audit;
  kills: number;
  /** Kills that left claims behind */
  hits: number;
  /** Messages in those claims */
  left: number;
  /** Seconds from a kill until what it left is claimed no more */
  recoveries: number[];
  seconds: number;
}

async function playKills(play: Play): Promise<Played> {
  const start = performance.now();
  const clock = trialClock();
  // Some lives are longer than they should be on a machine with much else to do: a short trial must not run dry.
  const messages = Math.max(play.kills, 10) * MESSAGES_A_KILL;
  const scene = await openScene({ ...play, messages, clock, batch: BATCH, wordAfter: play.broken ? 'never' : 1000 });
  const crew = openCrew({
    settings: {
      databaseUrl: play.database.url,
      storeId: scene.storeId,
      clock: clock.settings,
      provider: { url: scene.provider.url, apiKey: scene.provider.apiKey },
      timeoutMs: 5000,
      batch: BATCH,
      beatMs: 100,
      dawdleMs: 0,
    },
  });
  const put = (shift: number): void => {
    clock.put(shift);
    crew.put(shift);
  };
  try {
    const { counts, recovered } = await killAll(play, scene, crew);
    scene.provider.setFaults({});
    for (let worker = 0; worker < WORKERS; worker++) await crew.join({ last: worker > 0 });
    // How long a lease is waited for is measured once.
    if (play.broken) put(LEASE_MS);
    await recovered();
    const audit = await settleAll(scene, put);
    return { audit, ...counts, seconds: (performance.now() - start) / 1000 };
  } finally {
    await crew.close();
    await scene.close();
  }
}

async function killAll(play: Play, scene: Scene, crew: Crew) {
  const random = seededRandom(play.seed).fork('kills');
  const counts = { kills: 0, hits: 0, left: 0, recoveries: [] as number[] };
  const orphans = new Map<string, number>();
  const enough = (): boolean => counts.hits >= play.kills || (play.caught?.(scene) ?? false);

  async function live(): Promise<void> {
    while (!enough()) {
      const worker = await crew.join();
      const moment = await worker.next(play.from ?? (counts.kills % 2 === 0 ? 'claim' : 'request'));
      if (moment !== 'idle') await wait(play.delay(random.next()));
      await worker.kill();
      // Nothing is left to send.
      if (moment === 'idle') return;
      const killedAt = performance.now();
      counts.kills++;
      const batchIds = [...worker.batchIds];
      const open = await scene.engine.database.inStore(scene.storeId, async (tx) => {
        const claims = await openClaims(tx, batchIds);
        await play.broken?.(tx, batchIds);
        return claims;
      });
      if (open.size === 0) continue;
      counts.hits++;
      for (const [batchId, messages] of open) {
        counts.left += messages;
        orphans.set(batchId, killedAt);
      }
    }
  }

  async function look(): Promise<boolean> {
    const open = await scene.engine.database.inStore(scene.storeId, (tx) => openClaims(tx, [...orphans.keys()]));
    for (const [batchId, killedAt] of orphans)
      if (!open.has(batchId)) {
        orphans.delete(batchId);
        counts.recoveries.push((performance.now() - killedAt) / 1000);
      }
    return orphans.size === 0;
  }

  let living = true;
  async function keepLooking(): Promise<void> {
    for (; living; await wait(100)) await look();
  }
  const lives = Promise.all(Array.from({ length: WORKERS }, live)).finally(() => {
    living = false;
  });
  await Promise.all([lives, keepLooking()]);
  return { counts, recovered: () => until(look, 'claims of killed workers stay open') };
}
