/**
 * PostgreSQL crashes in the middle of a campaign, again and again, while two worker processes send: every session is ended
 * between two statements, and what was not committed is gone. The next crash comes a random 3 to 300 milliseconds after the
 * first claim that follows the last one.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@rekindle/core';
import type { Faults } from '@rekindle/connector-sendgrid/fake';
import type { Audit } from './audit.ts';
import { trialClock } from './clock.ts';
import { openCrew, type Crew, type CrewMember } from './crew.ts';
import { recordFirst, sendAgain, type Break } from './ledger.store.ts';
import { withOwnServer, type OwnServer } from './own-server.ts';
import { percentile, rounded, type Report } from './report.ts';
import { openScene, type Scene } from './scene.ts';
import { countOpen, settleAll, until } from './settle.ts';

const WORKERS = 2;
const BATCH = 20;
const MESSAGES_A_CRASH = 200;
/** At least as long as a claim holds: what the last crash left is not waited for. */
const LEASE_MS = 30_000;
const CONTROL_CRASHES = 3;

export function postgresRestart({ trials, seed }: { trials: number; seed: number }): Promise<Report> {
  return withOwnServer(async (server) => {
    const fair = await playCrashes({
      server,
      seed: `postgres-restart ${String(seed)}`,
      crashes: trials,
      faults: { slow: 0.2 },
    });
    const control = { server, crashes: CONTROL_CRASHES };
    const again = await playCrashes({
      ...control,
      seed: `postgres-restart sends again ${String(seed)}`,
      faults: { reset_after: 0.5 },
      broken: sendAgain,
    });
    const first = await playCrashes({
      ...control,
      seed: `postgres-restart records first ${String(seed)}`,
      faults: { reset_before: 0.5 },
      broken: recordFirst,
    });
    const { audit } = fair;
    return {
      name: 'postgres-restart',
      seed,
      trials: fair.crashes,
      messages: audit.messages,
      lost: audit.lost,
      duplicated: audit.duplicated,
      inDoubt: audit.inDoubt,
      leaked: 0,
      recoveryP99Seconds: rounded(percentile(fair.recoveries, 0.99)),
      positiveControlCaught: again.audit.duplicated > 0 && first.audit.lost > 0,
      more: {
        failedDeliveries: fair.failed,
        workersLost: fair.workersLost,
        givenUp: audit.givenUp,
        unrecorded: audit.unrecorded,
        controlDuplicated: again.audit.duplicated,
        controlLost: first.audit.lost,
      },
    };
  });
}

interface Play {
  server: OwnServer;
  seed: string;
  crashes: number;
  faults: Faults;
  broken?: Break;
}

interface Crashed {
  crashes: number;
  /** Seconds from a crash until the next claim is committed */
  recoveries: number[];
  workersLost: number;
}

async function playCrashes(play: Play): Promise<Crashed & { audit: Audit; failed: number }> {
  const clock = trialClock();
  const { database } = play.server;
  const scene = await openScene({
    ...play,
    database,
    messages: play.crashes * MESSAGES_A_CRASH,
    clock,
    batch: BATCH,
    wordAfter: play.broken ? 'never' : 1000,
  });
  let failed = 0;
  const crew = openCrew({
    settings: {
      databaseUrl: database.url,
      storeId: scene.storeId,
      clock: clock.settings,
      provider: { url: scene.provider.url, apiKey: scene.provider.apiKey },
      timeoutMs: 5000,
      batch: BATCH,
      beatMs: 100,
      dawdleMs: 0,
    },
    onFailed: () => failed++,
  });
  try {
    const crashed = await crashAll(play, scene, crew);
    scene.provider.setFaults({});
    const put = (shift: number): void => {
      clock.put(shift);
      crew.put(shift);
    };
    put(LEASE_MS);
    const audit = await settleAll(scene, put);
    return { ...crashed, audit, failed };
  } finally {
    await crew.close();
    await scene.close();
  }
}

async function crashAll(play: Play, scene: Scene, crew: Crew): Promise<Crashed> {
  const random = seededRandom(play.seed).fork('crashes');
  const counts: Crashed = { crashes: 0, recoveries: [], workersLost: 0 };
  let workers: CrewMember[] = [];
  let crashedAt: number | undefined;
  while (counts.crashes < play.crashes) {
    const living = workers.filter((worker) => worker.alive);
    // A worker that a crash takes along would be started again by whatever runs it; it is counted.
    counts.workersLost += workers.length - living.length;
    workers = living;
    while (workers.length < WORKERS) workers.push(await crew.join());
    const moment = await Promise.race(workers.map((worker) => worker.next('claim')));
    if (moment === 'gone') continue;
    if (moment === 'idle') break;
    if (crashedAt !== undefined) counts.recoveries.push((performance.now() - crashedAt) / 1000);
    await wait(3 + 297 * random.next());
    crashedAt = performance.now();
    await play.server.crash();
    counts.crashes++;
    await until(() => play.server.answers(), 'PostgreSQL does not come back', 50);
    const { broken } = play;
    // Some are in doubt by now, or soon.
    if (broken) {
      await until(async () => (await countOpen(scene, ['in_doubt'])) > 0, 'nothing is in doubt');
      await scene.engine.database.inStore(scene.storeId, (tx) => broken(tx));
    }
  }
  return counts;
}
