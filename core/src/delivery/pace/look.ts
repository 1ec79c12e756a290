/**
 * Looks how a store's mails are received and what its day still allows, a minute after the last look at the earliest: slows it
 * down, stops it, and moves what the day has no room for to the next one.
 */
import type { Store } from '../../accounts/index.ts';
import type { StoreTransaction } from '../../database/connect.ts';
import type { Engine } from '../../engine.ts';
import { dailyAllowance } from './allowance.ts';
import { HEALTH_DAYS, judgeHealth, type Health } from './health.ts';
import { lookAtMailboxes } from './mailboxes.ts';
import {
  moveToNextDay,
  saveHealth,
  sendingState,
  troublesSince,
  waitingBefore,
  type SendingState,
} from './pace.store.ts';

const AGAIN_MS = 60_000;
const DAY = 86_400_000;

/** Mails moved to the next day. */
export async function lookAtSending(engine: Engine, tx: StoreTransaction, store: Store): Promise<number> {
  const now = engine.clock.now();
  const seen = await sendingState(tx, { hold: false });
  const lookedAt = seen.lookedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  const health = now.getTime() - lookedAt < AGAIN_MS ? seen.health : await lookAtHealth(engine, tx, now);
  const daily = health.state === 'stopped' ? null : await dailyAllowance(tx, store, health, now);
  if (!daily) return 0;
  const places = Math.max(0, daily.allowed - daily.sent);
  if ((await waitingBefore(tx, daily.until, places + 1)) <= places) return 0;
  return moveToNextDay(tx, { until: daily.until, places, timeZone: store.timeZone });
}

async function lookAtHealth(engine: Engine, tx: StoreTransaction, now: Date): Promise<Health> {
  await lookAtMailboxes(tx, now);
  const held = await sendingState(tx, { hold: true });
  const health = judgeHealth(await troublesSince(tx, healthFrom(held, now), now), held.health);
  await saveHealth(tx, health, now);
  if (health.state !== held.health.state) say(engine, tx.storeId, health);
  return health;
}

/** Seven days, or less where somebody let the store go on since. */
export function healthFrom({ countedFrom }: SendingState, now: Date): Date {
  return new Date(Math.max(now.getTime() - HEALTH_DAYS * DAY, countedFrom?.getTime() ?? 0));
}

function say({ log, meter }: Engine, storeId: string, { state, reason }: Health): void {
  meter?.count('sending_states', { state, cause: reason?.cause ?? 'none' });
  if (state === 'stopped') log.error({ storeId, ...reason }, 'a store may send no more until a person lets it go on');
  else if (state === 'slowed') log.warn({ storeId, ...reason }, 'a store sends at a quarter of its pace');
  else log.info({ storeId }, 'a store sends as before');
}
