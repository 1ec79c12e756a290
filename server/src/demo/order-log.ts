/**
 * Runs the cycle on a real order log: history up to a date decides, what the same customers really did afterwards is the
 * outcome. Nobody was mailed in the log, so the true effect is zero: an honest interval covers it (an A/A test).
 */
import { fail, type Config, type Database, type Progress } from '@rekindle/core';
import { describeOrderLog } from '@rekindle/connector-csv';
import { fakeClock } from '@rekindle/core/testing';
import { hasOrders, readDecided } from './demo.store.ts';
import { readFigures, type Figures } from './figures.ts';
import { openLogStore, type OrderLog } from './open-store.ts';
import { lastOrderAt } from './log-span.ts';
import { openSurroundings } from './surroundings.ts';
import { liveThrough } from './timeline.ts';
import { timeStages } from './timings.ts';

const DAY = 86_400_000;
const USUAL_DAYS = 60;

export interface LogRun {
  database: Database;
  config: Config;
  seed: string;
  log: OrderLog;
  /** When history decides. Default: 60 days before the log's last order. */
  asOf?: Date | undefined;
  /** Days after it whose orders count. Default: to the end of the log, a year at most */
  measureDays?: number | undefined;
  progress?: Progress | undefined;
}

export interface LogResult {
  figures: Figures;
  seconds: Record<string, number>;
}

export async function runOrderLog(run: LogRun): Promise<LogResult> {
  const facts = await describeOrderLog(run.log.file, readingOf(run.log));
  const span = await spanOf(run);
  const { asOf, measureDays } = span;
  const until = new Date(asOf.getTime() + measureDays * DAY + 3_600_000);
  const clock = fakeClock(asOf);
  const delivered: { messageId: string; at: Date }[] = [];
  const around = await openSurroundings({
    ...run,
    clock,
    onAccepted: (ids, at) => {
      delivered.push(...ids.map((messageId) => ({ messageId, at })));
    },
  });
  try {
    const { engine } = around;
    const storeId = await openLogStore(run.database, run.log, {
      seed: run.seed,
      at: asOf,
      facts: { currency: facts.currency, country: facts.country ?? 'GB', timeZone: facts.timeZone },
      measureDays,
    });
    around.listenFor(storeId);
    const timings = timeStages(engine, storeId);
    let decided = { lapsing: 0, valueAtRisk: 0 };
    const campaigns = await liveThrough({
      engine,
      clock,
      storeId,
      asOf,
      until,
      looks: 0,
      timings,
      react: async (now) => {
        clock.set(now);
        const mails = delivered.splice(0);
        if (mails.length > 0) await around.mails.emit(mails.map((mail) => ({ ...mail, kind: 'delivered' })));
      },
      onDecided: async () => {
        decided = await engine.database.inStore(storeId, readDecided);
        if (!(await engine.database.inStore(storeId, hasOrders)))
          throw fail(
            'bad_file',
            `The log has no order up to ${asOf.toISOString().slice(0, 10)}; choose a later --as-of.`,
          );
      },
    });
    const figures = await readFigures(engine, storeId, { campaigns, decided, currency: facts.currency, asOf, until });
    return { figures, seconds: timings.seconds() };
  } finally {
    await around.close();
  }
}

async function spanOf(run: LogRun): Promise<{ asOf: Date; measureDays: number }> {
  const last = await lastOrderAt(run.log.file, readingOf(run.log));
  const asOf = run.asOf ?? new Date(last.getTime() - USUAL_DAYS * DAY);
  if (asOf >= last)
    throw fail('bad_request', `The log ends on ${last.toISOString().slice(0, 10)}; choose an earlier --as-of.`);
  const toEnd = Math.ceil((last.getTime() - asOf.getTime()) / DAY);
  return { asOf, measureDays: run.measureDays ?? Math.min(365, Math.max(7, toEnd)) };
}

function readingOf(log: OrderLog): { format?: never; columns?: Record<string, string> } {
  return {
    ...(log.format === undefined ? {} : { format: log.format as never }),
    ...(log.columns ? { columns: log.columns } : {}),
  };
}
