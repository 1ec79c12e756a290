/**
 * Stage `score`: customer_totals, and what past mails did → models, score_runs, scores and mail_scores of a new version, product_pairs,
 * stores.score_version. Due when the data or the
 * store's day changed since the last run. Reads by COPY and writes by COPY, a piece at a time, the mathematics between on a
 * thread of its own where the store is large. All of a version becomes visible at once, or nothing of it.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import { refreshStatistics } from '../database/statistics.ts';
import type { Engine, StageReport } from '../engine.ts';
import { NEEDED_DAYS, type Choice, type ChooseInput } from './choose.ts';
import { localDay } from './days.ts';
import {
  keepPairs,
  learnFromPast,
  lessonRecords,
  pruneMailScores,
  writeMailScores,
  writeWinBackScores,
} from './mails/index.ts';
import type { ScoringPlan } from './score-people.ts';
import { splitOf } from './split.ts';
import * as scores from './scores.store.ts';
import { openThread, type MathsThread } from './thread.ts';

/** Fits rest on at most so many customers: more would sharpen parameters that are sharp already. */
const FIT_SAMPLE = 100_000;
const SPLIT_SAMPLE = 30_000;
/** From here on the mathematics leaves the event loop. */
const OWN_THREAD = 5000;
/** The newer part of the history that candidates are judged on. */
const SPLIT_SHARE = 0.25;
const SPLIT_DAYS = { least: 28, most: 180 };

export async function score(engine: Engine, storeId: string): Promise<StageReport> {
  const now = engine.clock.now();
  const { store, before } = await engine.database.inStore(storeId, async (tx) => ({
    store: await loadStore(tx),
    before: await scores.lastRun(tx),
  }));
  const today = localDay(now, store.timeZone);
  if (before?.dataVersion === store.dataVersion && localDay(before.asOf, store.timeZone) === today)
    return { version: before.version, customers: 0, fresh: true };
  const totals = await engine.database.inStore(storeId, (tx) => scores.storeTotals(tx, store.timeZone));
  if (totals.customers === 0) return { version: store.scoreVersion, customers: 0, fresh: true };
  const thread = openThread({ own: totals.customers >= OWN_THREAD });
  try {
    const choice = await thread.choose(await readInput(engine, store, { today, totals }));
    const plan: ScoringPlan = {
      method: choice.method,
      model: choice.fit?.vector,
      spend: choice.spend?.vector,
      chart: choice.chart?.vector,
      returns: choice.returns,
      storeMean: totals.purchaseDays > 0 ? Math.max(0, totals.revenue / totals.purchaseDays) : 0,
      repeaters: choice.repeaters,
      today,
    };
    const written = await inTurn(() =>
      writeVersion(engine, store, { now, choice, plan, thread, customers: totals.customers }),
    );
    await engine.database.inStore(storeId, (tx) => refreshStatistics(tx, written.customers, ['scores']));
    return { ...written, method: choice.method, reason: choice.reason ?? '', fresh: false };
  } finally {
    await thread.close();
  }
}

async function readInput(
  engine: Engine,
  store: Store,
  { today, totals }: { today: number; totals: scores.StoreTotals },
): Promise<ChooseInput> {
  const historyDays = today - totals.firstDay;
  return engine.database.inStore(store.id, async (tx) => {
    const zone = store.timeZone;
    const sample = await scores.readSample(tx, { zone, today, limit: FIT_SAMPLE });
    const length = Math.round(Math.min(SPLIT_DAYS.most, Math.max(SPLIT_DAYS.least, historyDays * SPLIT_SHARE)));
    const rows =
      historyDays < NEEDED_DAYS
        ? undefined
        : await scores.readSplit(tx, {
            zone,
            today,
            splitDay: today - length,
            lastId: sample.lastId,
            limit: SPLIT_SAMPLE,
          });
    return {
      histories: sample.histories,
      means: sample.means,
      split: rows && splitOf(rows, today - length, today),
      historyDays,
    };
  });
}

let last: Promise<unknown> = Promise.resolve();

/**
 * One writing at a time in a process. Each holds one connection while it asks for a second: as many at once as the pool has
 * connections would wait for each other for ever.
 */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}

interface Writing {
  now: Date;
  choice: Choice;
  plan: ScoringPlan;
  thread: MathsThread;
  customers: number;
}

/** One connection reads, one writes, the thread computes: three at work at once. */
async function writeVersion(
  engine: Engine,
  store: Store,
  writing: Writing,
): Promise<{ version: number; customers: number; mailed: number; notEnoughData: number; pruned: number }> {
  const when = { now: writing.now, zone: store.timeZone };
  const past = await engine.database.inStore(store.id, (tx) => learnFromPast(tx, writing.thread, when));
  const scoreLines = await writing.thread.start(writing.plan);
  return engine.database.inStore(store.id, (writer) =>
    engine.database.inStore(store.id, async (reader) => {
      await scores.holdScoring(writer);
      const version = ((await scores.lastRun(writer))?.version ?? 0) + 1;
      const mailed = past.mailed ? await writeMailScores(writer, writing.thread, { ...when, version }) : 0;
      await scores.openScores(writer);
      let customers = 0;
      let notEnoughData = 0;
      engine.progress?.({ stage: 'score', done: 0, total: writing.customers });
      for await (const chunk of ahead(scores.streamTotals(reader, store.timeZone), scoreLines)) {
        await scores.writeScores(writer, chunk.bytes, { version, hours: mailed > 0 });
        customers += chunk.rows;
        notEnoughData += chunk.notEnough;
        engine.progress?.({ stage: 'score', done: customers, total: writing.customers });
      }
      await writeWinBackScores(writer, past.taught, version);
      await keepPairs(writer, past.taught, writing.now);
      const lessons = past.mailed ? lessonRecords(past.taught) : [];
      const run = { version, asOf: writing.now, choice: writing.choice, lessons };
      const ids = await scores.recordModels(writer, run);
      await scores.publish(writer, { ...run, ...ids, customers, dataVersion: store.dataVersion });
      const pruned = await scores.pruneScores(writer, version);
      if (pruned > 0) await pruneMailScores(writer, version);
      return { version, customers, mailed, notEnoughData, pruned };
    }),
  );
}

/** Maps in order with the next piece already under way while this one is used. */
async function* ahead<In, Out>(source: AsyncIterable<In>, work: (piece: In) => Promise<Out>): AsyncGenerator<Out> {
  let pending: Promise<Out> | undefined;
  try {
    for await (const piece of source) {
      const next = work(piece);
      const done = pending;
      pending = next;
      if (done) yield await done;
    }
    if (pending) yield await pending;
    pending = undefined;
  } finally {
    // Left early by an error elsewhere: what is still under way has nobody to tell.
    pending?.catch(() => undefined);
  }
}
