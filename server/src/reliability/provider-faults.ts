/**
 * A provider on its bad days: of its answers 5 to 20 in 100 are too many requests, errors before and after it took the
 * mails, broken connections, half answers, late ones. Three deliveries at a time send to it, by the product's own SendGrid
 * client over HTTP; the clock goes on from what is due to what is due next.
 */
import { seededRandom, STAGES, type Database, type Random } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import type { Fault, Faults } from '@rekindle/connector-sendgrid/fake';
import type { Audit } from './audit.ts';
import { recordFirst, sendAgain, type Break } from './ledger.store.ts';
import type { Report } from './report.ts';
import { openScene, type Scene } from './scene.ts';
import { count, countOpen } from './settle.ts';

const DELIVERIES = 3;
const KINDS: Fault[] = [
  'too_many',
  'error_before',
  'error_after',
  'reset_before',
  'reset_after',
  'truncated',
  'slow',
  'hang',
];
/** Milliseconds an answer is waited for: a late one comes in time, one that never comes costs little. */
const TIMEOUT_MS = 800;
/** The product's own beat: what was told "later" is tried again no sooner. */
const BEAT_MS = 5000;
const HOUR = 3_600_000;
const ROUNDS = 5000;
/** Messages are one trial each; requests are what meets a fault. */
const REQUESTS_A_SHARE = 40;

export async function providerFaults(given: { database: Database; trials: number; seed: number }): Promise<Report> {
  const { seed } = given;
  const fair = await playFaults({ ...given, seed: `provider-faults ${String(seed)}` });
  const control = { ...given, trials: Math.min(given.trials, 400) };
  const again = await playFaults({
    ...control,
    seed: `provider-faults sends again ${String(seed)}`,
    broken: sendAgain,
  });
  const first = await playFaults({
    ...control,
    seed: `provider-faults records first ${String(seed)}`,
    broken: recordFirst,
  });
  const { audit } = fair;
  return {
    name: 'provider-faults',
    seed,
    trials: audit.messages,
    messages: audit.messages,
    lost: audit.lost,
    duplicated: audit.duplicated,
    inDoubt: audit.inDoubt,
    leaked: 0,
    recoveryP99Seconds: null,
    positiveControlCaught: again.audit.duplicated > 0 && first.audit.lost > 0,
    more: {
      requests: fair.requests,
      requestsNotTaken: fair.notTaken,
      // A storm would be many: each delivery stops at the first one, until the next beat.
      mostRefusalsABeat: fair.mostRefused,
      resolvedByWord: audit.inDoubt - audit.givenUp,
      givenUp: audit.givenUp,
      unrecorded: audit.unrecorded,
      controlDuplicated: again.audit.duplicated,
      controlLost: first.audit.lost,
    },
  };
}

interface Played {
  audit: Audit;
  requests: number;
  /** Requests that the provider did not take, whatever it answered */
  notTaken: number;
  /** Most answers of "too many requests" at one instant of the clock */
  mostRefused: number;
}

async function playFaults(play: { database: Database; trials: number; seed: string; broken?: Break }): Promise<Played> {
  const random = seededRandom(play.seed);
  const clock = fakeClock('2026-03-02T00:00:00Z');
  // The size of a request decides how many meet a fault.
  const batch = Math.max(2, Math.min(10, Math.floor(play.trials / REQUESTS_A_SHARE)));
  const scene = await openScene({ ...play, messages: play.trials, clock, batch, timeoutMs: TIMEOUT_MS });
  let mostRefused = 0;
  try {
    for (let round = 0; (await countOpen(scene)) > 0; round++) {
      if (round === ROUNDS) throw new Error('the campaign does not come to an end');
      // A worse share for a broken variant: it is to be caught by few messages.
      scene.provider.setFaults(drawFaults(random, play.broken ? 0.4 : 0.05 + 0.15 * random.next()));
      mostRefused = Math.max(mostRefused, await deliverAtOnce(scene));
      const { broken } = play;
      // Word comes in later than whoever breaks the rule would wait for.
      if (broken) await scene.engine.database.inStore(scene.storeId, (tx) => broken(tx));
      if (!broken || round > 20) await scene.tellAll();
      clock.advance((await isQuiet(scene)) ? HOUR : BEAT_MS);
    }
    const audit = await count(scene);
    const { total, taken } = scene.provider.requests;
    return { audit, requests: total, notTaken: total - taken, mostRefused };
  } finally {
    await scene.close();
  }
}

/** Gives how many of them the provider told to come later. */
async function deliverAtOnce(scene: Scene): Promise<number> {
  const reports = await Promise.all(
    Array.from({ length: DELIVERIES }, () => STAGES.delivery(scene.engine, scene.storeId)),
  );
  return reports.filter((report) => report['blocked'] === true).length;
}

/** Nothing is to be sent; what is in doubt waits for word or for its time to be over. */
async function isQuiet(scene: Scene): Promise<boolean> {
  return (await countOpen(scene, ['scheduled', 'claimed'])) === 0;
}

/** Splits a share of faults among the kinds at random. A connection that hangs costs most time, and gets least. */
function drawFaults(random: Random, share: number): Faults {
  const weights = KINDS.map((kind) => random.next() * (kind === 'hang' || kind === 'slow' ? 0.2 : 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  return Object.fromEntries(KINDS.map((kind, i) => [kind, ((weights[i] ?? 0) / sum) * share]));
}
