/**
 * A store with a million mails among stores with a hundred each: the product's own workers and queue, one at a time, which is
 * the narrowest there is. The small stores' mails fall due at one moment; how long each waits until the provider takes it, alone
 * and beside the large store that is sending already, is read at the provider. The control is a worker that knows no turns.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { STAGES, wallClock, type Database, type Engine } from '@rekindle/core';
import { JOBS, openQueue, prepareQueue, startWorkers } from '@rekindle/core/jobs';
import { buildCampaign, buildStore, fakeClock } from '@rekindle/core/testing';
import { startSendGridFake, type SendGridFake } from '@rekindle/connector-sendgrid/fake';
import { freeSending, makeDue } from './fairness.store.ts';
import { readWaiting } from './ledger.store.ts';
import { withOwnServer } from './own-server.ts';
import { percentile, rounded, type Report } from './report.ts';
import { buildEngine, mailThrough } from './scene.ts';
import { until } from './settle.ts';

const DAY = 86_400_000;
const BEAT_MS = 250;
/** Milliseconds that workers have to start before the mails of stores that are alone fall due. */
const HEAD_START_MS = 1500;
/** As the promise has it: 99 others with 100 mails each, and a turn as the product's. */
const WHOLE = { others: 99, mails: 100, batch: 1000, turn: undefined, control: 50_000 };
/** For a large store that is none: everything a tenth of that. */
const SHORT = { others: 10, mails: 20, batch: 100, turn: 200, control: 4000 };

type Size = Omit<typeof WHOLE, 'turn'> & { turn: number | undefined };

export async function fairness({ trials, seed }: { trials: number; seed: number }): Promise<Report> {
  const size: Size = trials < 50_000 ? SHORT : WHOLE;
  return withOwnServer(async ({ database, ownerUrl }) => {
    await prepareQueue(ownerUrl);
    const play = { database, seed, size };
    // Before and after: a machine that others use is not the same from one minute to the next.
    const before = await playTurns({ ...play, name: 'alone', large: 0, turn: size.turn });
    const beside = await playTurns({ ...play, name: 'beside', large: trials, turn: size.turn });
    const after = await playTurns({ ...play, name: 'alone again', large: 0, turn: size.turn });
    const control = await playTurns({
      ...play,
      name: 'control',
      large: Math.min(trials, size.control),
      turn: Number.POSITIVE_INFINITY,
    });
    const alone = (before.p95 + after.p95) / 2;
    const ratio = beside.p95 / alone;
    return {
      name: 'fairness',
      seed,
      trials,
      messages: beside.messages,
      lost: beside.lost,
      duplicated: beside.duplicated,
      inDoubt: 0,
      leaked: 0,
      recoveryP99Seconds: null,
      // Counted in mails, which no busy machine changes: without turns all that the large one has goes first.
      positiveControlCaught:
        control.ahead > 0.9 * Math.min(trials, size.control) - 2 * size.batch && control.ahead > 2 * beside.ahead,
      kept: ratio <= 2,
      more: {
        otherStores: size.others,
        p95AloneSeconds: rounded(alone) ?? 0,
        p95BesideSeconds: rounded(beside.p95) ?? 0,
        ratio: rounded(ratio) ?? 0,
        // Of the large store, between the moment at which the others' mails fell due and the last of theirs.
        aheadOfOthers: beside.ahead,
        unrecorded: 0,
        controlP95Seconds: rounded(control.p95) ?? 0,
        controlAhead: control.ahead,
      },
    };
  });
}

interface Play {
  database: Database;
  seed: number;
  size: Size;
  name: string;
  /** Mails of the large store; 0: there is none */
  large: number;
  turn: number | undefined;
}

interface Played {
  /** Seconds between due and taken that 95 of 100 mails of the small stores do not exceed */
  p95: number;
  /** Mails of the large store that were taken in between */
  ahead: number;
  messages: number;
  lost: number;
  duplicated: number;
}

async function playTurns(play: Play): Promise<Played> {
  const { database, size, name, seed } = play;
  const delays: number[] = [];
  const small = new Set<string>();
  let dueAt = Number.POSITIVE_INFINITY;
  let ahead = 0;
  const provider = await startSendGridFake({
    seed: `fairness ${name} ${String(seed)}`,
    keep: 0,
    specification: false,
    onAccepted: (ids, at) => {
      for (const id of ids)
        if (small.has(id)) delays.push((at.getTime() - dueAt) / 1000);
        else if (at.getTime() >= dueAt && delays.length < small.size) ahead++;
    },
  });
  const email = mailThrough(provider, { batch: size.batch });
  let first: (() => Promise<void>) | undefined;
  // The others' mails fall due when the large store has had its first answer and waits for it, however fast the machine is.
  const engine = buildEngine(database, wallClock, {
    ...email,
    send: async (batch) => {
      const result = await email.send(batch);
      const fallDue = first;
      first = undefined;
      await fallDue?.();
      return result;
    },
  });
  try {
    const others: string[] = [];
    for (let other = 0; other < size.others; other++)
      others.push(await planStore(engine, `${name} ${String(other)} ${String(seed)}`, size.mails));
    const large = play.large > 0 ? await planStore(engine, `${name} large ${String(seed)}`, play.large) : undefined;
    if (large !== undefined)
      await database.inStore(large, (tx) => makeDue(tx, new Date(wallClock.now().getTime() - 1000)));
    for (const storeId of others)
      for (const { messageId } of await database.inStore(storeId, readWaiting)) small.add(messageId);
    async function fallDue(at: number): Promise<void> {
      for (const storeId of others) await database.inStore(storeId, (tx) => makeDue(tx, new Date(at)));
      dueAt = at;
    }
    if (large === undefined) await fallDue(wallClock.now().getTime() + HEAD_START_MS);
    else first = () => fallDue(wallClock.now().getTime());
    await work(engine, play.turn, () => delays.length >= small.size);
    return { p95: percentile(delays, 0.95) ?? 0, ahead, ...count(provider, small) };
  } finally {
    await provider.close();
  }
}

/** A store with one campaign whose mails are planned, not due yet. */
async function planStore(engine: Engine, name: string, people: number): Promise<string> {
  const plannedAt = new Date(engine.clock.now().getTime() - 3 * DAY);
  const storeId = await buildStore(engine.database, { name: `Fairness ${name}`, createdAt: plannedAt });
  await engine.database.inStore(storeId, freeSending);
  await buildCampaign(engine.database, storeId, {
    people,
    plannedAt,
    sendFrom: new Date(plannedAt.getTime() + 10 * DAY),
    sendUntil: new Date(plannedAt.getTime() + 20 * DAY),
    measureUntil: new Date(plannedAt.getTime() + 100 * DAY),
  });
  await STAGES.scheduling({ ...engine, clock: fakeClock(plannedAt) }, storeId);
  return storeId;
}

/** One worker that does one thing at a time, until the small stores' mails are out. */
async function work(engine: Engine, turn: number | undefined, done: () => boolean): Promise<void> {
  const queue = openQueue({ databaseUrl: engine.database.url, jobs: JOBS, onError: () => undefined });
  // Delivery alone: what else is due in stores without a history is not what this is about.
  const jobs = JOBS.filter(({ name }) => name === 'delivery');
  const workers = startWorkers(engine, queue, {
    jobs,
    beatMs: BEAT_MS,
    concurrency: 1,
    ...(turn === undefined ? {} : { turn }),
  });
  try {
    await until(() => Promise.resolve(done()), 'the small stores’ mails do not go', 20);
  } finally {
    await workers.stop();
    // What is under way at the provider is taken before it is counted.
    await wait(200);
    await queue.close();
  }
}

function count(provider: SendGridFake, small: ReadonlySet<string>): Pick<Played, 'messages' | 'lost' | 'duplicated'> {
  return {
    messages: provider.accepted.size,
    lost: [...small].filter((id) => !provider.accepted.has(id)).length,
    duplicated: [...provider.accepted.values()].filter((times) => times > 1).length,
  };
}
