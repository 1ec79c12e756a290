/**
 * A journey's effect, by the engine that judges campaigns. What differs is when people come: each has days of her own, so what
 * grows from look to look is the sum of all shares of windows watched so far, from new people and from old ones.
 *
 * Why the sequence holds: each entry is drawn by itself (nothing that happened before changes anybody's chance to be held back),
 * so the difference of the arms is a sum of terms that are independent between entries; within one entry it grows as a
 * campaign's does (estimate.ts). Its variance so far is proportional to the windows watched where buyers are memoryless, and two
 * looks are correlated at least as a random walk in that clock. The clock must only run forward, which it does, and the size at
 * which the sequence is tightest must not be learnt on the way: it is fixed when the journey is switched on
 * (core/journeys/switch-on.ts), as is the most that one person may count. A person who comes in again is drawn again.
 */
import type { Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { judge, type Effect } from './effect.ts';
import { countEnrolled, sumEnrolled, watchedSoFar, type MeasuredRun } from './enrolments.store.ts';
import { attributeOrders, joinAsSets } from './outcomes.store.ts';

/** One look at a run: its outcomes counted, its effects judged; none before anybody was watched. */
export async function lookAtRun(
  tx: StoreTransaction,
  run: MeasuredRun,
  { currency, dataVersion }: Pick<Store, 'currency' | 'dataVersion'>,
  now: Date,
): Promise<{ outcomes: number; effects: Effect[] }> {
  const asOf = run.measureUntil !== null && run.measureUntil < now ? run.measureUntil : now;
  const outcomes = await countEnrolled(tx, run, currency, asOf);
  const { watched, open } = await watchedSoFar(tx, run, asOf);
  // In the instant in which the first come in nothing has been watched, and nothing can be said.
  if (watched <= 0) return { outcomes, effects: [] };
  await joinAsSets(tx);
  const attributed = await attributeOrders(tx, { campaignId: run.id, from: run.switchedOnAt, until: asOf, currency });
  const effects = judge({
    campaignId: run.id,
    currency,
    holdoutShare: run.holdoutShare,
    from: run.switchedOnAt,
    until: run.measureUntil,
    now,
    cap: run.cap,
    ...(await sumEnrolled(tx, run, asOf)),
    attributed,
    dataVersion,
    standing: { watched, perDay: open / run.measureDays, expected: run.expected },
  });
  return { outcomes, effects };
}
