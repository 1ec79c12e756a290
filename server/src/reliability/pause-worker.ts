/**
 * SIGSTOP of a worker in the middle of sending, past the end of its lease, and SIGCONT: what SIGKILL does not cover, for this
 * one wakes up and goes on where it was. Another worker is awake all the while. The clock of the trial runs twenty times as
 * fast as the machine's, so that a lease is over in a quarter of a second; the provider answers slowly now and then.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom, type Database } from '@rekindle/core';
import type { Faults } from '@rekindle/connector-sendgrid/fake';
import type { Audit } from './audit.ts';
import { trialClock } from './clock.ts';
import { openCrew, type Crew } from './crew.ts';
import { openClaims, sendAgain, type Break } from './ledger.store.ts';
import { percentile, rounded, type Report } from './report.ts';
import { openScene, type Scene } from './scene.ts';
import { settleAll } from './settle.ts';

const BATCH = 10;
const SPEED = 20;
/** Machine's milliseconds that a lease surely lasts no longer than, with the time for somebody to notice */
const PAST_LEASE = 1200;
const MESSAGES_A_PAUSE = 150;
const CONTROL_PAUSES = 8;
/** A slow answer takes 300 ms. */
const FAULTS: Faults = { slow: 0.7 };

export async function pauseWorker(given: { database: Database; trials: number; seed: number }): Promise<Report> {
  const { database, trials, seed } = given;
  const fair = await playPauses({ database, seed: `pause-worker ${String(seed)}`, pauses: trials, faults: FAULTS });
  const again = await playPauses({
    database,
    seed: `pause-worker sends again ${String(seed)}`,
    pauses: CONTROL_PAUSES,
    faults: { slow: 1 },
    broken: sendAgain,
  });
  const { audit } = fair;
  return {
    name: 'pause-worker',
    seed,
    trials: fair.hits,
    messages: audit.messages,
    lost: audit.lost,
    duplicated: audit.duplicated,
    inDoubt: fair.inDoubt,
    leaked: 0,
    recoveryP99Seconds: rounded(percentile(fair.recoveries, 0.99)),
    positiveControlCaught: again.audit.duplicated > 0,
    more: {
      pauses: fair.pauses,
      // The others had just finished, or held the rows themselves: nobody could take them up, and nobody had to.
      wokeInDoubt: fair.recoveries.length,
      givenUp: audit.givenUp,
      unrecorded: audit.unrecorded,
      clockSpeed: SPEED,
      controlDuplicated: again.audit.duplicated,
    },
  };
}

interface Play {
  database: Database;
  seed: string;
  /** Pauses that find a claim open */
  pauses: number;
  faults: Faults;
  broken?: Break;
}

interface Counts {
  pauses: number;
  hits: number;
  /** Messages that the other one had put in doubt when the stopped one woke up */
  inDoubt: number;
  /** Seconds, by the clock of the trial, from a stop until what the stopped one held is claimed no more */
  recoveries: number[];
}

async function playPauses(play: Play): Promise<Counts & { audit: Audit }> {
  const clock = trialClock({ speed: SPEED });
  const messages = Math.max(play.pauses, 5) * MESSAGES_A_PAUSE;
  const scene = await openScene({ ...play, messages, clock, batch: BATCH, wordAfter: play.broken ? 'never' : 300 });
  const crew = openCrew({
    settings: {
      databaseUrl: play.database.url,
      storeId: scene.storeId,
      clock: clock.settings,
      provider: { url: scene.provider.url, apiKey: scene.provider.apiKey },
      timeoutMs: 5000,
      batch: BATCH,
      beatMs: 50,
      dawdleMs: 0,
    },
  });
  try {
    const counts = await pauseAll(play, scene, crew);
    scene.provider.setFaults({});
    const audit = await settleAll(scene, (shift) => {
      clock.put(shift);
      crew.put(shift);
    });
    return { ...counts, audit };
  } finally {
    await crew.close();
    await scene.close();
  }
}

async function pauseAll(play: Play, scene: Scene, crew: Crew): Promise<Counts> {
  const random = seededRandom(play.seed).fork('pauses');
  const counts: Counts = { pauses: 0, hits: 0, inDoubt: 0, recoveries: [] };
  const twins = [await crew.join(), await crew.join({ last: true })] as const;
  const isCaught = (): boolean =>
    play.broken !== undefined && [...scene.provider.accepted.values()].some((times) => times > 1);
  while (counts.hits < play.pauses && !isCaught()) {
    const sleeper = twins[counts.pauses % 2 === 0 ? 0 : 1];
    // One in three between the claim and the request, the others while an answer is waited for.
    const from = counts.pauses % 3 === 0 ? 'claim' : 'request';
    const moment = await sleeper.next(from);
    if (moment === 'idle' || moment === 'gone') break;
    await wait((from === 'claim' ? 20 : 250) * random.next());
    sleeper.pause();
    counts.pauses++;
    const stoppedAt = performance.now();
    let inDoubt = 0;
    const look = () =>
      scene.engine.database.inStore(scene.storeId, async (tx) => {
        const open = await openClaims(tx, [...sleeper.batchIds]);
        const doubted = await openClaims(tx, [...sleeper.batchIds], 'in_doubt');
        inDoubt = sum(doubted.values());
        // What another queue would do as soon as the lease is over.
        if (open.size === 0) await play.broken?.(tx);
        return open.size;
      });
    const held = (await look()) > 0;
    if (held) {
      counts.hits++;
      let open = 1;
      while (open > 0 && performance.now() - stoppedAt < PAST_LEASE) {
        await wait(25);
        open = await look();
      }
      if (inDoubt > 0) counts.recoveries.push(((performance.now() - stoppedAt) * SPEED) / 1000);
      counts.inDoubt += inDoubt;
      // Time for the other one to take up what it may.
      await wait(play.broken ? 400 : 50);
    }
    sleeper.resume();
  }
  return counts;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
